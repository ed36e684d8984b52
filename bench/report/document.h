#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bench/results/results_file.h"
#include "bench/stats/order.h"

namespace mlpbench {

// A results.json in types: what the reports are made of. A number that the document lacks, or states as null,
// is NaN; a text that it lacks is empty; a list that it lacks is empty.

/// A quantity over rounds or seeds: the extremes, the middle, and all of them where the document has them.
struct Range {
  double lowest, median, highest;
  std::vector<double> values;

  bool known() const noexcept { return median == median; }
};

/// How far a result is from the one that it must be.
struct ParityFact {
  std::string with;  ///< "NumPy" or "naive"; empty where there is nothing to compare with
  std::string where, why_none;
  double largest, numbers, tolerance;
};

struct SpeedFact {
  std::string base;
  double base_seconds, ratio, rounds, p_value_holm;
  std::optional<Interval> interval;
  std::string that_is;  ///< "faster", "slower", "not separated"
};

/// What became of a case with each seed.
struct SeedsFact {
  std::vector<double> seeds, accuracy, mse, final_loss;

  /// Of the accuracy or, where that is empty, the mean squared error.
  const std::vector<double>& quality() const noexcept { return accuracy.empty() ? mse : accuracy; }
};

struct ReportCase {
  std::string name, experiment, backend, dtype, trainer;
  std::size_t threads = 1;
  std::string unavailable;  ///< why it could not run, or empty
  std::string wrong;        ///< why its result is not right, or empty
  std::string isa;          ///< that its inner loops executed
  std::vector<double> layers;
  double epochs, batch_size, training_rows, test_rows, accuracy, mse;
  std::string evaluated_on;
  std::vector<std::vector<double>> confusion;  ///< counts[true class][predicted class]
  std::vector<std::string> class_names;
  ParityFact parity;
  std::vector<double> epoch_seconds;  ///< one a round
  double lowest, median, p95, highest, noise_floor;
  std::optional<Interval> interval;  ///< of the median
  std::string stopped;
  double flop_per_epoch, samples_per_epoch, peak_flops;
  std::string peak_isa;
  std::optional<SpeedFact> speed;
  std::optional<SeedsFact> over_seeds;

  bool timed() const noexcept { return !epoch_seconds.empty(); }
  double samples_per_second() const { return samples_per_epoch / median; }
  double flops() const { return flop_per_epoch / median; }
};

/// The loss of one trainer on one experiment.
struct CurveFact {
  std::string experiment, trainer, backend, dtype;
  double threads, batch_size;
  std::vector<double> seeds, epoch, seconds_per_epoch;
  std::vector<std::vector<double>> loss;  ///< one list a seed, one number an entry of `epoch`
};

/// How long one trainer took to a target, over seeds.
struct TargetFact {
  std::string experiment, trainer, backend, dtype;
  double threads, target_accuracy, epochs;
  std::size_t seeds = 0, reached = 0;
  Range accuracy, epochs_to_target, seconds_to_target, seconds_with_evaluation;
};

/// A case with one way to use threads, against one thread.
struct ScalingFact {
  std::string name, backend, dtype, memory_level, wrong;
  std::size_t threads = 1, threads_used = 1;
  bool cut_over = true;
  Range samples_per_second, speedup, efficiency, fma_ceiling, memory_ceiling, share;

  bool is_base() const noexcept { return threads == 1 && cut_over; }
};

struct BandwidthFact {
  std::string level;
  double bytes;
  Range read, triad;
};

struct PeakFact {
  std::string isa, dtype;
  Range flops;
};

struct OperationFact {
  std::string operation, function, shape, dtype, backend, isa, level, wrong;
  double flop, bytes, intensity, flops, roof_flops, share_of_roof;
  Range seconds;
  std::optional<Interval> interval;  ///< of the seconds
};

struct RooflineFact {
  std::vector<BandwidthFact> bandwidths;
  std::vector<PeakFact> peaks;
  std::vector<OperationFact> points;
};

/// What two backends think of a plane.
struct BoundaryFact {
  std::string experiment, dtype, fastest_backend;
  double x_low, x_high, y_low, y_high, largest_difference;
  std::size_t grid = 0;                            ///< points along each axis
  std::vector<std::vector<double>> train, test;    ///< x, y, class
  std::vector<double> naive, fastest, difference;  ///< grid * grid, row by row from low y
};

struct Document {
  std::string status, command, config, filter;
  bool quick = false, resumed = false;
  double seeds, cases_matching, cases_known;
  nlohmann::ordered_json selection, machine, measurement, build, method;  ///< {} where it has none
  std::vector<ReportCase> cases;  ///< by experiment, trainer, dtype, backend, threads: the suite's orders
  std::vector<CurveFact> curves;
  std::vector<TargetFact> time_to_accuracy;
  std::vector<ScalingFact> scaling;
  std::optional<RooflineFact> roofline;
  std::vector<BoundaryFact> boundaries;
  ResultsFile results;          ///< the same document as `mlpbench compare` sees it
  nlohmann::ordered_json json;  ///< all of it, its lists in the order of the ones above

  bool interrupted() const noexcept { return status == "interrupted"; }
};

/// Reads what load_results() gave. The order of its lists does not matter. Throws UserError "PATH: what is
/// wrong", one line, for everything that results_of() refuses, and for a field of the wrong type or a list of
/// the wrong length.
Document document_of(nlohmann::ordered_json json, const std::string& path);

/// document_of(load_results(path), path).
Document read_document(const std::string& path);

}  // namespace mlpbench
