#pragma once

#include <benchmark/benchmark.h>

#include <string>
#include <vector>

namespace mlpbench {

/// Google Benchmark's results with one line a row: the median of its repetitions, the lowest and the highest
/// time, the medians of its counters. A row that has none says why. All is printed at the end, in the order
/// of the names, so that the backends of an operation stand together: rows finish in random order, most of
/// them near the end.
class TableReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

  /// What is printed for the repetitions of one row, without a line end; empty for aggregates.
  static std::string line_of(const std::vector<Run>& runs);

  static std::string heading();

 private:
  std::vector<std::string> lines_;
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
