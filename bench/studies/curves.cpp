#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/studies/sections.h"
#include "core/training/thread_pool.h"
#include "support/error.h"

namespace mlpbench {
namespace {

constexpr std::size_t kCurvePoints = 100;
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

/// A curve, and the settings of its trainings but for the seed.
struct Training {
  const Experiment* experiment;
  Settings settings;
};

/// Seconds; then the batch, seconds an epoch and the losses of the curve, infinite where the seed diverged.
std::vector<double> train_seed(const Training& training, std::size_t seed, const CurveFact& curve,
                               const BackendEntry& backend, DType dtype) {
  Settings settings = training.settings;
  settings.seed += static_cast<std::uint32_t>(seed);
  const Problem problem = training.experiment->build(settings);
  const std::size_t batch =
      stepping_trainer(settings).uses_batches ? settings.batch_size : problem.train.samples();
  std::vector<double> found(curve.epoch.size() + 3, std::numeric_limits<double>::infinity());
  found[1] = static_cast<double>(batch);
  const Clock::time_point start = Clock::now();
  try {
    const TrainingTrace trace = run_experiment(*training.experiment, problem, settings, backend, dtype).trace;
    const std::vector<double>& losses =
        trace.mean_loss_per_epoch.empty() ? trace.loss_per_epoch : trace.mean_loss_per_epoch;
    found[2] = trace.seconds / static_cast<double>(settings.epochs + problem.epochs_before_first);
    for (std::size_t i = 0; i < curve.epoch.size(); ++i) {
      found[3 + i] = losses[static_cast<std::size_t>(curve.epoch[i]) - 1];
    }
  } catch (const WrongResult&) {
  }
  found[0] = seconds_since(start);
  return found;
}

void finish(const Measurement& series, std::uint32_t first_seed, CurveFact& curve) {
  const auto known = [](double value) { return std::isfinite(value) ? rounded(value, 5) : kUnknown; };
  for (const std::vector<double>& found : series.also) {
    curve.seeds.emplace_back(first_seed + curve.seeds.size());
    curve.batch_size = found[0];
    curve.seconds_per_epoch.push_back(known(found[1]));
    std::vector<double>& loss = curve.loss.emplace_back();
    std::transform(found.begin() + 2, found.end(), std::back_inserter(loss), known);
  }
}

void run_curves(const Selected& selected, const StudySetting& setting, Document& document) {
  document.curves = loss_curves(selected.experiments, selected.trainers, *selected.fastest, setting);
}

double estimate_curves(StudyPlan& plan) {
  double seconds = 0.0;
  for (const Experiment* experiment : plan.selected.experiments) {
    for (const Settings& settings : curve_settings(*experiment, plan.selected.trainers, plan.setting.quick)) {
      seconds += plan.training(*experiment, *plan.selected.fastest, plan.setting.dtype, settings);
    }
  }
  return seconds * static_cast<double>(plan.setting.seeds);
}

}  // namespace

std::vector<Settings> curve_settings(const Experiment& experiment, const std::vector<std::string>& trainers,
                                     bool quick) {
  if (experiment.made_up) return {};
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

std::vector<CurveFact> loss_curves(const std::vector<const Experiment*>& experiments,
                                   const std::vector<std::string>& trainers, const BackendEntry& backend,
                                   const StudySetting& setting) {
  std::vector<Training> trainings;
  for (const Experiment* experiment : experiments) {
    for (const Settings& settings : curve_settings(*experiment, trainers, setting.quick)) {
      trainings.push_back({experiment, settings});
    }
  }
  std::vector<CurveFact> curves(trainings.size());
  std::vector<Item> items;
  for (std::size_t i = 0; i < trainings.size(); ++i) {
    const Training& training = trainings[i];
    CurveFact& curve = curves[i];
    curve.experiment = training.experiment->name;
    curve.trainer = training.settings.trainer;
    curve.backend = backend.name;
    curve.dtype = to_string(setting.dtype);
    curve.threads = training.settings.threads;
    curve.learning_rate = training.settings.learning_rate;
    for (const std::size_t epoch : curve_points(training.settings.epochs, kCurvePoints))
      curve.epoch.emplace_back(epoch);
    items.push_back(
        {.name = fmt::format("curves/{}/{}", curve.experiment, curve.trainer),
         .time = [&](std::size_t,
                     std::size_t seed) { return train_seed(training, seed, curve, backend, setting.dtype); },
         .round = curve.experiment + ", seed"});
  }
  const std::vector<Measurement> found = setting.measure_all("loss curves", items, setting.seeds);
  for (std::size_t i = 0; i < curves.size(); ++i) {
    finish(found[i], trainings[i].experiment->defaults.seed, curves[i]);
  }
  return curves;
}

Study curves_study() {
  return {.name = "curves",
          .about = "how the loss falls, trainer by trainer",
          .estimate = estimate_curves,
          .run = run_curves};
}

}  // namespace mlpbench
