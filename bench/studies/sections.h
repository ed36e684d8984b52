// How the section of each study is measured. A run calls these through the studies' entries
// (bench/studies/study.h).
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "bench/measure/workload.h"
#include "bench/studies/study.h"
#include "core/training/parallel_step.h"

namespace mlpbench {

// over_seeds: what a result owes to the seed.

/// Runs the experiment with `settings` and with `count` seeds: `first`, `first` + 1, and so on. Each has the
/// weights and losses that it has alone. A result is unknown where the training diverged. Where a training is
/// serial, as many seeds train at the same time as there are CPUs. Nothing is timed. Throws Interrupted.
std::vector<RunResult::Member> over_seeds(const Experiment& experiment, const Settings& settings,
                                          std::uint32_t first, std::size_t count, const BackendEntry& backend,
                                          DType dtype, const std::atomic<bool>* interrupt);

/// One entry a seed, unknown of a run that diverged; no list where the experiment has no such number.
SeedsFact seeds_fact(const std::vector<RunResult::Member>& results);

// curves: how the loss falls, trainer by trainer, against epochs and against seconds.

/// The ways to train that an experiment's curves compare. The first is its own, then full-batch, mini-batch,
/// sync, hogwild and local-sgd. They are left out where its data do not fill their batches, or where a second
/// CPU is missing that they need. `trainers`, unless empty, leaves only these. Trainers other than the
/// experiment's own train at most 1000 epochs (250 when quick). One of their epochs has many more steps than
/// one of full-batch training.
std::vector<Settings> curve_settings(const Experiment& experiment, const std::vector<std::string>& trainers,
                                     bool quick);

/// One curve each of curve_settings(), of at most 100 epochs. Within a seed all take turns in random order,
/// so that they see the same minutes of the machine. The loss is the mean over the samples of an epoch, each
/// before the update that used it, with five digits. It is unknown where a seed diverged. Throws Interrupted
/// between two trainings.
std::vector<CurveFact> loss_curves(const std::vector<const Experiment*>& experiments,
                                   const std::vector<std::string>& trainers, const BackendEntry& backend,
                                   const StudySetting& setting);

// time_to_accuracy: what parallelism costs in learning.

/// What a run that ended without meeting its target took to meet it.
inline constexpr double kNotReached = std::numeric_limits<double>::infinity();

/// The n-th number after the seconds, of every seed.
std::vector<double> column(const Measurement& seeds, std::size_t n);

/// How many of them are not kNotReached.
std::size_t count_reached(const std::vector<double>& values);

/// Of numbers that may be kNotReached, which is above every other: a median is infinite when half of the
/// seeds did not reach the target. `values` must not be empty.
RangeOfSeeds range_to_target(const std::vector<double>& values);

/// Trains those of `experiments` that have a target (breast_cancer, moons, digits) on each seed. The trainers
/// are full-batch, mini-batch, sync, hogwild (strict and fast) and local-sgd, in random order within a seed.
/// Each trains once for all epochs and once to the target. Parallel trainers have two threads where there are
/// two CPUs. Throws Interrupted between two trainings.
std::vector<TargetFact> time_to_accuracy(const std::vector<const Experiment*>& experiments,
                                         const BackendEntry& backend, const StudySetting& setting);

// optimisers: which one reaches a target soonest, each tuned with the same budget.

/// Trains those of `experiments` that have a target (breast_cancer, moons, digits, teacher) with every
/// optimiser. It uses mini-batches of 16, 64 and 256 (quick: 64) on one thread. A fifth of the training data
/// is for validation. Tuning: seven constant rates from 0.001 to 1, each on setting.seeds seeds. The chosen
/// rate is the one whose median seed is the first at the target loss on the validation data. Where none is,
/// it is the one with the lowest loss. Result: the chosen rate on as many other seeds. A run has the weights
/// of its best epoch by validation, whose accuracy on the test data is the only look at these. Throws
/// Interrupted.
std::vector<OptimiserFact> compare_optimisers(const std::vector<const Experiment*>& experiments,
                                              const BackendEntry& backend, const StudySetting& setting);

// scaling: what threads bring, and how much of what the machine could give.

/// Checks `works` on `backend` (check()), then times each on one thread and on each number of `threads`
/// (StudySetting::measure()). The probes run before and after each visit on as many threads. The ceiling of a
/// row is the mean of the two divided by that of one thread. Trainers with a parallel threshold have rows
/// with it and without. One row without has a single thread: the cost of the parallel step when there is
/// nothing to gain. Throws Interrupted.
std::vector<ScalingFact> measure_scaling(const std::vector<Workload>& works, const BackendEntry& backend,
                                         const std::vector<std::size_t>& threads,
                                         const StudySetting& setting);

// crossover: where a second thread begins to pay, by the parallel threshold's model and as measured.

/// The batch from which a step by blocks and tiles on several threads is faster than a serial one, by
/// shared_step_seconds(). A serial step takes batch * sample_seconds, and the exchange of bytes batch *
/// exchange_seconds:
///   s / P + 2 f + x (1 - 1 / P) < s   where   batch > 2 f P / ((P - 1) (sample_seconds - exchange_seconds)).
/// In samples, a whole number only by chance; nothing where exchanging takes longer than computing: then no
/// batch is large enough. std::invalid_argument with fewer than two threads or a sample_seconds that is not
/// positive.
std::optional<double> break_even_batch(double sample_seconds, double exchange_seconds, std::size_t threads,
                                       double fork_join);

/// How many times faster a shared step of these parts is by the model: s / shared_step_seconds().
/// `threads` as many as can run.
double predicted_speedup(double serial_seconds, std::size_t threads, StepParts parts, double fork_join);

/// Says of each point of a sweep whether it pays, and from which sizes on all do: by the model, and as
/// measured.
void conclude(CrossoverFact& sweep);

/// A sweep of each backend over batches (28-64-64-1) and over widths (28-w-w-1 at batch 256). Checks every
/// size (check()). Then times its serial step and the parallel one, below the threshold too
/// (StudySetting::measure()). Throws Interrupted.
std::vector<CrossoverFact> measure_crossover(const std::vector<const BackendEntry*>& backends,
                                             std::size_t threads, const StudySetting& setting);

// determinism: what the one order of all sums costs.

/// Times two steps on the same batch, which stays where it is, beside each other (StudySetting::measure()).
/// Fixed order: ParallelStep, whose bits do not depend on the threads. Free order, the usual data-parallel
/// training. Each thread computes the gradients of a part of the batch with the backend's whole step. It adds
/// them to the sum of all, slice by slice under a lock, in the order of arrival. Then the weights are
/// updated. Before the clock starts each is compared with naive, as every case here is. One row a synthetic
/// case of `sync` on each of `backends`, in float32; the paired ratio above 1 says that the fixed order
/// costs. Throws Interrupted.
std::vector<DeterminismFact> measure_determinism(const std::vector<const BackendEntry*>& backends,
                                                 std::size_t threads, const StudySetting& setting);

// roofline: how fast the operations are, and how fast this machine could let them be.

/// An operation at one shape on one backend.
struct RooflinePoint {
  OperationFact fact;  ///< without times
  Isa isa = Isa::baseline;
  DType dtype = DType::float32;
  double footprint = 0.0;  ///< bytes that a call touches

  std::function<std::string()> check = {};  ///< compares one call with naive: why it is wrong, or empty
  std::function<void()> call = {};
};

/// The most bytes a second that a level of memory gave in any trial of any probe. Only other work can slow a
/// probe, so the best reading is the nearest to a limit.
double roof_bandwidth(const Bandwidth& level);

/// The least seconds that a call can take: as long as its `flop` at `peak` flop/s, or its `bytes` at
/// `bandwidth` bytes/s, whichever is longer.
double least_seconds(double flop, double bytes, double peak, double bandwidth);

/// The operations (backends/operations) at the shapes that the roofline times, on `backends` that can run
/// here. `quick` leaves the wide shapes out. The operands of a shape are made once.
std::vector<RooflinePoint> roofline_points(const std::vector<const BackendEntry*>& backends,
                                           const std::vector<DType>& dtypes, bool quick);

/// Checks every point, then times the correct ones (StudySetting::measure()). A visit calls the operation for
/// about a millisecond, once where that takes longer, after one call that is not timed. The FMA peak is
/// probed right before and after each visit. A point's intensity is 0 where the operation has no products.
/// Its fraction of the roof is least_seconds() over the seconds of the same round, with that round's peak.
/// Throws Interrupted between two visits.
RooflineFact measure_roofline(std::vector<RooflinePoint> points, const StudySetting& setting);

// boundaries: what naive and another backend say about the plane, and how far apart they are.

/// The boundary of one problem by two trained networks, float64 or float32 as both runs have it.
/// Probabilities have three decimals; the differences are of the probabilities before that, with two
/// significant digits. At most the first 400 samples of either set.
BoundaryFact boundary_fact(const Problem& problem, const RunResult& naive, const RunResult& fastest,
                           std::size_t points);

/// boundary_fact() of each experiment that has such a picture, as it is, in float64, on naive and on
/// `fastest`. Trains both. Throws Interrupted.
std::vector<BoundaryFact> measure_boundaries(const std::vector<const Experiment*>& experiments,
                                             const BackendEntry& fastest, const StudySetting& setting);

}  // namespace mlpbench
