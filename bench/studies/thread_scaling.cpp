#include "bench/studies/thread_scaling.h"

#include "bench/scaling/throughput.h"
#include "core/training/thread_team.h"

namespace mlpbench {

std::vector<std::size_t> threads_to_compare(std::size_t cpus) {
  std::vector<std::size_t> threads;
  for (std::size_t count = 2; count < cpus; count *= 2) threads.push_back(count);
  if (cpus > 1) threads.push_back(cpus);
  return threads;
}

nlohmann::ordered_json thread_scaling(const BackendEntry& backend, const StudySetting& setting) {
  ScalingOptions options;
  options.threads = threads_to_compare(running_threads(1024));
  if (options.threads.empty()) return nullptr;
  options.backends = {std::string(backend.name)};
  options.cases = {"sync/784-512-512-10", "sync/28-64-64-1", "hogwild-fast", "ensemble"};
  options.dtype = setting.dtype;
  options.rounds = 7;
  if (setting.quick) {
    options.cases = {"hogwild-fast", "ensemble"};
    options.rounds = 3;
    options.seconds_per_visit = 0.02;
  }
  options.tell = [&](const std::string& what) { setting.next("scaling, " + what); };
  return scaling_json(measure_scaling(options));
}

}  // namespace mlpbench
