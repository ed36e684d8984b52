#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/results/document.h"
#include "bench/stats/unpaired.h"
#include "bench/stats/verdict.h"

namespace mlpbench {

/// Facts that must be equal on both sides of a comparison: what it is, and its value as text.
using Identity = std::vector<std::pair<std::string, std::string>>;

/// The value of a fact that an older result does not state. It is compared with nothing.
inline constexpr const char* kNotStated = "?";

/// A fact in which two sides differ, and both values.
struct Difference {
  std::string what, one, other;
};

/// Where two lists of the same facts differ.
std::vector<Difference> differences(const Identity& one, const Identity& other);

/// The first of them, or nothing.
std::optional<Difference> first_difference(const Identity& one, const Identity& other);

/// The fields of a case's record that tell it from another: instruction set, flags, network, data, settings.
Identity identity_of(const ReportCase& row);

/// What `mlpbench compare` needs of a results.json.
struct ResultsFile {
  std::string path, commit;
  std::size_t runs = 1;  ///< that the times come from: 1, and they are its rounds, or a folder's
  Identity identity;     ///< architecture, processor, compiler, build type: of all its cases
  std::vector<ReportCase> cases;

  std::map<std::string, const ReportCase*> by_name() const;
};

/// What a document has for a comparison. The noise floor of a case is that of its parts, 95 %, infinite where
/// the rounds are too few.
ResultsFile results_of(const Document& document);

/// results_of() a file, as read_document(). Throws UserError also for an interrupted run. A folder stands
/// for all its *.json files, in the order of their names, joined by join_results(); one without any is a
/// UserError.
ResultsFile read_results(const std::string& path);

/// One result of several runs of one build on one machine. Each run counts once, with its median. The rounds
/// of a run share its minute and its process: they would pass for more evidence than they are (Kalibera and
/// Jones 2013). The noise is of the rounds of all runs. A case that is wrong or could not run in any part is
/// so in the result. Throws UserError that names the file when a part has other cases than the first, or was
/// measured under other conditions; std::invalid_argument for no parts.
ResultsFile join_results(std::vector<ResultsFile> parts);

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

/// A training that both sides did, and the backends that left the same weights, bit for bit, on each.
struct SameBits {
  std::string training;                      ///< a case's name without its backend: "moons/float64"
  std::vector<std::string> base, candidate;  ///< names; none where the weights differ
};

struct CompareResult {
  ResultsFile base, candidate;
  CompareOptions options;
  std::vector<CaseVerdict> cases;      ///< in the order of their names
  std::vector<std::string> new_cases;  ///< in the candidate alone: nothing to compare with
  std::vector<SameBits> same_bits;     ///< of two architectures, whose times are not compared; else empty

  /// Where a side is one run, whose rounds share its minutes: what the machine may have done between the
  /// runs, a part of 1 (machine_floor()). 0 where both sides are several runs, whose spread shows it.
  double machine_floor = 0.0;

  std::size_t count(Verdict verdict) const;
  std::size_t judged() const;  ///< cases that are regressed, improved or equivalent
  std::size_t bad_quality() const;
  bool of_two_architectures() const;

  /// 4 when a result is wrong or less accurate, else 1 when a case regressed. Else 3 when a case is
  /// incomparable, none could be judged, or options.strict and a case is inconclusive. Else 0.
  int exit_code() const;
};

/// "effects below 12 % may be the machine"; from 100 % on that any may.
std::string machine_floor_text(double floor);

/// Judges every case of `base` that could run there (bench/stats/verdict.h), by the unpaired ratio of its
/// times with intervals that hold together (Bonferroni). Where a side is one run, an effect must also exceed
/// machine_floor, and nothing is equivalent when that exceeds the threshold. A case is incomparable when the
/// candidate lacks it or could not run it, or when it is wrong on either side. It is so too when one of these
/// differs: architecture, processor, cores, compiler, build type, instruction set, BLAS core, flags, network,
/// data, settings. The reason names the first and both values. Fewer than 6 rounds, or runs of a folder, on a
/// side are inconclusive. Quality: in float64 the accuracy must be the same or better. In float32 one test
/// sample may be lost. A mean squared error may grow by a thousandth. The order of cases in the files
/// changes nothing. UserError for a regular expression that is none.
CompareResult compare(ResultsFile base, ResultsFile candidate, const CompareOptions& options);

/// Of every training with the same data and settings on both sides, by any backend: who left the same
/// weights, as RecordFacts::parameters_sha256 says. Trainings without it are left out.
std::vector<SameBits> same_bits(const ResultsFile& base, const ResultsFile& candidate);

}  // namespace mlpbench
