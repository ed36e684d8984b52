#include "bench/operations/reporters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "bench/stats/order.h"
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

/// The context that Google Benchmark prints, with what its warning of Debian's package means.
std::string explained(std::string context) {
  const std::size_t warning = context.find("***WARNING*** Library was built as DEBUG");
  if (warning == std::string::npos) return context;
  const std::size_t end = context.find('\n', warning);
  return context.replace(
      warning, end == std::string::npos ? end : end - warning,
      "Google Benchmark's library has its assertions on, as Debian's; they are outside of the clock");
}

/// The part of a line that numbers take.
std::string numbers_text(const std::string& name, const std::string& median, const std::string& lowest,
                         const std::string& highest, const std::map<std::string, double>& counters) {
  std::string text = fmt::format("{:{}}  {:>8}  {:>8}  {:>8}", name, kNameWidth, median, lowest, highest);
  for (const char* counter : kCounters) {
    const auto found = counters.find(counter);
    text += fmt::format("  {:>10}", found == counters.end() ? "" : number(found->second));
  }
  return text;
}

/// Of the aggregates of a row.
std::string median_line(const std::vector<TableReporter::Run>& runs) {
  const auto median = std::find_if(
      runs.begin(), runs.end(), [](const TableReporter::Run& run) { return run.aggregate_name == "median"; });
  if (median == runs.end()) return "";
  std::map<std::string, double> counters;
  for (const auto& [name, counter] : median->counters) counters[name] = counter.value;
  const double seconds = median->GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(median->time_unit);
  return numbers_text(row_name(*median), format_seconds(seconds), "", "", counters) + "  " +
         median->report_label;
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
  if (seconds.empty()) return median_line(runs);
  const Summary summary = summarize(seconds);
  std::map<std::string, double> medians;
  for (const auto& [name, values] : counters) medians[name] = median(values);
  return numbers_text(row_name(runs.front()), format_seconds(summary.median), format_seconds(summary.lowest),
                      format_seconds(summary.highest), medians) +
         "  " + runs.front().report_label;
}

bool TableReporter::ReportContext(const Context& context) {
  std::ostringstream text;
  PrintBasicContext(&text, context);
  GetErrorStream() << explained(text.str());
  return true;
}

void TableReporter::ReportRuns(const std::vector<Run>& runs) {
  // Aggregates follow the repetitions of the row, unless only they are reported.
  if (runs.empty() || rows_.contains(row_name(runs.front()))) return;
  std::string line = line_of(runs);
  if (line.empty()) return;
  rows_.insert(row_name(runs.front()));
  lines_.push_back(std::move(line));
}

std::string TableReporter::text() const {
  std::vector<std::string> lines = lines_;
  std::sort(lines.begin(), lines.end());
  std::string text = heading() + "\n";
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

KeptReporter::KeptReporter(const std::string& format) {
  BENCHMARK_DISABLE_DEPRECATED_WARNING
  if (format == "csv") format_ = std::make_unique<benchmark::CSVReporter>();
  BENCHMARK_RESTORE_DEPRECATED_WARNING
  if (format != "csv") format_ = std::make_unique<benchmark::JSONReporter>();
  format_->SetOutputStream(&text_);
  format_->SetErrorStream(&context_);
}

bool KeptReporter::ReportContext(const Context& context) {
  const bool go_on = format_->ReportContext(context);
  GetErrorStream() << explained(context_.str());
  return go_on;
}

void KeptReporter::ReportRuns(const std::vector<Run>& runs) {
  runs_.insert(runs_.end(), runs.begin(), runs.end());
}

void KeptReporter::Finalize() {
  format_->ReportRuns(runs_);
  format_->Finalize();
}

}  // namespace mlpbench
