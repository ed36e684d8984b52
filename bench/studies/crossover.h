// Where a second thread begins to pay: what the cut-over's model says, and what is.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bench/studies/throughput.h"
#include "core/training/parallel_step.h"

namespace mlpbench {

/// The batch from which a step that is shared by blocks and tiles is faster than a serial one, by
/// shared_step_seconds() with a serial step of batch * sample_seconds and batch * exchange_seconds for the
/// bytes exchanged:
///   s / P + 2 f + x (1 - 1 / P) < s   where   batch > 2 f P / ((P - 1) (sample_seconds - exchange_seconds)).
/// In samples, a whole number only by chance; infinity where exchanging takes longer than computing.
/// std::invalid_argument with fewer than two threads or a sample_seconds that is not positive.
double break_even_batch(double sample_seconds, double exchange_seconds, std::size_t threads,
                        double fork_join);

/// How many times faster a shared step of these parts is by the model: s / shared_step_seconds().
/// `threads` as many as can run.
double predicted_speedup(double serial_seconds, std::size_t threads, StepParts parts, double fork_join);

/// One size of a sweep.
struct SweepPoint {
  std::size_t size = 0;              ///< the batch or the width
  double serial_seconds = 0;         ///< of one step, the median over the rounds
  double predicted = 0.0;            ///< predicted_speedup()
  bool cut_over_shares = false;      ///< what above_parallel_threshold() says of the same numbers
  std::vector<double> measured;      ///< the speed-up of each round
  std::optional<Interval> interval;  ///< of its median; empty when the rounds are too few

  /// The whole interval, or without one the median, lies above 1.
  bool pays() const;
};

/// A sweep of one backend over batches (28-64-64-1) or widths (28-w-w-1 at batch 256).
struct Sweep {
  const BackendEntry* backend = nullptr;
  std::string what;  ///< "batch of 28-64-64-1", "width of 28-w-w-1 at 256"
  std::size_t threads = 2;
  double fork_join = 0.0;            ///< seconds, measured
  std::optional<double> break_even;  ///< break_even_batch() with the largest batch's time of a sample
  std::vector<SweepPoint> points;

  /// The smallest size from which on all points pay; empty when the largest does not.
  std::optional<std::size_t> predicted_from() const;
  std::optional<std::size_t> measured_from() const;
};

/// Every size is checked (problem_of()) before the clock starts; then rounds time the serial step and the
/// shared one without the cut-over, sizes and sides in random order. `threads` is the smallest of
/// options.threads. Throws WrongResult when a size is wrong.
std::vector<Sweep> measure_crossover(const ScalingOptions& options);

std::string crossover_text(const std::vector<Sweep>& sweeps);
nlohmann::ordered_json crossover_json(const std::vector<Sweep>& sweeps);

}  // namespace mlpbench
