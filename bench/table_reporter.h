#pragma once

#include <benchmark/benchmark.h>

#include <string>

namespace mlpbench {

/// Google Benchmark's results with one line a row: the median of its repetitions, the lowest and the highest
/// time, the medians of its counters. A row that has none says why.
class TableReporter : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;

  /// What ReportRuns() prints for the repetitions of one row, without a line end; empty for aggregates.
  static std::string line_of(const std::vector<Run>& runs);

  static std::string heading();
};

}  // namespace mlpbench
