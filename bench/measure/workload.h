// Trainings on networks and data of no meaning (experiments/synthetic.h).
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "bench/measure/check.h"
#include "experiments/synthetic.h"

namespace mlpbench {

/// Bytes that a step reads or writes somewhere, with `element` bytes a number. They are the batch, A and dZ
/// of every layer for a chunk, parameters and gradients. With several chunks the gradients of the current one
/// are added.
double step_footprint(const NetworkSpec& network, std::size_t batch, std::size_t element);

/// How far the parameters after a step may be from those that naive leaves, for each layer. It is a part of
/// the length of the step. Rounding is far below it. The tolerance is needed for a ReLU at an input of about
/// 0. Rounding may switch it on or off for one sample of one unit. A mistake in a formula moves a whole
/// layer.
template <typename T>
constexpr double kStepTolerance = sizeof(T) == sizeof(float) ? 1e-2 : 1e-8;

/// An empty string, or the layer with wrong parameters: |actual - expected| / |expected - initial| is more
/// than kStepTolerance. These are Euclidean lengths over W and b of a layer. NaN is elsewhere.
template <typename T>
std::string check_step(const Parameters<T>& initial, const Parameters<T>& expected,
                       const Parameters<T>& actual);

/// A training of one epoch or more that has samples a second.
struct Workload {
  std::string name;  ///< "sync/28-64-64-1/1024"
  const Experiment* experiment = nullptr;
  std::shared_ptr<const Problems> problems = {};  ///< one a member of an ensemble; of other trainers one
  Settings settings = {};                         ///< but for epochs and threads
  DType dtype = DType::float32;

  const NetworkSpec& network() const { return problems->front().network; }

  /// Whether Settings::force_parallel says something: the trainer has a parallel threshold.
  bool has_parallel_threshold() const { return find_trainer(settings.trainer).has_parallel_threshold; }

  /// Samples of one step: the batch, or of full-batch training all of them.
  std::size_t step_samples() const;
};

/// On how many threads, and how, one visit trains.
struct ThreadSetting {
  std::size_t threads = 1;
  bool shared = false;  ///< sync, full-batch: always the shared step, on one thread too
};

/// Trains from the initial parameters. Throws WrongResult when the loss becomes NaN or infinite.
RunResult train(const Workload& work, const BackendEntry& backend, const ThreadSetting& setting,
                std::size_t epochs);

/// Why the results of `work` are not right, or empty; nothing is timed before. One epoch on one thread is
/// naive's except for rounding (check_step()). On each number of `threads` it leaves the bits of one thread
/// where trainer and backend promise it, else naive's except for rounding. Of trainers without a promise
/// (hogwild) one thread is compared with mini-batch, bit for bit. Their other numbers of threads must stay
/// finite.
std::string check(const Workload& work, const BackendEntry& backend, const std::vector<std::size_t>& threads);

/// The cases of the throughput table, in its order.
std::vector<Workload> scaling_workloads();

/// Trainings on data of no meaning; what the trained network says about some of them is the test. The rate is
/// so small that the weights stay what they are for as long as the clock wants.
Workload synthetic_workload(std::string_view trainer, std::string_view form, const NetworkSpec& network,
                            std::size_t batch, std::size_t samples);
inline Workload sync_workload(const NetworkSpec& network, std::size_t batch, std::size_t samples) {
  return synthetic_workload("sync", "sync", network, batch, samples);
}

/// check_step() of the parameters that two trainings of `work` left.
std::string far_from(const Workload& work, const RunResult& expected, const RunResult& actual);

}  // namespace mlpbench
