// Which optimiser reaches a target soonest, when each has had the same budget of tuning.
//
// The protocol follows AlgoPerf's rules (G. Dahl et al., Benchmarking neural network training algorithms,
// arXiv 2306.07179, 2023). Every optimiser has the same number of trials on the same grid. Validation data
// alone decide the choice, and the result has seeds that the choice has not seen. A fifth of the training
// data is held out for validation; the test data are looked at once, by the networks of the result.

#include <fmt/format.h>

#include <algorithm>

#include "bench/stats/order.h"
#include "bench/studies/sections.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// The target is a loss on the validation data that plain SGD reaches at its best rate and batch.
struct Subject {
  const char* experiment;
  std::size_t epochs;
  double target_loss;
};
constexpr Subject kSubjects[] = {
    {"breast_cancer", 60, 0.15}, {"moons", 120, 0.10}, {"digits", 30, 0.10}, {"teacher", 20, 0.43}};

constexpr double kRates[] = {0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0};
constexpr std::size_t kBatches[] = {16, 64, 256};
constexpr double kValidation = 0.2;
constexpr std::size_t kMostPoints = 100;

/// An optimiser with a batch size on an experiment.
struct Contestant {
  const Experiment* experiment;
  Settings settings;  ///< but for rate and seed
  const BackendEntry* backend;
  DType dtype;
  double target_loss;

  std::string name() const {
    return fmt::format("{}/{}/{}", experiment->name, settings.optimiser.name, settings.batch_size);
  }
};

/// With a constant rate PyTorch's two conventions take the steps of the others.
bool is_compared(const OptimiserEntry& optimiser) { return !optimiser.name.ends_with("-torch"); }

std::vector<Contestant> contestants(const std::vector<const Experiment*>& experiments,
                                    const BackendEntry& backend, DType dtype, bool quick) {
  std::vector<Contestant> all;
  for (const Subject& subject : kSubjects) {
    const auto found = std::ranges::find(experiments, subject.experiment,
                                         [](const Experiment* experiment) { return experiment->name; });
    if (found == experiments.end()) continue;
    for (const OptimiserEntry& optimiser : all_optimisers()) {
      for (const std::size_t batch : kBatches) {
        if (!is_compared(optimiser) || (quick && batch != kBatches[1])) continue;
        Settings settings = (*found)->defaults;
        settings.trainer = "mini-batch";
        settings.epochs = subject.epochs;
        settings.batch_size = batch;
        settings.keep_incomplete_batch = true;
        settings.optimiser.name = optimiser.name;
        settings.validation_split = kValidation;
        all.push_back({*found, settings, &backend, dtype, subject.target_loss});
      }
    }
  }
  return all;
}

/// One training: seconds, epochs to the target, seconds to it, lowest validation loss, test accuracy of the
/// weights that had it. Then the validation loss after each epoch. Of a training that diverged, infinities.
std::vector<double> train_once(const Contestant& one, double rate, std::uint32_t seed) {
  Settings settings = one.settings;
  settings.learning_rate = rate;
  settings.seed = seed;
  std::vector<double> found = {kNotReached, kNotReached, kNotReached, kNotReached, 0.0};
  try {
    const Problem problem = build_problem(*one.experiment, settings);
    const RunResult run = run_experiment(*one.experiment, problem, settings, *one.backend, one.dtype);
    const std::vector<double>& losses = run.trace.validation->loss_per_epoch;
    const auto reached = std::ranges::find_if(losses, [&](double loss) { return loss <= one.target_loss; });
    const double epochs = static_cast<double>(reached - losses.begin()) + 1.0;
    const double per_epoch = run.trace.seconds / static_cast<double>(losses.size());
    found = {run.trace.seconds, kNotReached, kNotReached, run.trace.validation->best_loss,
             *run.test_accuracy};
    if (reached != losses.end()) found[1] = epochs, found[2] = epochs * per_epoch;
    found.insert(found.end(), losses.begin(), losses.end());
  } catch (const WrongResult&) {
    found[0] = 0.0;
    found.resize(5 + settings.epochs, kNotReached);
  }
  return found;
}

/// A trial of the tuning, or a result: a rate of a contestant over seeds from `first` on.
Item item_of(const char* stage, const Contestant& one, double rate, std::uint32_t first) {
  return {.name = fmt::format("optimisers/{}/{}/{}", stage, one.name(), rate),
          .time =
              [&one, rate, first](std::size_t, std::size_t round) {
                return train_once(one, rate, first + static_cast<std::uint32_t>(round));
              },
          .round = fmt::format("{}, {}, seed", one.experiment->name, stage)};
}

RateFact rate_fact(double rate, const Measurement& seeds) {
  const std::vector<double> epochs = column(seeds, 0), losses = column(seeds, 2);
  return {rate, count_reached(epochs), median(epochs), rounded(median(losses), 5)};
}

/// Whether a rate is the better choice: sooner at the target in the median seed, else with a lower loss.
bool is_better(const RateFact& a, const RateFact& b) {
  return a.epochs_to_target != b.epochs_to_target ? a.epochs_to_target < b.epochs_to_target
                                                  : a.validation_loss < b.validation_loss;
}

CurveFact curve_of(const Contestant& one, double rate, const Measurement& seeds) {
  CurveFact curve;
  curve.experiment = one.experiment->name;
  curve.trainer = one.settings.optimiser.name;
  curve.backend = one.backend->name;
  curve.dtype = to_string(one.dtype);
  curve.threads = 1;
  curve.batch_size = one.settings.batch_size;
  curve.learning_rate = rate;
  const std::vector<std::size_t> points = curve_points(one.settings.epochs, kMostPoints);
  for (const std::size_t epoch : points) curve.epoch.emplace_back(epoch);
  for (std::size_t seed = 0; seed < seeds.also.size(); ++seed) {
    curve.seeds.emplace_back(seed);
    const double seconds = seeds.seconds[seed] / static_cast<double>(one.settings.epochs);
    curve.seconds_per_epoch.push_back(seconds > 0.0 ? seconds : kUnknown);
    std::vector<double>& losses = curve.loss.emplace_back();
    for (const std::size_t epoch : points) {
      const double loss = seeds.also[seed][3 + epoch];
      losses.push_back(std::isfinite(loss) ? rounded(loss, 5) : kUnknown);
    }
  }
  return curve;
}

OptimiserFact fact_of(const Contestant& one, std::vector<RateFact> rates, double rate,
                      const Measurement& seeds) {
  OptimiserFact fact;
  fact.experiment = one.experiment->name;
  fact.optimiser = one.settings.optimiser.name;
  fact.backend = one.backend->name;
  fact.dtype = to_string(one.dtype);
  fact.batch_size = one.settings.batch_size;
  fact.epochs = one.settings.epochs;
  fact.target_loss = one.target_loss;
  fact.learning_rate = rate;
  fact.rates = std::move(rates);
  fact.seeds = seeds.also.size();
  fact.epochs_to_target = range_to_target(column(seeds, 0));
  fact.seconds_to_target = range_to_target(column(seeds, 1));
  fact.reached = count_reached(column(seeds, 0));
  fact.validation_loss = range_to_target(column(seeds, 2));
  fact.accuracy = range_to_target(column(seeds, 3));
  fact.curve = curve_of(one, rate, seeds);
  return fact;
}

void run_optimisers(const Selected& selected, const StudySetting& setting, Document& document) {
  document.optimisers = compare_optimisers(selected.experiments, *selected.fastest, setting);
}

/// Every rate and the chosen one, of every seed.
double estimate_optimisers(StudyPlan& plan) {
  double seconds = 0.0;
  for (const Contestant& one : contestants(plan.selected.experiments, *plan.selected.fastest,
                                           plan.setting.dtype, plan.setting.quick)) {
    seconds += plan.training(*one.experiment, *one.backend, one.dtype, one.settings);
  }
  return seconds * static_cast<double>(plan.setting.seeds * (std::size(kRates) + 1));
}

}  // namespace

std::vector<OptimiserFact> compare_optimisers(const std::vector<const Experiment*>& experiments,
                                              const BackendEntry& backend, const StudySetting& setting) {
  const std::vector<Contestant> all = contestants(experiments, backend, setting.dtype, setting.quick);
  std::vector<Item> trials, results;
  for (const Contestant& one : all) {
    for (const double rate : kRates) trials.push_back(item_of("tuning", one, rate, 1'000));
  }
  const std::vector<Measurement> tuned = setting.measure_all("optimisers", trials, setting.seeds);
  std::vector<std::vector<RateFact>> rates(all.size());
  std::vector<double> chosen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t k = 0; k < std::size(kRates); ++k)
      rates[i].push_back(rate_fact(kRates[k], tuned[i * std::size(kRates) + k]));
    chosen.push_back(std::ranges::min_element(rates[i], is_better)->learning_rate);
    results.push_back(item_of("result", all[i], chosen.back(), 1));
  }
  const std::vector<Measurement> found = setting.measure_all("optimisers", results, setting.seeds);
  std::vector<OptimiserFact> facts;
  for (std::size_t i = 0; i < all.size(); ++i)
    facts.push_back(fact_of(all[i], std::move(rates[i]), chosen[i], found[i]));
  return facts;
}

Study optimisers_study() {
  return {.name = "optimisers",
          .about = "epochs and time to a target of every optimiser, tuned alike",
          .standard = false,
          .estimate = estimate_optimisers,
          .run = run_optimisers};
}

}  // namespace mlpbench
