#include <fmt/format.h>

#include <algorithm>

#include "bench/studies/sections.h"
#include "core/training/thread_pool.h"

namespace mlpbench {
namespace {

/// Every trainer has the same network, rate and number of epochs: what differs is the trainer.
struct Subject {
  const char* experiment;
  std::size_t epochs, quick_epochs;
  double learning_rate;
  double target_accuracy;
};
constexpr Subject kSubjects[] = {
    {"breast_cancer", 1000, 200, 0.1, 0.98}, {"moons", 400, 400, 0.1, 0.95}, {"digits", 100, 20, 0.1, 0.95}};

constexpr std::string_view kFormOption = "--hogwild-form";
constexpr std::size_t kThreads = 2;  ///< of the parallel trainers, where there are as many CPUs

Settings settings_of(const Experiment& experiment, const Subject& subject, const TrainerEntry& trainer,
                     HogwildForm form, bool quick) {
  Settings settings = experiment.defaults;
  settings.epochs = quick ? subject.quick_epochs : subject.epochs;
  settings.learning_rate = subject.learning_rate;
  settings.batch_size = 32;
  settings.trainer = trainer.name;
  settings.hogwild_form = form;
  settings.local_steps = 4;
  settings.workers = 2;
  settings.threads = trainer.parallel ? running_threads(kThreads) : 1;
  return settings;
}

/// A row, and the settings of all its runs but for the seed.
struct Contestant {
  const Experiment* experiment;
  Settings settings;
  const BackendEntry* backend;
  DType dtype;
  TargetFact row;
};

/// Every trainer of single runs; hogwild in both forms.
std::vector<Contestant> contestants(const std::vector<const Experiment*>& experiments,
                                    const BackendEntry& backend, DType dtype, bool quick) {
  std::vector<std::pair<const TrainerEntry*, HogwildForm>> kinds;
  for (const TrainerEntry& trainer : all_trainers()) {
    if (trainer.runs_members) continue;
    kinds.emplace_back(&trainer, HogwildForm::strict);
    if (trainer.reads(kFormOption)) kinds.emplace_back(&trainer, HogwildForm::fast);
  }
  std::vector<Contestant> all;
  for (const Subject& subject : kSubjects) {
    const auto found = std::find_if(experiments.begin(), experiments.end(),
                                    [&](const Experiment* e) { return e->name == subject.experiment; });
    if (found == experiments.end()) continue;
    for (const auto& [trainer, form] : kinds) {
      all.push_back({*found, settings_of(**found, subject, *trainer, form, quick), &backend, dtype, {}});
      Contestant& one = all.back();
      one.row.experiment = subject.experiment;
      one.row.trainer = trainer->name;
      if (trainer->reads(kFormOption)) one.row.trainer += form == HogwildForm::fast ? "-fast" : "-strict";
      one.row.backend = backend.name;
      one.row.dtype = to_string(dtype);
      one.row.epochs = one.settings.epochs;
      one.row.threads = one.settings.threads;
      one.row.learning_rate = subject.learning_rate;
      one.row.target_accuracy = subject.target_accuracy;
    }
  }
  return all;
}

/// Trains with one seed. Returns seconds, accuracy, final loss, then of the run to the target epochs, seconds
/// and seconds with the evaluations, and the batch. The last are the lost updates, where they are counted.
std::vector<double> train_seed(const Contestant& one, std::size_t seed) {
  Settings settings = one.settings;
  settings.seed = static_cast<std::uint32_t>(seed);
  const Problem problem = one.experiment->build(settings);
  const auto run = [&] {
    return run_experiment(*one.experiment, problem, settings, *one.backend, one.dtype);
  };
  const RunResult whole = run();
  const TrainingTrace& trace = whole.trace;
  settings.target_accuracy = one.row.target_accuracy;
  const TargetReport target = run().trace.target.value();
  const auto if_met = [&](double value) { return target.met ? value : kNotReached; };
  const bool batches = find_trainer(settings.trainer).uses_batches;
  std::vector<double> found{
      trace.seconds,
      whole.test_accuracy.value(),
      trace.mean_loss_per_epoch.empty() ? trace.loss_per_epoch.back() : trace.mean_loss_per_epoch.back(),
      if_met(static_cast<double>(target.epochs)),
      if_met(target.seconds),
      if_met(target.seconds_with_evaluation),
      static_cast<double>(batches ? settings.batch_size : problem.train.samples())};
  if (trace.lost_updates) found.push_back(static_cast<double>(*trace.lost_updates));
  return found;
}

void finish(const Measurement& series, TargetFact& row) {
  row.seeds = series.also.size();
  row.reached = count_reached(column(series, 2));
  row.accuracy = {Range::of(column(series, 0))};
  row.final_loss = {Range::of(column(series, 1))};
  row.epochs_to_target = range_to_target(column(series, 2));
  row.seconds_to_target = range_to_target(column(series, 3));
  row.seconds_with_evaluation = range_to_target(column(series, 4));
  row.batch_size = column(series, 5).front();
  if (series.also.front().size() > 6) row.lost_updates = {Range::of(column(series, 6))};
}

void run_time_to_accuracy(const Selected& selected, const StudySetting& setting, Document& document) {
  document.time_to_accuracy = time_to_accuracy(selected.experiments, *selected.fastest, setting);
}

/// Each seed is trained once whole and once to its target, which is taken for whole.
double estimate_time_to_accuracy(StudyPlan& plan) {
  double seconds = 0.0;
  for (const Contestant& one : contestants(plan.selected.experiments, *plan.selected.fastest,
                                           plan.setting.dtype, plan.setting.quick)) {
    seconds += 2.0 * plan.training(*one.experiment, *one.backend, one.dtype, one.settings);
  }
  return seconds * static_cast<double>(plan.setting.seeds);
}

}  // namespace

std::vector<TargetFact> time_to_accuracy(const std::vector<const Experiment*>& experiments,
                                         const BackendEntry& backend, const StudySetting& setting) {
  const std::vector<Contestant> all = contestants(experiments, backend, setting.dtype, setting.quick);
  std::vector<Item> items;
  for (const Contestant& one : all) {
    items.push_back({.name = fmt::format("time_to_accuracy/{}/{}", one.row.experiment, one.row.trainer),
                     .time = [&one](std::size_t, std::size_t round) { return train_seed(one, round + 1); },
                     .round = one.row.experiment + ", seed"});
  }
  const std::vector<Measurement> found = setting.measure_all("time to accuracy", items, setting.seeds);
  std::vector<TargetFact> rows;
  for (std::size_t i = 0; i < all.size(); ++i) finish(found[i], rows.emplace_back(all[i].row));
  return rows;
}

std::vector<double> column(const Measurement& seeds, std::size_t n) {
  std::vector<double> values;
  for (const std::vector<double>& seed : seeds.also) values.push_back(seed[n]);
  return values;
}

std::size_t count_reached(const std::vector<double>& values) {
  return values.size() - static_cast<std::size_t>(std::ranges::count(values, kNotReached));
}

RangeOfSeeds range_to_target(const std::vector<double>& values) {
  RangeOfSeeds range{Range::of(values)};
  range.interval = median_interval(values, 0.95);
  return range;
}

Study time_to_accuracy_study() {
  return {.name = "time_to_accuracy",
          .about = "accuracy, and time to a target, of every trainer over seeds",
          .estimate = estimate_time_to_accuracy,
          .run = run_time_to_accuracy};
}

}  // namespace mlpbench
