#include "bench/studies/boundaries.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/boundary_grid.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kGrid = 80, kGridQuick = 40, kMaxSamples = 400;
constexpr std::size_t kMinSamples = 10;  ///< two samples have a line between them, and no picture

ordered_json samples_of(const Dataset& data) {
  ordered_json samples = ordered_json::array();
  for (std::size_t n = 0; n < std::min(data.samples(), kMaxSamples); ++n) {
    samples.push_back({rounded(data.X(n, 0), 4), rounded(data.X(n, 1), 4), data.Y(n, 0) > 0.5 ? 1 : 0});
  }
  return samples;
}

ordered_json three_decimals(const Matrix<double>& probability) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 0; i < probability.cols(); ++i) {
    list.push_back(std::round(probability(0, i) * 1000.0) / 1000.0);
  }
  return list;
}

}  // namespace

ordered_json boundary_json(const Problem& problem, const RunResult& naive, const RunResult& fastest,
                           std::size_t points) {
  const BoundaryGrid specified = boundary_grid(problem, naive, points);
  const BoundaryGrid other = boundary_grid(problem, fastest, points);
  ordered_json difference = ordered_json::array();
  double largest = 0.0;
  for (std::size_t i = 0; i < points * points; ++i) {
    const double apart = std::abs(other.probability(0, i) - specified.probability(0, i));
    largest = std::max(largest, apart);
    difference.push_back(rounded(apart, 2));
  }
  // Without a split the notebook judges by the training data: the samples are shown once.
  const bool one_set = problem.test_rows.empty();
  return {
      {"experiment", naive.experiment},
      {"x", {specified.x.low, specified.x.high}},
      {"y", {specified.y.low, specified.y.high}},
      {"grid", points},
      {"dtype", to_string(naive.dtype)},
      {"test", samples_of(problem.test)},
      {"train", one_set ? ordered_json::array() : samples_of(problem.train)},
      {"naive", three_decimals(specified.probability)},
      {"fastest", {{"backend", fastest.backend->name}, {"probabilities", three_decimals(other.probability)}}},
      {"difference", std::move(difference)},
      {"largest_difference", largest}};
}

ordered_json boundary_of(const Experiment& experiment, const BackendEntry& fastest,
                         const StudySetting& setting) {
  const Problem problem = experiment.build(experiment.defaults);
  if (!can_draw_boundary(problem) || problem.train.samples() < kMinSamples) return nullptr;
  const auto train = [&](const BackendEntry& backend) {
    setting.next(fmt::format("decision boundary, {} on {}", experiment.name, backend.name));
    RunResult result = run_experiment(experiment, problem, experiment.defaults, backend, DType::float64, {},
                                      setting.interrupt);
    if (result.trace.interrupted) throw Interrupted();
    return result;
  };
  const RunResult naive = train(find_backend("naive")), other = train(fastest);
  return boundary_json(problem, naive, other, setting.quick ? kGridQuick : kGrid);
}

}  // namespace mlpbench
