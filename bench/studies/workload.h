// What bench_scaling trains: one trainer on one network and data set.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "backends/registry.h"
#include "core/training/trainer.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// A training of one epoch or more that has samples a second.
struct Workload {
  std::string name;  ///< "sync/28-64-64-1/1024"
  std::string_view trainer;
  NetworkSpec network;
  std::shared_ptr<const Dataset> data;
  std::vector<Parameters<double>> initial;  ///< one a member of an ensemble; of other trainers one
  TrainingOptions options;                  ///< but for epochs and threads
  DType dtype = DType::float32;

  /// Whether options.force_parallel says something: the trainer has a cut-over.
  bool has_parallel_threshold() const { return find_trainer(trainer).has_parallel_threshold; }

  /// Samples of one step: the batch, or of full-batch training all of them.
  std::size_t step_samples() const;
};

/// On how many threads, and how, one visit trains.
struct ThreadSetting {
  std::size_t threads = 1;
  bool shared = false;  ///< sync, full-batch: the shared step, without the cut-over, on one thread too
};

struct Trained {
  double seconds = 0.0;  ///< of the epochs, by the trainer's clock; of an ensemble, by the wall
  std::size_t samples = 0;
  std::size_t threads_used = 1;
  std::vector<Parameters<double>> theta;  ///< one a member, exactly as trained

  double samples_per_second() const { return static_cast<double>(samples) / seconds; }
};

/// Trains from the initial parameters. Throws WrongResult when the loss becomes NaN or infinite.
Trained train(const Workload& work, const BackendEntry& backend, const ThreadSetting& setting,
              std::size_t epochs);

/// So many epochs of `work` on one thread as take about `seconds`; at least one.
std::size_t epochs_for(const Workload& work, const BackendEntry& backend, double seconds);

/// Why the results of `work` are not right, or empty; nothing is timed before. One epoch on one thread is
/// naive's but for rounding (step_problem()), and on each number of `threads` it leaves the bits of one
/// thread where trainer and backend promise it, else naive's but for rounding; of trainers without a promise
/// (hogwild) only one thread is compared, with mini-batch, bit for bit, and the others must stay finite.
std::string problem_of(const Workload& work, const BackendEntry& backend,
                       const std::vector<std::size_t>& threads);

/// The cases of the throughput table, in its order.
std::vector<Workload> scaling_workloads();

/// sync on 28-width-width-1 and data of no meaning.
Workload sync_workload(std::size_t width, std::size_t batch, std::size_t samples);

}  // namespace mlpbench
