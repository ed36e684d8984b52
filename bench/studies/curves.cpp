#include "bench/studies/curves.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/results/curve_points.h"
#include "bench/studies/study.h"
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

/// With settings.seed, which is one more of the curve.
void train_seed(const Experiment& experiment, const Settings& settings, const BackendEntry& backend,
                DType dtype, CurveFact& curve) {
  curve.seeds.emplace_back(settings.seed);
  std::vector<double>& loss = curve.loss.emplace_back(curve.epoch.size(), kUnknown);
  double& seconds = curve.seconds_per_epoch.emplace_back(kUnknown);
  const Problem problem = experiment.build(settings);
  curve.batch_size = stepping_trainer(settings).uses_batches ? settings.batch_size : problem.train.samples();
  try {
    const TrainingTrace trace = run_experiment(experiment, problem, settings, backend, dtype).trace;
    const std::vector<double>& losses =
        trace.mean_loss_per_epoch.empty() ? trace.loss_per_epoch : trace.mean_loss_per_epoch;
    for (std::size_t i = 0; i < loss.size(); ++i) {
      loss[i] = rounded(losses[static_cast<std::size_t>(curve.epoch[i]) - 1], 5);
    }
    seconds = rounded(trace.seconds / static_cast<double>(settings.epochs + problem.epochs_before_first), 5);
  } catch (const WrongResult&) {
  }
}

nlohmann::ordered_json of_all_experiments(const Selected& selected, const StudySetting& setting) {
  std::vector<CurveFact> all;
  for (const Experiment* experiment : selected.experiments) {
    for (CurveFact& curve : loss_curves(*experiment, selected.trainers, *selected.fastest, setting)) {
      all.push_back(std::move(curve));
    }
  }
  return json_of(all);
}

double estimate(StudyPlan& plan) {
  double seconds = 0.0;
  for (const Experiment* experiment : plan.selected.experiments) {
    for (const Settings& settings : curve_settings(*experiment, plan.selected.trainers, plan.setting.quick)) {
      seconds += plan.training({experiment, plan.selected.fastest, plan.setting.dtype, "",
                                find_trainer(settings.trainer).name, settings.threads},
                               settings.epochs);
    }
  }
  return seconds * static_cast<double>(plan.setting.seeds);
}

}  // namespace

std::vector<Settings> curve_settings(const Experiment& experiment, const std::vector<std::string>& trainers,
                                     bool quick) {
  const std::size_t samples = experiment.build(experiment.defaults).train.samples();
  std::vector<std::string> names{std::string(experiment.defaults.trainer)};
  for (const TrainerEntry& trainer : all_trainers()) {
    const bool own = trainer.name == experiment.defaults.trainer;
    if (!own && !trainer.runs_members) names.emplace_back(trainer.name);
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

std::vector<CurveFact> loss_curves(const Experiment& experiment, const std::vector<std::string>& trainers,
                                   const BackendEntry& backend, const StudySetting& setting) {
  std::vector<Settings> all = curve_settings(experiment, trainers, setting.quick);
  std::vector<CurveFact> curves;
  for (const Settings& settings : all) {
    CurveFact& curve = curves.emplace_back();
    curve.experiment = experiment.name;
    curve.trainer = settings.trainer;
    curve.backend = backend.name;
    curve.dtype = to_string(setting.dtype);
    curve.threads = settings.threads;
    curve.learning_rate = settings.learning_rate;
    for (const std::size_t epoch : curve_points(settings.epochs, kCurvePoints))
      curve.epoch.emplace_back(epoch);
  }
  for (std::size_t i = 0; i < setting.seeds; ++i) {
    for (std::size_t c = 0; c < all.size(); ++c) {
      setting.next(fmt::format("loss curves, {}, seed {} of {}", experiment.name, i + 1, setting.seeds));
      all[c].seed = experiment.defaults.seed + static_cast<std::uint32_t>(i);
      train_seed(experiment, all[c], backend, setting.dtype, curves[c]);
    }
  }
  return curves;
}

Study curves_study() {
  return {.name = "curves",
          .about = "how the loss falls, trainer by trainer",
          .estimate = estimate,
          .run = of_all_experiments};
}

}  // namespace mlpbench
