#include <algorithm>
#include <filesystem>

#include "bench/compare/compare.h"
#include "bench/stats/paired.h"
#include "support/json_fields.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr double kNoiseConfidence = 0.95;

/// "-" for what does not apply: a backend without BLAS has no core of it.
template <typename V>
std::string as_text(const V& value) {
  const nlohmann::ordered_json json = json_of(value);
  if (says_nothing(value, json)) return "-";
  return json.is_string() ? json.get<std::string>() : json.dump();
}

void find_noise(ReportCase& row) {
  const auto& [first, second] = row.part_seconds;
  row.noise_floor =
      first.empty() ? std::numeric_limits<double>::infinity() : noise_floor(first, second, kNoiseConfidence);
}

std::vector<std::string> json_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (files.empty()) throw UserError(printable_path(folder) + ": has no *.json file");
  std::sort(files.begin(), files.end());
  return files;
}

void append(const ReportCase& part, ReportCase& whole) {
  if (whole.unavailable.empty()) whole.unavailable = part.unavailable;
  if (whole.wrong.empty()) whole.wrong = part.wrong;
  if (!part.epoch_seconds.empty()) whole.epoch_seconds.push_back(median(part.epoch_seconds));
  for (std::size_t i = 0; i < 2; ++i) {
    const std::vector<double>& seconds = part.part_seconds[i];
    whole.part_seconds[i].insert(whole.part_seconds[i].end(), seconds.begin(), seconds.end());
  }
  find_noise(whole);
}

}  // namespace

std::map<std::string, const ReportCase*> ResultsFile::by_name() const {
  std::map<std::string, const ReportCase*> all;
  for (const ReportCase& row : cases) all.emplace(row.name, &row);
  return all;
}

Identity identity_of(const ReportCase& row) {
  Identity identity;
  if (!row.recorded) return identity;
  const RecordFacts& record = *row.recorded;
  RecordFacts::fields(
      record, [&identity](const char*, const auto& value, const char*, Presence presence = Presence::nullable,
                          const char* what = nullptr) {
        if (what == nullptr) return;
        std::string text = as_text(value);
        if (presence == Presence::added && text == "-") text = kNotStated;
        identity.emplace_back(what, std::move(text));
      });
  const std::optional<EnsembleFacts>& ensemble = record.ensemble;
  identity.emplace_back("members", ensemble ? std::to_string(ensemble->members.size()) : "-");
  identity.emplace_back("flags", record.build ? as_text(record.build->backend_flags) : "-");
  return identity;
}

ResultsFile results_of(const Document& document) {
  const MachineFacts& machine = document.machine;
  const BuildFacts& build = document.build;
  ResultsFile results;
  results.path = document.path;
  results.commit = as_text(build.git_commit);
  results.identity = {{"architecture", machine.architecture.empty() ? kNotStated : machine.architecture},
                      {"processor", as_text(machine.cpu)},
                      {"cores", as_text(machine.cores_allowed)},
                      {"compiler", as_text(build.compiler)},
                      {"build type", as_text(build.build_type)}};
  results.cases = document.cases;
  for (ReportCase& row : results.cases) find_noise(row);
  return results;
}

std::vector<Difference> differences(const Identity& one, const Identity& other) {
  std::vector<Difference> found;
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
    if (one[i].second == kNotStated || other[i].second == kNotStated) continue;
    if (one[i] != other[i]) found.push_back({one[i].first, one[i].second, other[i].second});
  }
  return found;
}

std::optional<Difference> first_difference(const Identity& one, const Identity& other) {
  const std::vector<Difference> found = differences(one, other);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

ResultsFile read_results(const std::string& path) {
  const auto read_complete = [](const std::string& file) {
    const Document document = read_document(file);
    if (!document.interrupted()) return results_of(document);
    throw results_error(file, "is of an interrupted run, which `mlpbench run --resume` goes on with");
  };
  if (!std::filesystem::is_directory(path)) return read_complete(path);
  std::vector<ResultsFile> parts;
  for (const std::string& file : json_files(path)) parts.push_back(read_complete(file));
  ResultsFile joined = join_results(std::move(parts));
  joined.path = path;
  return joined;
}

ResultsFile join_results(std::vector<ResultsFile> parts) {
  if (parts.empty()) throw std::invalid_argument("join_results: no parts");
  for (ResultsFile& part : parts) std::ranges::sort(part.cases, {}, &ReportCase::name);
  ResultsFile whole = std::move(parts.front());
  whole.runs = parts.size();
  for (ReportCase& measured : whole.cases) {
    if (!measured.epoch_seconds.empty()) measured.epoch_seconds = {median(measured.epoch_seconds)};
  }
  for (std::size_t p = 1; p < parts.size(); ++p) {
    const ResultsFile& part = parts[p];
    const auto refuse = [&](const std::string& what) {
      return UserError(printable_path(part.path) + ": " + printable(what, 200) + " is not that of " +
                       printable_path(whole.path));
    };
    if (!std::ranges::equal(part.cases, whole.cases, {}, &ReportCase::name, &ReportCase::name)) {
      throw refuse("the list of cases");
    }
    if (part.commit != whole.commit) throw refuse("the commit");
    if (const auto machine = first_difference(whole.identity, part.identity)) throw refuse(machine->what);
    for (std::size_t i = 0; i < part.cases.size(); ++i) {
      const auto own = first_difference(identity_of(whole.cases[i]), identity_of(part.cases[i]));
      if (own) throw refuse(own->what + " of " + part.cases[i].name);
      append(part.cases[i], whole.cases[i]);
    }
  }
  return whole;
}

}  // namespace mlpbench
