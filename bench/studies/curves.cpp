#include "bench/studies/curves.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/results/curve_points.h"
#include "core/training/thread_pool.h"
#include "support/error.h"

namespace mlpbench {
namespace {

constexpr std::size_t kThreads = 2, kWorkers = 2, kLocalSteps = 4, kMaxEpochs = 1000, kMaxEpochsQuick = 250;

Settings with_trainer(const Experiment& experiment, const TrainerEntry& trainer, bool quick) {
  Settings settings = experiment.defaults;
  settings.trainer = trainer.name;
  settings.threads = trainer.parallel ? running_threads(kThreads) : 1;
  settings.workers = kWorkers;
  settings.local_steps = kLocalSteps;
  settings.hogwild_form = HogwildForm::fast;
  if (trainer.name == experiment.defaults.trainer) {
    settings.threads = experiment.defaults.threads;
  } else {
    settings.epochs = std::min(settings.epochs, quick ? kMaxEpochsQuick : kMaxEpochs);
  }
  return settings;
}

bool makes_sense(const TrainerEntry& trainer, const Settings& settings, std::size_t samples) {
  if (!trainer.uses_batches) return true;
  if (samples < kWorkers * settings.batch_size) return false;
  return running_threads(kThreads) > 1 || trainer.equivalent_to == trainer.name;
}

void train_seed(const Experiment& experiment, std::uint32_t seed, Curve& curve) {
  Settings settings = curve.settings;
  settings.seed = seed;
  Curve::Seed& result = curve.seeds.emplace_back();
  result.seed = seed;
  try {
    const Problem problem = experiment.build(settings);
    curve.batch_size =
        stepping_trainer(settings).uses_batches ? settings.batch_size : problem.train.samples();
    const TrainingTrace trace =
        run_experiment(experiment, problem, settings, *curve.backend, curve.dtype).trace;
    const std::vector<double>& losses =
        trace.mean_loss_per_epoch.empty() ? trace.loss_per_epoch : trace.mean_loss_per_epoch;
    for (const std::size_t epoch : curve.epoch) result.loss.push_back(losses[epoch - 1]);
    result.epoch_seconds = trace.seconds / static_cast<double>(settings.epochs + problem.epochs_before_first);
  } catch (const WrongResult&) {
    result.loss.clear();
  }
}

nlohmann::ordered_json rounded_list(const std::vector<double>& values) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const double value : values) list.push_back(rounded(value, 5));
  return list;
}

}  // namespace

std::vector<Settings> curve_settings(const Experiment& experiment, const std::vector<std::string>& trainers,
                                     bool quick) {
  const std::size_t samples = experiment.build(experiment.defaults).train.samples();
  std::vector<std::string> names{experiment.defaults.trainer};
  for (const TrainerEntry& entry : all_trainers()) {
    if (!entry.runs_members && entry.name != experiment.defaults.trainer) names.emplace_back(entry.name);
  }
  std::vector<Settings> all;
  for (const std::string& name : names) {
    const bool chosen =
        trainers.empty() || std::find(trainers.begin(), trainers.end(), name) != trainers.end();
    const TrainerEntry& trainer = find_trainer(name);
    const Settings settings = with_trainer(experiment, trainer, quick);
    if (chosen && (name == experiment.defaults.trainer || makes_sense(trainer, settings, samples))) {
      all.push_back(settings);
    }
  }
  return all;
}

std::vector<Curve> loss_curves(const Experiment& experiment, const std::vector<std::string>& trainers,
                               const BackendEntry& backend, const StudySetting& setting) {
  std::vector<Curve> curves;
  for (const Settings& settings : curve_settings(experiment, trainers, setting.quick)) {
    curves.push_back({std::string(experiment.name),
                      settings,
                      &backend,
                      setting.dtype,
                      0,
                      curve_points(settings.epochs, kCurvePoints),
                      {}});
  }
  for (std::size_t i = 0; i < setting.seeds; ++i) {
    for (Curve& curve : curves) {
      setting.next(fmt::format("loss curves, {}, seed {} of {}", experiment.name, i + 1, setting.seeds));
      train_seed(experiment, experiment.defaults.seed + static_cast<std::uint32_t>(i), curve);
    }
  }
  return curves;
}

nlohmann::ordered_json curves_json(const std::vector<Curve>& curves) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Curve& curve : curves) {
    nlohmann::ordered_json seeds = nlohmann::ordered_json::array(), seconds = seeds, losses = seeds;
    for (const Curve::Seed& seed : curve.seeds) {
      const bool trained = seed.epoch_seconds.has_value();
      seeds.push_back(seed.seed);
      seconds.push_back(trained ? nlohmann::ordered_json(rounded(*seed.epoch_seconds, 5)) : nullptr);
      losses.push_back(trained ? rounded_list(seed.loss) : nullptr);
    }
    all.push_back({{"experiment", curve.experiment},
                   {"trainer", curve.settings.trainer},
                   {"backend", curve.backend->name},
                   {"dtype", to_string(curve.dtype)},
                   {"threads", curve.settings.threads},
                   {"batch_size", curve.batch_size},
                   {"learning_rate", curve.settings.learning_rate},
                   {"seeds", std::move(seeds)},
                   {"epoch", curve.epoch},
                   {"seconds_per_epoch", std::move(seconds)},
                   {"loss", std::move(losses)}});
  }
  return all;
}

}  // namespace mlpbench
