#include "bench/results/results_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "bench/results/results_json.h"
#include "bench/stats/paired.h"
#include "support/input_file.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kDeepest = 64;
constexpr double kNoiseConfidence = 0.95;
constexpr double kRounding = 1e-9;

struct TooDeep {};

/// "-" for null: a backend without BLAS has no core of it.
std::string as_text(const json& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string text_or_empty(const json& entry, const char* key) {
  return entry.contains(key) && !entry.at(key).is_null() ? entry.at(key).get<std::string>() : "";
}

std::optional<double> number_or_none(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

/// What only some trainers and experiments have, "-" where the record has none of it.
void add_optional_settings(const json& record, Identity& identity) {
  for (const auto& [key, what] :
       std::initializer_list<std::pair<const char*, const char*>>{{"threads_used", "threads used"},
                                                                  {"force_parallel", "forced parallelism"},
                                                                  {"workers", "workers"},
                                                                  {"local_steps", "local steps"},
                                                                  {"sync_epochs", "synchronous epochs"},
                                                                  {"hogwild_form", "form of hogwild"},
                                                                  {"ensemble_of", "trainer of the ensemble"},
                                                                  {"target_loss", "target loss"},
                                                                  {"target_accuracy", "target accuracy"},
                                                                  {"keep_incomplete_batch", "last batch"},
                                                                  {"loss", "loss"},
                                                                  {"samples", "samples"},
                                                                  {"label_noise", "label noise"}}) {
    identity.emplace_back(what, record.contains(key) ? as_text(record.at(key)) : "-");
  }
  identity.emplace_back("SHA-256 of the data", record.contains("dataset_sha256")
                                                   ? as_text(record.at("dataset_sha256"))
                                                   : kNotStated);
  const bool ensemble = record.contains("ensemble");
  identity.emplace_back("members",
                        ensemble ? std::to_string(record.at("ensemble").at("members").size()) : "-");
}

void read_record(const json& record, MeasuredCase& measured) {
  measured.accuracy = number_or_none(record.at("test_accuracy"));
  measured.mse = number_or_none(record.at("test_mse"));
  measured.test_rows = record.at("dataset").at("test_rows").get<double>();
  measured.float32 = record.at("dtype").get<std::string>() == "float32";
  for (const auto& [key, what] :
       std::initializer_list<std::pair<const char*, const char*>>{{"isa", "instruction set"},
                                                                  {"blas_core", "BLAS core"},
                                                                  {"trainer", "trainer"},
                                                                  {"threads", "threads"},
                                                                  {"layers", "network"},
                                                                  {"activations", "activations"},
                                                                  {"epochs", "epochs"},
                                                                  {"batch_size", "batch size"},
                                                                  {"learning_rate", "learning rate"},
                                                                  {"seed", "seed"},
                                                                  {"split_seed", "split seed"},
                                                                  {"dataset", "data"}}) {
    measured.identity.emplace_back(what, as_text(record.at(key)));
  }
  add_optional_settings(record, measured.identity);
  const json& build = record.at("build");
  measured.identity.emplace_back("flags", as_text(build.at("backend_flags")));
}

[[noreturn]] void refuse_times(const std::string& name) {
  throw std::domain_error("has a time or noise of " + printable(name) + " that cannot be");
}

void require_times(const std::string& name, const std::vector<double>& times) {
  for (const double seconds : times) {
    if (!(seconds > 0.0 && std::isfinite(seconds))) refuse_times(name);
  }
}

void find_noise(MeasuredCase& measured) {
  const auto& [first, second] = measured.part_seconds;
  measured.noise_floor =
      first.empty() ? std::numeric_limits<double>::infinity() : noise_floor(first, second, kNoiseConfidence);
}

/// `mlpbench run` writes a summary beside the times: where the two disagree, somebody has changed one of
/// them.
void require_own_summary(const json& entry, const MeasuredCase& measured) {
  if (measured.epoch_seconds.empty()) return;
  const Summary summary = summarize(measured.epoch_seconds);
  for (const auto& [key, value] : std::initializer_list<std::pair<const char*, double>>{
           {"lowest", summary.lowest}, {"median", summary.median}, {"highest", summary.highest}}) {
    const json::json_pointer pointer(std::string("/seconds/") + key);
    if (!entry.contains(pointer) || !entry.at(pointer).is_number()) continue;
    if (std::abs(entry.at(pointer).get<double>() - value) <= kRounding * value) continue;
    throw std::domain_error("was changed by hand: the times of " + printable(measured.name) +
                            " have another " + key);
  }
}

MeasuredCase read_case(const json& entry) {
  MeasuredCase measured;
  measured.name = entry.at("name").get<std::string>();
  measured.unavailable = text_or_empty(entry, "unavailable");
  if (!measured.unavailable.empty()) return measured;
  measured.wrong = text_or_empty(entry, "wrong");
  measured.epoch_seconds = entry.at("epoch_seconds").get<std::vector<double>>();
  require_times(measured.name, measured.epoch_seconds);
  if (entry.contains("part_seconds")) entry.at("part_seconds").get_to(measured.part_seconds);
  for (const std::vector<double>& part : measured.part_seconds) {
    require_times(measured.name, part);
    if (!part.empty() && part.size() != measured.epoch_seconds.size()) refuse_times(measured.name);
  }
  if (measured.part_seconds[0].size() != measured.part_seconds[1].size()) {
    refuse_times(measured.name);
  }
  require_own_summary(entry, measured);
  find_noise(measured);
  if (measured.wrong.empty()) read_record(entry.at("record"), measured);
  return measured;
}

std::vector<std::string> json_files(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code failure;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (files.empty()) throw UserError(printable(folder, 200) + ": has no *.json file");
  std::sort(files.begin(), files.end());
  return files;
}

/// The first fact of `part` that differs from `whole`, for the message; empty when none does.
std::string difference(const Identity& whole, const Identity& part) {
  const std::optional<std::size_t> i = first_difference(whole, part);
  return i ? whole[*i].first : "";
}

void append(const MeasuredCase& part, MeasuredCase& whole) {
  const auto add = [](const std::vector<double>& from, std::vector<double>& to) {
    to.insert(to.end(), from.begin(), from.end());
  };
  if (whole.unavailable.empty()) whole.unavailable = part.unavailable;
  if (whole.wrong.empty()) whole.wrong = part.wrong;
  if (!part.epoch_seconds.empty()) whole.epoch_seconds.push_back(median(part.epoch_seconds));
  for (std::size_t i = 0; i < 2; ++i) add(part.part_seconds[i], whole.part_seconds[i]);
  find_noise(whole);
}

ResultsFile read_complete(const std::string& path) {
  ResultsFile results = results_of(load_results(path), path);
  if (results.interrupted) {
    throw results_error(path, "is of an interrupted run, which `mlpbench run --resume` goes on with");
  }
  return results;
}

}  // namespace

UserError results_error(const std::string& path, const std::string& what) {
  return UserError(printable(path, 200) + ": " + what);
}

UserError results_error(const std::string& path, const json::exception& error) {
  // "[json.exception.out_of_range.403] key 'cases' not found": what follows the bracket.
  const std::string what = error.what();
  return results_error(
      path, "is not a result of `mlpbench run`: " + printable(what.substr(what.find(']') + 2), 200));
}

ordered_json load_results(const std::string& path) {
  InputFile file(path);
  if (file.size() > kMaxResultsBytes) {
    throw file.error("has " + std::to_string(file.size()) + " bytes, more than 64 MiB");
  }
  std::string text(file.size(), '\0');
  file.read(std::as_writable_bytes(std::span(text)));
  const auto shallow = [](int depth, ordered_json::parse_event_t, ordered_json&) {
    if (depth > kDeepest) throw TooDeep{};
    return true;
  };
  try {
    return ordered_json::parse(text, shallow);
  } catch (const TooDeep&) {
    throw file.error("is nested deeper than " + std::to_string(kDeepest));
  } catch (const json::parse_error& error) {
    throw file.error("is no JSON, or not all of it, from byte " + std::to_string(error.byte));
  } catch (const json::out_of_range&) {
    throw file.error("has a number beyond 1.8e308");
  }
}

ResultsFile results_of(const ordered_json& document, const std::string& path) {
  // Sorted keys: the order of a file's fields is no difference.
  const json root = document;
  ResultsFile results;
  results.path = path;
  try {
    if (!root.contains("schema_version")) throw results_error(path, "is not a result of `mlpbench run`");
    const json& version = root.at("schema_version");
    if (version != kResultsSchemaVersion) {
      throw results_error(path, "has schema version " + printable(version.dump()) +
                                    ", and this mlpbench reads " + std::to_string(kResultsSchemaVersion));
    }
    results.interrupted = text_or_empty(root, "status") == "interrupted";
    results.identity = {{"processor", as_text(root.at("machine").at("cpu"))},
                        {"cores", as_text(root.at("machine").at("cores_allowed"))},
                        {"compiler", as_text(root.at("build").at("compiler"))},
                        {"build type", as_text(root.at("build").at("build_type"))}};
    results.commit = as_text(root.at("build").at("git_commit"));
    std::set<std::string> names;
    for (const json& entry : root.at("cases")) {
      results.cases.push_back(read_case(entry));
      const std::string& name = results.cases.back().name;
      if (!names.insert(name).second) {
        throw results_error(path, "has the case " + printable(name) + " twice");
      }
    }
  } catch (const json::exception& error) {
    throw results_error(path, error);
  } catch (const std::domain_error& error) {
    throw results_error(path, error.what());
  }
  return results;
}

std::optional<std::size_t> first_difference(const Identity& one, const Identity& other) {
  for (std::size_t i = 0; i < std::min(one.size(), other.size()); ++i) {
    if (one[i].second == kNotStated || other[i].second == kNotStated) continue;
    if (one[i] != other[i]) return i;
  }
  return std::nullopt;
}

ResultsFile read_results(const std::string& path) {
  if (!std::filesystem::is_directory(path)) return read_complete(path);
  std::vector<ResultsFile> parts;
  for (const std::string& file : json_files(path)) parts.push_back(read_complete(file));
  ResultsFile joined = join_results(std::move(parts));
  joined.path = path;
  return joined;
}

ResultsFile join_results(std::vector<ResultsFile> parts) {
  if (parts.empty()) throw std::invalid_argument("join_results: no parts");
  const auto by_name = [](const MeasuredCase& a, const MeasuredCase& b) { return a.name < b.name; };
  for (ResultsFile& part : parts) std::sort(part.cases.begin(), part.cases.end(), by_name);
  ResultsFile whole = std::move(parts.front());
  whole.runs = parts.size();
  for (MeasuredCase& measured : whole.cases) {
    if (!measured.epoch_seconds.empty()) measured.epoch_seconds = {median(measured.epoch_seconds)};
  }
  for (std::size_t p = 1; p < parts.size(); ++p) {
    const ResultsFile& part = parts[p];
    const auto refuse = [&](const std::string& what) {
      return UserError(printable(part.path, 200) + ": " + printable(what, 200) + " is not that of " +
                       printable(whole.path, 200));
    };
    const bool same = std::equal(part.cases.begin(), part.cases.end(), whole.cases.begin(), whole.cases.end(),
                                 [](const auto& a, const auto& b) { return a.name == b.name; });
    if (!same) throw refuse("the list of cases");
    if (part.commit != whole.commit) throw refuse("the commit");
    const std::string machine = difference(whole.identity, part.identity);
    if (!machine.empty()) throw refuse(machine);
    for (std::size_t i = 0; i < part.cases.size(); ++i) {
      const std::string own = difference(whole.cases[i].identity, part.cases[i].identity);
      if (!own.empty()) throw refuse(own + " of " + part.cases[i].name);
      append(part.cases[i], whole.cases[i]);
    }
  }
  return whole;
}

}  // namespace mlpbench
