#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/studies/sections.h"
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

void run_boundaries(const Selected& selected, const StudySetting& setting, Document& document) {
  document.boundaries = measure_boundaries(selected.experiments, *selected.fastest, setting);
}

/// Seconds, and the parameters that training left.
std::vector<double> train_whole(const Experiment& experiment, const Problem& problem,
                                const BackendEntry& backend, const std::atomic<bool>* interrupt) {
  const RunResult run =
      run_experiment(experiment, problem, experiment.defaults, backend, DType::float64, {}, interrupt);
  if (run.trace.interrupted) throw Interrupted();
  std::vector<double> found{run.trace.seconds};
  const std::span<const double> parameters = run.parameters.all();
  found.insert(found.end(), parameters.begin(), parameters.end());
  return found;
}

double estimate_boundaries(StudyPlan& plan) {
  double seconds = 0.0;
  for (const Experiment* experiment : plan.selected.experiments) {
    if (!can_draw_boundary(plan.selected.comparison.problems.at(experiment).front())) continue;
    for (const BackendEntry* backend : {&find_backend("naive"), plan.selected.fastest}) {
      seconds += plan.training(*experiment, *backend, DType::float64, experiment->defaults);
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

std::vector<BoundaryFact> measure_boundaries(const std::vector<const Experiment*>& experiments,
                                             const BackendEntry& fastest, const StudySetting& setting) {
  std::vector<Problem> problems;
  std::vector<Item> items;
  problems.reserve(experiments.size());
  std::vector<RunResult> trained;
  for (const Experiment* experiment : experiments) {
    Problem problem = experiment->build(experiment->defaults);
    if (!can_draw_boundary(problem) || problem.train.samples() < kMinSamples) continue;
    const Problem& kept = problems.emplace_back(std::move(problem));
    for (const BackendEntry* backend : {&find_backend("naive"), &fastest}) {
      RunResult& run = trained.emplace_back();
      run.experiment = experiment->name;
      run.backend = backend;
      items.push_back({.name = fmt::format("boundaries/{}/{}", experiment->name, items.size() % 2),
                       .time =
                           [&, experiment, backend](std::size_t, std::size_t) {
                             return train_whole(*experiment, kept, *backend, setting.interrupt);
                           },
                       .round = fmt::format("{} on {}, run", experiment->name, backend->name)});
    }
  }
  const std::vector<Measurement> found = setting.measure_all("decision boundary", items, 1);
  std::vector<BoundaryFact> all;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Problem& problem = problems[i / 2];
    trained[i].parameters = Parameters<double>(problem.network);
    std::copy(found[i].also[0].begin(), found[i].also[0].end(), trained[i].parameters.all().begin());
    if (i % 2 == 0) continue;
    all.push_back(boundary_fact(problem, trained[i - 1], trained[i], setting.quick ? kGridQuick : kGrid));
  }
  return all;
}

Study boundaries_study() {
  return {.name = "boundaries",
          .about = "what naive and the fastest backend say about the plane",
          .estimate = estimate_boundaries,
          .run = run_boundaries};
}

}  // namespace mlpbench
