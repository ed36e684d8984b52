#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "bench/operations/suite.h"
#include "support/format.h"

namespace mlpbench {
namespace {

constexpr std::size_t kNameWidth = 56;
constexpr std::array kCounters = {"GFLOP/s",    "%isa_peak", "%best_peak",    "GB/s",
                                  "%bandwidth", "cycles",    "cycles/element"};

/// Google Benchmark adds how the time was taken; every row here is wall time.
std::string row_name(const benchmark::BenchmarkReporter::Run& run) {
  std::string name = run.run_name.str();
  for (const std::string_view suffix : {"/real_time", "/manual_time"}) {
    if (const std::size_t at = name.find(suffix); at != std::string::npos) name.erase(at, suffix.size());
  }
  return name;
}

std::string number(double value) {
  if (value >= 1e6) return fmt::format("{:.3g}", value);
  return value >= 100 ? fmt::format("{:.0f}", value) : fmt::format("{:.3g}", value);
}

}  // namespace

std::string TableReporter::heading() {
  std::string text =
      fmt::format("{:{}}  {:>8}  {:>8}  {:>8}", "row", kNameWidth, "median", "lowest", "highest");
  for (const char* counter : kCounters) text += fmt::format("  {:>10}", counter);
  return text + "  data in";
}

std::string TableReporter::line_of(const std::vector<Run>& runs) {
  std::vector<double> seconds;
  std::map<std::string, std::vector<double>> counters;
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration) continue;
    if (const std::string error = error_of(run); !error.empty()) {
      return fmt::format("{:{}}  {}", row_name(run), kNameWidth, error);
    }
    seconds.push_back(run.real_accumulated_time / static_cast<double>(run.iterations));
    for (const auto& [name, counter] : run.counters) counters[name].push_back(counter.value);
  }
  if (seconds.empty()) return "";
  const Summary summary = summarize(seconds);
  std::string text = fmt::format("{:{}}  {:>8}  {:>8}  {:>8}", row_name(runs.front()), kNameWidth,
                                 format_seconds(summary.median), format_seconds(summary.lowest),
                                 format_seconds(summary.highest));
  for (const char* counter : kCounters) {
    const auto found = counters.find(counter);
    text += fmt::format("  {:>10}", found == counters.end() ? "" : number(median(found->second)));
  }
  return text + "  " + runs.front().report_label;
}

bool TableReporter::ReportContext(const Context& context) {
  PrintBasicContext(&GetErrorStream(), context);
  return true;
}

void TableReporter::ReportRuns(const std::vector<Run>& runs) {
  std::string line = line_of(runs);
  if (!line.empty()) lines_.push_back(std::move(line));
}

void TableReporter::Finalize() {
  std::sort(lines_.begin(), lines_.end());
  GetOutputStream() << heading() << '\n';
  for (const std::string& line : lines_) GetOutputStream() << line << '\n';
  GetOutputStream().flush();
}

}  // namespace mlpbench
