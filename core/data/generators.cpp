#include "core/data/generators.h"

#include <cmath>
#include <numbers>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace mlpbench {
namespace {

// numpy.linspace(start, stop, n): the last point is `stop` itself, which n-1 steps need not reach.
std::vector<double> linspace(double start, double stop, std::size_t n) {
  std::vector<double> points(n, start);
  if (n < 2) return points;
  const double step = (stop - start) / static_cast<double>(n - 1);
  for (std::size_t i = 0; i + 1 < n; ++i) points[i] = static_cast<double>(i) * step + start;
  points[n - 1] = stop;
  return points;
}

Dataset unshuffled_moons(std::size_t samples) {
  const std::size_t outer = samples / 2;
  Dataset moons{Matrix<double>(samples, 2), Matrix<double>(samples, 1)};
  std::size_t row = 0;
  for (const double t : linspace(0.0, std::numbers::pi, outer)) {
    moons.X(row, 0) = std::cos(t);
    moons.X(row++, 1) = std::sin(t);
  }
  for (const double t : linspace(0.0, std::numbers::pi, samples - outer)) {
    moons.X(row, 0) = 1.0 - std::cos(t);
    moons.X(row, 1) = 1.0 - std::sin(t) - 0.5;
    moons.Y.values()(row++, 0) = 1.0;
  }
  return moons;
}

}  // namespace

Dataset make_moons(std::size_t samples, std::optional<double> noise, std::uint32_t seed) {
  if (noise && !(*noise >= 0.0 && std::isfinite(*noise))) {
    throw std::invalid_argument("make_moons: the noise must be finite and not negative");
  }
  RandomState stream(seed);
  Dataset moons = select_rows(unshuffled_moons(samples), stream.permutation(samples));
  if (noise) {
    for (std::size_t i = 0; i < samples; ++i) {
      moons.X(i, 0) += *noise * stream.standard_normal();
      moons.X(i, 1) += *noise * stream.standard_normal();
    }
  }
  return moons;
}

Dataset planar_flower(RandomState& stream, std::size_t samples) {
  if (samples % 2 != 0) throw std::invalid_argument("planar_flower: the number of samples must be even");
  const std::size_t per_class = samples / 2;
  Dataset flower{Matrix<double>(samples, 2), Matrix<double>(samples, 1)};
  for (std::size_t label = 0; label < 2; ++label) {
    const auto turn = static_cast<double>(label);
    std::vector<double> angles = linspace(turn * 3.12, (turn + 1.0) * 3.12, per_class);
    for (double& angle : angles) angle += stream.standard_normal() * 0.2;
    for (std::size_t i = 0; i < per_class; ++i) {
      const double radius = 4.0 * std::sin(angles[i] * 4.0) + stream.standard_normal() * 0.2;
      const std::size_t row = label * per_class + i;
      flower.X(row, 0) = radius * std::sin(angles[i]);
      flower.X(row, 1) = radius * std::cos(angles[i]);
      flower.Y.values()(row, 0) = turn;
    }
  }
  return flower;
}

Dataset linear_regression(RandomState& stream, std::size_t samples) {
  Dataset line{Matrix<double>(samples, 1), Matrix<double>(samples, 1)};
  for (std::size_t i = 0; i < samples; ++i) line.X(i, 0) = stream.random_sample();
  for (std::size_t i = 0; i < samples; ++i) {
    line.Y.values()(i, 0) = 3.0 * line.X(i, 0) + 2.0 + stream.standard_normal() * 0.1;
  }
  return line;
}

std::vector<Dataset> teacher_labels(std::size_t samples, std::size_t features, double label_noise,
                                    std::uint32_t seed, std::span<const RowRange> parts) {
  constexpr std::size_t kUnits = 16;
  if (features == 0) throw std::invalid_argument("teacher_labels: no features");
  if (!(label_noise >= 0.0 && label_noise < 0.5)) {
    throw std::invalid_argument("teacher_labels: the label noise must be in [0, 0.5)");
  }
  RandomState stream(seed);
  std::vector<double> V(kUnits * features), v(kUnits);
  stream.standard_normal(V);
  stream.standard_normal(v);
  std::vector<Dataset> all;
  std::size_t row = 0;
  for (const RowRange& part : parts) {
    Dataset& data =
        all.emplace_back(Dataset{Matrix<double>(part.count, features), Matrix<double>(part.count, 1)});
    stream.skip_normal((part.first - row) * features);
    for (std::size_t i = 0; i < part.count; ++i) stream.standard_normal({data.X.row(i), features});
    row = part.first + part.count;
  }
  stream.skip_normal((samples - row) * features);

  const double width = std::sqrt(static_cast<double>(features));
  const auto label = [&](const double* x) {
    double score = 0.0;
    for (std::size_t k = 0; k < kUnits; ++k) {
      score +=
          v[k] *
          std::tanh(2.0 * std::inner_product(&V[k * features], &V[k * features] + features, x, 0.0) / width);
    }
    const bool turned = stream.random_sample() < label_noise;
    return (score > 0.0) != turned ? 1.0 : 0.0;
  };
  row = 0;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    for (; row < parts[p].first; ++row) stream.random_sample();
    for (std::size_t i = 0; i < parts[p].count; ++i, ++row) all[p].Y.values()(i, 0) = label(all[p].X.row(i));
  }
  return all;
}

Dataset teacher_labels(std::size_t samples, std::size_t features, double label_noise, std::uint32_t seed) {
  const RowRange all[] = {{0, samples}};
  return std::move(teacher_labels(samples, features, label_noise, seed, all).front());
}

}  // namespace mlpbench
