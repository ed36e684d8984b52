#include "bench/studies/time_to_accuracy.h"

#include <algorithm>

#include "core/training/thread_pool.h"

namespace mlpbench {

StudyOptions time_to_accuracy_options(const std::vector<std::string>& experiments,
                                      const BackendEntry& backend, const StudySetting& setting) {
  StudyOptions options;
  for (const std::string& name : study_experiments()) {
    if (std::find(experiments.begin(), experiments.end(), name) != experiments.end()) {
      options.experiments.push_back(name);
    }
  }
  options.seeds = setting.seeds;
  options.threads = running_threads(options.threads);
  options.dtype = setting.dtype;
  options.quick = setting.quick;
  options.backend = backend.name;
  options.tell = [&setting](const std::string& what) { setting.next("time to accuracy, " + what); };
  return options;
}

nlohmann::ordered_json time_to_accuracy(const std::vector<std::string>& experiments,
                                        const BackendEntry& backend, const StudySetting& setting) {
  const StudyOptions options = time_to_accuracy_options(experiments, backend, setting);
  if (options.experiments.empty()) return nullptr;
  return study_json(run_study(options));
}

}  // namespace mlpbench
