#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/compare/sides.h"
#include "bench/stats/unpaired.h"
#include "bench/stats/verdict.h"

namespace mlpbench {

struct CompareOptions {
  double threshold = 0.05;  ///< an effect below this part of 1 does not matter
  /// Regular expression and threshold, last wins.
  std::vector<std::pair<std::string, double>> case_thresholds = {};
  double confidence = 0.95;  ///< of all verdicts together
  bool strict = false;       ///< an inconclusive case is no success
};

/// What became of one case. Ratios are candidate / base, times as long: above 1 is slower.
struct CaseVerdict {
  std::string name;
  Verdict verdict = Verdict::incomparable;
  std::string reason;        ///< why incomparable, inconclusive, or of no quality; else empty
  bool bad_quality = false;  ///< the candidate's result is wrong or less accurate than the base's
  double base_seconds = 0.0, candidate_seconds = 0.0;  ///< medians of an epoch; 0 where there are none
  std::size_t base_rounds = 0, candidate_rounds = 0;
  std::optional<double> ratio;
  std::optional<Interval> interval;
  double threshold = 0.0, noise_floor = 0.0;  ///< the larger of both sides' floors
};

struct CompareResult {
  ResultsFile base, candidate;
  CompareOptions options;
  std::vector<CaseVerdict> cases;      ///< in the order of their names
  std::vector<std::string> new_cases;  ///< in the candidate alone: nothing to compare with

  /// Where a side is one run, whose rounds share its minutes: what the machine may have done between the
  /// runs, a part of 1 (machine_floor()). 0 where both sides are several runs, whose spread shows it.
  double machine_floor = 0.0;

  std::size_t count(Verdict verdict) const;
  std::size_t judged() const;  ///< cases that are regressed, improved or equivalent
  std::size_t bad_quality() const;

  /// 4 when a result is wrong or less accurate, else 1 when a case regressed, else 3 when a case is
  /// incomparable, none could be judged, or options.strict and a case is inconclusive, else 0.
  int exit_code() const;
};

/// Judges every case of `base` that could run there (bench/stats/verdict.h), by the unpaired ratio of its
/// times with intervals that hold together (Bonferroni). Where a side is one run, an effect must also exceed
/// machine_floor, and nothing is equivalent when that exceeds the threshold. A case is incomparable when the
/// candidate lacks it or could not run it, when it is wrong on either side, or when processor, cores,
/// compiler, build type, instruction set, BLAS core, flags, network, data or settings differ: the reason
/// names the first and both values. Fewer than 6 rounds, or runs of a folder, on a side are inconclusive.
/// Quality: in float64 the accuracy must be the same or better, in float32 one test sample may be lost; a
/// mean squared error may grow by a thousandth. The order of cases in the files changes nothing. UserError
/// for a regular expression that is none.
CompareResult compare(ResultsFile base, ResultsFile candidate, const CompareOptions& options);

}  // namespace mlpbench
