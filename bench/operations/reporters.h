// What Google Benchmark measured, as a table, or as its own formats.
#pragma once

#include <benchmark/benchmark.h>

#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace mlpbench {

/// One line a row: the median of its repetitions, the lowest and the highest time, the medians of its
/// counters. A row whose repetitions are not reported has the median alone. A row that has none says why.
/// text() has all at the end, in the order of the names, so that the backends of an operation are together.
/// Rows finish in random order, most of them near the end.
class TableReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

  std::string text() const;

  /// What is printed for the repetitions of one row, without a line end; empty for aggregates without a
  /// median.
  static std::string line_of(const std::vector<Run>& runs);

  static std::string heading();

 private:
  std::set<std::string> rows_;
  std::vector<std::string> lines_;
};

/// Google Benchmark's own reporter for "json" or "csv", which gets all rows at once when they are done. Given
/// one by one, the CSV of 1.7 aborts the program at a row with a counter that the first has not. An output
/// file would be emptied before the first row, and never checked.
class KeptReporter : public benchmark::BenchmarkReporter {
 public:
  explicit KeptReporter(const std::string& format);
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_, context_;
  std::unique_ptr<benchmark::BenchmarkReporter> format_;
  std::vector<Run> runs_;
};

/// Why a run has no numbers, or empty. Google Benchmark 1.8 renamed both members.
template <typename Run>
std::string error_of(const Run& run) {
  if constexpr (requires { run.error_occurred; }) {
    return run.error_occurred ? run.error_message : "";
  } else {
    return static_cast<int>(run.skipped) != 0 ? run.skip_message : "";
  }
}

}  // namespace mlpbench
