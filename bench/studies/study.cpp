#include "bench/studies/study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "bench/results/document.h"
#include "bench/stats/order.h"
#include "bench/studies/throughput.h"
#include "core/data/random_state.h"
#include "experiments/experiment.h"
#include "support/error.h"
#include "support/format.h"
#include "support/table.h"

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

struct Way {
  const char* name;
  const char* trainer;
  HogwildForm form = HogwildForm::strict;
};
constexpr Way kWays[] = {{"full-batch", "full-batch"},
                         {"mini-batch", "mini-batch"},
                         {"sync", "sync"},
                         {"hogwild-strict", "hogwild", HogwildForm::strict},
                         {"hogwild-fast", "hogwild", HogwildForm::fast},
                         {"local-sgd", "local-sgd"}};

const Experiment& experiment_of(const Subject& subject) {
  const auto all = all_experiments();
  return *std::find_if(all.begin(), all.end(), [&](const auto& e) { return e.name == subject.experiment; });
}

std::vector<Subject> chosen_subjects(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (std::none_of(std::begin(kSubjects), std::end(kSubjects),
                     [&](const auto& s) { return s.experiment == name; })) {
      throw UserError(fmt::format("--experiment: '{}' is none of breast_cancer, moons, digits", name));
    }
  }
  std::vector<Subject> chosen;
  for (const Subject& subject : kSubjects) {
    if (names.empty() || std::find(names.begin(), names.end(), subject.experiment) != names.end()) {
      chosen.push_back(subject);
    }
  }
  return chosen;
}

Settings settings_of(const Subject& subject, const Way& way, const StudyRow& row, std::size_t threads,
                     std::uint32_t seed) {
  Settings settings = experiment_of(subject).defaults;
  settings.epochs = row.epochs;
  settings.learning_rate = subject.learning_rate;
  settings.batch_size = 32;
  settings.seed = seed;
  settings.trainer = way.trainer;
  settings.hogwild_form = way.form;
  settings.local_steps = 4;
  settings.workers = 2;
  settings.threads = find_trainer(way.trainer).parallel ? threads : 1;
  return settings;
}

/// Trains with one seed and adds what came of it.
void add_seed(const Subject& subject, const Way& way, std::uint32_t seed, std::size_t threads,
              StudyRow& row) {
  const Experiment& experiment = experiment_of(subject);
  Settings settings = settings_of(subject, way, row, threads, seed);
  const Problem problem = experiment.build(settings);
  row.batch_size = find_trainer(way.trainer).uses_batches ? settings.batch_size : problem.train.samples();
  row.threads = settings.threads;
  const RunResult whole = run_experiment(experiment, problem, settings, *row.backend, row.dtype);
  row.accuracy.push_back(whole.test_accuracy.value());
  row.final_loss.push_back(whole.trace.mean_loss_per_epoch.empty() ? whole.trace.loss_per_epoch.back()
                                                                   : whole.trace.mean_loss_per_epoch.back());
  if (whole.trace.lost_updates) row.lost_updates.push_back(static_cast<double>(*whole.trace.lost_updates));

  settings.target_accuracy = subject.target_accuracy;
  const RunResult until = run_experiment(experiment, problem, settings, *row.backend, row.dtype);
  const TargetReport& target = until.trace.target.value();
  row.epochs_to_target.push_back(target.met ? static_cast<double>(target.epochs) : kNotReached);
  row.seconds_to_target.push_back(target.met ? target.seconds : kNotReached);
  row.seconds_with_evaluation.push_back(target.met ? target.seconds_with_evaluation : kNotReached);
}

StudyRow row_of(const Subject& subject, const Way& way, const BackendEntry& backend,
                const StudyOptions& options) {
  StudyRow row;
  row.experiment = subject.experiment;
  row.trainer = way.name;
  row.backend = &backend;
  row.dtype = options.dtype;
  row.epochs = options.quick ? subject.quick_epochs : subject.epochs;
  row.learning_rate = subject.learning_rate;
  row.target_accuracy = subject.target_accuracy;
  return row;
}

template <typename Format>
std::string range(const std::vector<double>& values, Format format) {
  if (values.empty()) return "";
  const Spread spread = spread_of(values);
  const auto text = [&](double value) { return value == kNotReached ? "never" : format(value); };
  return fmt::format("{} [{}, {}]", text(spread.median), text(spread.lowest), text(spread.highest));
}

RangeOfSeeds range_to_target(const std::vector<double>& values) {
  RangeOfSeeds range{Range::of(values)};
  range.interval = median_interval(values, 0.95);
  return range;
}

}  // namespace

std::size_t StudyRow::reached() const {
  return seeds() -
         static_cast<std::size_t>(std::count(epochs_to_target.begin(), epochs_to_target.end(), kNotReached));
}

nlohmann::ordered_json to_target_json(const std::vector<double>& values) {
  return json_of(range_to_target(values));
}

std::vector<std::string> study_experiments() {
  std::vector<std::string> names;
  for (const Subject& subject : kSubjects) names.emplace_back(subject.experiment);
  return names;
}

std::vector<StudyRow> run_study(const StudyOptions& options) {
  const BackendEntry& backend =
      options.backend.empty() ? *usable_backends().front() : find_backend(options.backend);
  RandomState shuffler(options.order_seed);
  std::vector<StudyRow> all;
  for (const Subject& subject : chosen_subjects(options.experiments)) {
    std::vector<StudyRow> rows;
    for (const Way& way : kWays) rows.push_back(row_of(subject, way, backend, options));
    for (std::size_t seed = 1; seed <= options.seeds; ++seed) {
      std::vector<std::size_t> order(rows.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      shuffler.shuffle(order);
      for (const std::size_t i : order) {
        if (options.tell) {
          options.tell(
              fmt::format("{}, seed {} of {}, {}", subject.experiment, seed, options.seeds, kWays[i].name));
        }
        add_seed(subject, kWays[i], static_cast<std::uint32_t>(seed), options.threads, rows[i]);
      }
    }
    std::move(rows.begin(), rows.end(), std::back_inserter(all));
  }
  return all;
}

std::string study_text(const std::vector<StudyRow>& rows) {
  Table table;
  table.add_column("experiment", Table::Align::left);
  table.add_column("trainer", Table::Align::left);
  for (const char* title : {"threads", "held-out accuracy, %", "target, %", "reached", "epochs to target",
                            "time to target", "lost updates"}) {
    table.add_column(title);
  }
  for (const StudyRow& row : rows) {
    table.add_row({row.experiment, row.trainer, std::to_string(row.threads),
                   range(row.accuracy, [](double share) { return fmt::format("{:.2f}", 100.0 * share); }),
                   fmt::format("{:.0f}", 100.0 * row.target_accuracy),
                   fmt::format("{}/{}", row.reached(), row.seeds()),
                   range(row.epochs_to_target, [](double epochs) { return fmt::format("{:.0f}", epochs); }),
                   range(row.seconds_to_target, [](double seconds) { return format_seconds(seconds); }),
                   range(row.lost_updates, [](double lost) { return format_quantity(lost); })});
  }
  return table.console() +
         "\nMedian [lowest, highest] over the seeds; a seed that did not reach the target counts as one that "
         "never\ndoes. Times are without the evaluations.\n";
}

nlohmann::ordered_json study_json(const std::vector<StudyRow>& rows) {
  std::vector<TargetFact> facts;
  for (const StudyRow& row : rows) {
    TargetFact fact;
    fact.experiment = row.experiment;
    fact.trainer = row.trainer;
    fact.backend = row.backend->name;
    fact.dtype = to_string(row.dtype);
    fact.threads = row.threads;
    fact.epochs = row.epochs;
    fact.batch_size = row.batch_size;
    fact.learning_rate = row.learning_rate;
    fact.target_accuracy = row.target_accuracy;
    fact.seeds = row.seeds();
    fact.reached = row.reached();
    fact.accuracy = {Range::of(row.accuracy)};
    fact.final_loss = {Range::of(row.final_loss)};
    if (!row.lost_updates.empty()) fact.lost_updates = {Range::of(row.lost_updates)};
    fact.epochs_to_target = range_to_target(row.epochs_to_target);
    fact.seconds_to_target = range_to_target(row.seconds_to_target);
    fact.seconds_with_evaluation = range_to_target(row.seconds_with_evaluation);
    facts.push_back(std::move(fact));
  }
  return json_of(facts);
}

}  // namespace mlpbench
