// What the studies of threads train: one trainer on one network and data set.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "bench/measure/check.h"

namespace mlpbench {

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
/// naive's but for rounding (check_step()), and on each number of `threads` it leaves the bits of one
/// thread where trainer and backend promise it, else naive's but for rounding; of trainers without a promise
/// (hogwild) only one thread is compared, with mini-batch, bit for bit, and the others must stay finite.
std::string check(const Workload& work, const BackendEntry& backend, const std::vector<std::size_t>& threads);

/// The cases of the throughput table, in its order.
std::vector<Workload> scaling_workloads();

/// sync on data of no meaning.
Workload sync_workload(const NetworkSpec& network, std::size_t batch, std::size_t samples);

}  // namespace mlpbench
