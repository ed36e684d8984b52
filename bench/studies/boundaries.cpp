#include "bench/studies/boundaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/studies/study.h"
#include "experiments/boundary_grid.h"

namespace mlpbench {
namespace {

constexpr std::size_t kGrid = 80, kGridQuick = 40, kMaxSamples = 400;
constexpr std::size_t kMinSamples = 10;  ///< two samples have a line between them, and no picture

std::vector<std::array<double, 3>> samples_of(const Dataset& data) {
  std::vector<std::array<double, 3>> samples(std::min(data.samples(), kMaxSamples));
  for (std::size_t n = 0; n < samples.size(); ++n) {
    samples[n] = {rounded(data.X(n, 0), 4), rounded(data.X(n, 1), 4), data.Y(n, 0) > 0.5 ? 1.0 : 0.0};
  }
  return samples;
}

nlohmann::ordered_json of_all_experiments(const Selected& selected, const StudySetting& setting) {
  std::vector<BoundaryFact> all;
  for (const Experiment* experiment : selected.experiments) {
    if (auto boundary = boundary_of(*experiment, *selected.fastest, setting)) all.push_back(*boundary);
  }
  return json_of(all);
}

double estimate(StudyPlan& plan) {
  double seconds = 0.0;
  for (const Experiment* experiment : plan.selected.experiments) {
    if (!can_draw_boundary(plan.selected.comparison.problems.at(experiment).front())) continue;
    for (const BackendEntry* backend : {&find_backend("naive"), plan.selected.fastest}) {
      seconds += plan.training({experiment, backend, DType::float64, ""}, experiment->defaults.epochs);
    }
  }
  return seconds;
}

std::vector<double> three_decimals(const Matrix<double>& probability) {
  std::vector<double> list(probability.cols());
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = std::round(probability(0, i) * 1000.0) / 1000.0;
  return list;
}

}  // namespace

BoundaryFact boundary_fact(const Problem& problem, const RunResult& naive, const RunResult& fastest,
                           std::size_t points) {
  const BoundaryGrid specified = boundary_grid(problem, naive, points);
  const BoundaryGrid other = boundary_grid(problem, fastest, points);
  BoundaryFact fact;
  fact.experiment = naive.experiment;
  fact.x = {specified.x.low, specified.x.high};
  fact.y = {specified.y.low, specified.y.high};
  fact.grid = points;
  fact.dtype = to_string(naive.dtype);
  fact.test = samples_of(problem.test);
  // Without a split the notebook judges by the training data: the samples are shown once.
  if (!problem.test_rows.empty()) fact.train = samples_of(problem.train);
  fact.naive = three_decimals(specified.probability);
  fact.fastest = {std::string(fastest.backend->name), three_decimals(other.probability)};
  fact.largest_difference = 0.0;
  for (std::size_t i = 0; i < points * points; ++i) {
    const double apart = std::abs(other.probability(0, i) - specified.probability(0, i));
    fact.largest_difference = std::max(fact.largest_difference, apart);
    fact.difference.push_back(rounded(apart, 2));
  }
  return fact;
}

std::optional<BoundaryFact> boundary_of(const Experiment& experiment, const BackendEntry& fastest,
                                        const StudySetting& setting) {
  const Problem problem = experiment.build(experiment.defaults);
  if (!can_draw_boundary(problem) || problem.train.samples() < kMinSamples) return std::nullopt;
  const auto train = [&](const BackendEntry& backend) {
    setting.next(fmt::format("decision boundary, {} on {}", experiment.name, backend.name));
    RunResult result = run_experiment(experiment, problem, experiment.defaults, backend, DType::float64, {},
                                      setting.interrupt);
    if (result.trace.interrupted) throw Interrupted();
    return result;
  };
  const RunResult naive = train(find_backend("naive")), other = train(fastest);
  return boundary_fact(problem, naive, other, setting.quick ? kGridQuick : kGrid);
}

Study boundaries_study() {
  return {.name = "boundaries",
          .about = "what naive and the fastest backend say about the plane",
          .estimate = estimate,
          .run = of_all_experiments};
}

}  // namespace mlpbench
