#include "bench/studies/thread_scaling.h"

#include <algorithm>

#include "bench/operations/work.h"
#include "bench/studies/throughput.h"
#include "core/training/thread_pool.h"

namespace mlpbench {

std::vector<std::size_t> threads_to_compare(std::size_t cpus) {
  std::vector<std::size_t> threads;
  for (std::size_t count = 2; count < cpus; count *= 2) threads.push_back(count);
  if (cpus > 1) threads.push_back(cpus);
  return threads;
}

namespace {

ScalingOptions options_for(const BackendEntry& backend, const StudySetting& setting) {
  ScalingOptions options;
  options.threads = threads_to_compare(running_threads(1024));
  options.backends = {std::string(backend.name)};
  options.cases = {"sync/784-512-512-10", "sync/28-64-64-1", "hogwild-fast", "ensemble"};
  options.dtype = setting.dtype;
  options.rounds = 7;
  if (setting.quick) {
    options.cases = {"hogwild-fast", "ensemble"};
    options.rounds = 3;
    options.seconds_per_visit = 0.02;
  }
  options.tell = [&setting](const std::string& what) { setting.next("scaling, " + what); };
  return options;
}

double epoch_flop(const Workload& work) {
  const TrainingOptions& options = work.options;
  return static_cast<double>(work.initial.size()) * epoch_work(work.network, work.data->samples(),
                                                               work.step_samples(),
                                                               options.keep_incomplete_batch, sizeof(float))
                                                        .flop;
}

/// Of the naive backend, by one step of a middle size.
double naive_flop_a_second() {
  const Workload work = sync_workload(64, 256, 256);
  return epoch_flop(work) / train(work, find_backend("naive"), {}, 1).seconds;
}

constexpr double kProbesOfVisit = 0.06;  ///< seconds of the probes before and after a visit, about

}  // namespace

double thread_scaling_seconds(const BackendEntry& backend, const StudySetting& setting) {
  const ScalingOptions options = options_for(backend, setting);
  if (options.threads.empty()) return 0.0;
  const double naive = naive_flop_a_second();
  double seconds = 0.0;
  for (const Workload& work : scaling_workloads()) {
    const auto is_part = [&](const std::string& part) { return work.name.find(part) != std::string::npos; };
    if (std::none_of(options.cases.begin(), options.cases.end(), is_part)) continue;
    const double ways =
        static_cast<double>((work.has_parallel_threshold() ? 2 : 1) * (1 + options.threads.size()));
    const double visit = (find_trainer(work.trainer).runs_members ? 4.0 : 1.0) * options.seconds_per_visit;
    const double check = epoch_flop(work) / naive + visit;
    seconds += check + static_cast<double>(options.rounds) * ways * (visit + kProbesOfVisit);
  }
  return seconds;
}

nlohmann::ordered_json thread_scaling(const BackendEntry& backend, const StudySetting& setting) {
  const ScalingOptions options = options_for(backend, setting);
  if (options.threads.empty()) return nullptr;
  return scaling_json(measure_scaling(options));
}

}  // namespace mlpbench
