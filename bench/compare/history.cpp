#include "bench/compare/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <span>

#include "bench/stats/order.h"
#include "experiments/cli/record.h"
#include "support/atomic_file.h"
#include "support/digest.h"
#include "support/escape.h"
#include "support/json_fields.h"
#include "support/text.h"

namespace mlpbench {
namespace {

namespace fs = std::filesystem;

/// "20261126T150639Z" of "2026-11-26T15:06:39Z".
std::string compact(std::string time) {
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return time;
}

HistoryEntry entry_of(const Document& document) {
  const BuildFacts& build = document.build;
  const bool known = !build.git_commit_date.empty() && build.git_commit_date != "unknown";
  HistoryEntry entry;
  entry.time = compact(known ? build.git_commit_date : document.date);
  entry.commit = build.git_commit.empty() ? "unknown" : build.git_commit.substr(0, 12);
  if (build.git_dirty.value_or(false)) entry.commit += "+";
  entry.results = results_of(document);
  return entry;
}

History read_machine(const fs::path& folder) {
  History history{folder.filename(), {}};
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() == ".json") history.entries.push_back(entry_of(read_document(file.path())));
  }
  std::ranges::sort(history.entries, {},
                    [](const HistoryEntry& one) { return std::tie(one.time, one.commit); });
  return history;
}

/// Compares entries of a history, each pair once.
class Comparisons {
 public:
  Comparisons(const History& history, const CompareOptions& options) : history_(history), options_(options) {}

  const CaseVerdict* of(const std::string& name, std::size_t before, std::size_t after) {
    const auto [found, is_new] = all_.try_emplace({before, after});
    if (is_new) {
      const CompareResult result =
          compare(history_.entries[before].results, history_.entries[after].results, options_);
      for (const CaseVerdict& c : result.cases) found->second.emplace(c.name, c);
    }
    const auto verdict = found->second.find(name);
    return verdict == found->second.end() ? nullptr : &verdict->second;
  }

 private:
  const History& history_;
  const CompareOptions& options_;
  std::map<std::pair<std::size_t, std::size_t>, std::map<std::string, CaseVerdict>> all_;
};

Trend trend_of(const ReportCase& latest, const History& history, Comparisons& comparisons) {
  Trend trend{&latest, {}, {}};
  std::optional<std::size_t> level;
  for (std::size_t i = 0; i < history.entries.size(); ++i) {
    const std::vector<ReportCase>& cases = history.entries[i].results.cases;
    const auto row = std::ranges::find(cases, latest.name, &ReportCase::name);
    const bool timed = row != cases.end() && row->timed();
    trend.medians.push_back(timed ? median(row->epoch_seconds) : kUnknown);
    if (!timed) continue;
    if (!level) level = i;
    const CaseVerdict* c = *level == i ? nullptr : comparisons.of(latest.name, *level, i);
    if (c == nullptr || (c->verdict != Verdict::regressed && c->verdict != Verdict::improved)) continue;
    trend.change = CaseChange{i, *c->ratio, c->verdict};
    level = i;
  }
  return trend;
}

}  // namespace

std::string machine_name(const Document& document) {
  std::string facts;
  for (const auto& [what, value] : results_of(document).identity) facts += what + "=" + value + "\n";
  Sha256 sha;
  sha.add(std::as_bytes(std::span(facts)));
  return slug(document.machine.cpu) + "-" + sha.hex().substr(0, 8);
}

std::string add_to_history(Document document, const std::string& folder) {
  if (document.interrupted()) throw UserError(printable_path(document.path) + ": is of an interrupted run");
  const HistoryEntry entry = entry_of(document);
  const fs::path place = fs::path(folder) / machine_name(document);
  std::error_code failure;
  fs::create_directories(place, failure);
  if (failure) throw UserError(printable_path(place.string()) + ": " + failure.message());
  for (ReportCase& row : document.cases) {
    if (row.recorded) row.recorded->loss_curve.reset();
    row.over_seeds.reset();
  }
  document.curves.clear(), document.time_to_accuracy.clear(), document.scaling.clear();
  document.crossover.clear(), document.determinism.clear(), document.boundaries.clear();
  document.optimisers.clear(), document.roofline.reset();
  const std::string file = place / fmt::format("{}-{}.json", entry.time, entry.commit);
  write_file("history", file, json_of(document).dump() + "\n");
  return file;
}

std::vector<History> read_histories(const std::string& folder) {
  std::vector<History> all;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(folder, failure)) {
    if (!entry.is_directory()) continue;
    History history = read_machine(entry.path());
    if (!history.entries.empty()) all.push_back(std::move(history));
  }
  if (all.empty()) throw UserError(printable_path(folder) + ": has no <machine>/<commit time>-<commit>.json");
  std::ranges::sort(all, {}, &History::machine);
  return all;
}

std::string Trend::sparkline() const {
  static constexpr const char* kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::size_t kMost = 24;
  const std::span<const double> shown = std::span(medians).last(std::min(medians.size(), kMost));
  double low = INFINITY, high = 0.0;
  for (const double value : shown) low = std::fmin(low, value), high = std::fmax(high, value);
  const double range = std::max(std::log(high / low), 8.0 * std::log(1.05));
  std::string line;
  for (const double value : shown) {
    const double part = std::log(value / low) / range;
    line += std::isnan(value) ? "·" : kBars[static_cast<std::size_t>(std::clamp(part * 8.0, 0.0, 7.0))];
  }
  return line;
}

std::vector<Trend> trends_of(const History& history, const CompareOptions& options) {
  Comparisons comparisons(history, options);
  std::vector<Trend> trends;
  for (const ReportCase& row : history.entries.back().results.cases) {
    if (row.timed()) trends.push_back(trend_of(row, history, comparisons));
  }
  std::ranges::stable_sort(trends, {}, [](const Trend& trend) {
    return std::pair(!trend.change, trend.change ? -trend.change->ratio : 0.0);
  });
  return trends;
}

}  // namespace mlpbench
