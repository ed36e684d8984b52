// The gradients of every backend against finite differences of the loss in long double. The functions of the
// layers are core/activations', which know nothing of derivatives; all else is written down once more.

#include <array>
#include <cmath>
#include <limits>

#include "backends/operations/operands.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

using Real = long double;

/// On which side of its kinks, where a function has some, each unit of each layer and each error is. Between
/// two points with the same sides the loss is smooth.
using Sides = std::vector<bool>;

/// Without log_epsilon, which training's derivative leaves out.
Real loss_of(const LossSpec& loss, Real a, Real y) {
  const Real size = std::abs(a - y), bound = loss.huber_delta;
  switch (loss.kind) {
    case Loss::binary_cross_entropy:
      return -(y * std::log(a) + (1 - y) * std::log(1 - a));
    case Loss::softmax_cross_entropy:
      return y == 0 ? 0 : -y * std::log(a);
    case Loss::mean_squared_error:
      return (a - y) * (a - y) / 2;  // training uses the derivative of half the loss
    case Loss::huber:
      return size <= bound ? size * size / 2 : bound * (size - bound / 2);
    case Loss::mean_absolute_error:
      return size;
  }
  return 0;
}

/// The errors at which a derivative of the loss, of any order, jumps.
std::vector<double> kinks(const LossSpec& loss) {
  if (loss.kind == Loss::huber) return {-loss.huber_delta, loss.huber_delta};
  return loss.kind == Loss::mean_absolute_error ? std::vector<double>{0.0} : std::vector<double>{};
}

/// A network, its parameters in the order of Parameters::all(), and a batch.
struct Problem {
  NetworkSpec network;
  std::vector<double> theta;
  Matrix<double> X, Y;
};

/// The loss summed over the batch. W of a layer is (units x inputs), its b follows.
Real loss_at(const Problem& problem, const std::vector<Real>& theta, Sides& sides) {
  Real loss = 0;
  std::vector<Real> a, next;
  sides.clear();
  for (std::size_t n = 0; n < problem.X.cols(); ++n) {
    a.assign(problem.network.inputs, 0);
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = problem.X(i, n);
    const Real* W = theta.data();
    for (const LayerSpec& layer : problem.network.layers) {
      next.assign(layer.units, 0);
      const Real* b = W + layer.units * a.size();
      for (std::size_t u = 0; u < layer.units; ++u) {
        Real z = b[u];
        for (std::size_t i = 0; i < a.size(); ++i) z += W[u * a.size() + i] * a[i];
        for (const double kink : info(layer.activation).kinks) sides.push_back(z > static_cast<Real>(kink));
        next[u] = forward(layer.activation, z);
      }
      if (layer.dropout != 0.0) {
        Matrix<double> masks(layer.units, 1);
        draw_masks(layer.dropout, static_cast<std::size_t>(&layer - problem.network.layers.data()),
                   DropoutPlace{}.from(n), masks.view());
        for (std::size_t u = 0; u < layer.units; ++u) next[u] *= masks(u, 0);
      }
      forward_units(layer.activation, MatrixView<Real>{next.data(), next.size(), 1, 1});
      a.swap(next);
      W = b + layer.units;
    }
    for (std::size_t k = 0; k < a.size(); ++k) {
      const Real error = a[k] - problem.Y(k, n);
      loss += loss_of(problem.network.loss, a[k], problem.Y(k, n));
      for (const double kink : kinks(problem.network.loss)) sides.push_back(error > kink);
    }
  }
  return loss;
}

/// Some of the parameters with the derivative of the loss in them.
struct Differences {
  std::vector<std::size_t> parameter;
  std::vector<double> derivative;
  std::size_t skipped = 0;  ///< because a kink lay within the step
  double rounding = 0.0;    ///< what the rounding of the losses leaves in a derivative
};

/// Central differences with four points, (f(-2h) - 8 f(-h) + 8 f(h) - f(2h)) / 12h, whose error is h^4 f'''''
/// / 30. In 64 bits of precision h = 1e-4 leaves 1e-17 of that and 1e-15 of rounding. That is a thousand
/// times less than the tolerance of the gradients in float64.
Differences finite_differences(const Problem& problem, std::size_t at_most) {
  constexpr Real kStep = 1e-4L;
  constexpr std::array<Real, 4> kOffsets = {-2, -1, 1, 2}, kWeights = {1, -8, 8, -1};
  Differences result;
  std::vector<Real> theta(problem.theta.begin(), problem.theta.end());
  Sides sides, first_sides;
  // A step that has no common factor with the sizes of layers visits all of them.
  const std::size_t stride = std::max<std::size_t>(1, theta.size() / at_most) | 1;
  for (std::size_t p = 0; p < theta.size(); p += stride) {
    const Real value = theta[p];
    Real sum = 0;
    bool kink = false;
    for (std::size_t k = 0; k < kOffsets.size(); ++k) {
      theta[p] = value + kOffsets[k] * kStep;
      const Real loss = loss_at(problem, theta, sides);
      sum += kWeights[k] * loss;
      result.rounding =
          std::max(result.rounding, static_cast<double>(std::numeric_limits<Real>::epsilon() * loss / kStep));
      if (k == 0) first_sides = sides;
      kink = kink || sides != first_sides;
    }
    theta[p] = value;
    if (kink) {
      ++result.skipped;
      continue;
    }
    result.parameter.push_back(p);
    result.derivative.push_back(static_cast<double>(sum / (12 * kStep)));
  }
  return result;
}

/// Weights of the size that a network starts training with: outputs that are not saturated.
Problem problem_of(NetworkSpec network, std::size_t batch, std::uint32_t seed) {
  Problem problem;
  std::mt19937 random(seed);
  problem.theta.resize(network.parameter_count());
  fill_uniform(MatrixView<double>{problem.theta.data(), 1, problem.theta.size(), problem.theta.size()}, -1.0,
               1.0, random);
  problem.X = Matrix<double>(network.inputs, batch);
  problem.Y = Matrix<double>(network.outputs(), batch);
  fill_uniform(problem.X.view(), -1.0, 1.0, random);
  fill_uniform(problem.Y.view(), -1.0, 1.0, random);
  for (std::size_t n = 0; n < batch; ++n) {
    const std::size_t label = random() % network.outputs();
    for (std::size_t k = 0; k < network.outputs(); ++k) {
      if (network.loss.kind == Loss::binary_cross_entropy) problem.Y(k, n) = problem.Y(k, n) < 0 ? 0 : 1;
      if (network.loss.kind == Loss::softmax_cross_entropy) problem.Y(k, n) = k == label ? 1 : 0;
    }
  }
  problem.network = std::move(network);
  return problem;
}

/// The largest |g - d| / max(|d|, floor) over the parameters d was computed for. The floor is 1e-4 of the
/// largest derivative: one that nearly cancels is a sum of terms far larger than itself and has their errors.
/// Where all units are dead or saturated and all derivatives 0, what is left is the rounding of the losses.
double largest_error(const Differences& differences, std::span<const double> gradient) {
  double largest = 1e-3, error = 0.0;
  for (const double d : differences.derivative) largest = std::max(largest, std::abs(d));
  for (std::size_t k = 0; k < differences.parameter.size(); ++k) {
    const double d = differences.derivative[k];
    const double distance = std::abs(gradient[differences.parameter[k]] - d);
    const double relative =
        (distance < differences.rounding ? 0.0 : distance) / std::max(std::abs(d), 1e-4 * largest);
    error = relative <= error ? error : relative;  // NaN is kept
  }
  return error;
}

/// Every combination of hidden activation, loss with output activation, 1 to 4 outputs and 1 to 4 layers. The
/// functions are those of the table of operations.
std::vector<NetworkSpec> networks() {
  constexpr std::array<std::size_t, 3> kUnits = {5, 3, 4};
  std::vector<NetworkSpec> result;
  for (std::size_t hidden_layers = 0; hidden_layers <= 3; ++hidden_layers) {
    for (const Functions& hidden : find_operation("input_delta").functions) {
      if (hidden_layers == 0 && hidden.activation != Activation::identity) continue;
      for (const Functions& output : find_operation("output_delta").functions) {
        for (std::size_t outputs = 1; outputs <= 4; ++outputs) {
          NetworkSpec network;
          network.inputs = 3;
          for (std::size_t l = 0; l < hidden_layers; ++l)
            network.layers.push_back({kUnits[l], hidden.activation});
          network.layers.push_back({outputs, output.activation});
          network.loss.kind = output.loss;
          network.loss.huber_delta = 0.75;
          network.validate();
          result.push_back(std::move(network));
        }
      }
    }
  }
  return result;
}

}  // namespace

namespace {

/// Compares every backend's gradients for each network and batch with finite differences.
void check_gradients(const std::vector<NetworkSpec>& networks, Sizes batches, std::size_t least_checked) {
  constexpr std::size_t kParameters = 32;  // of a network that has more
  std::size_t checked = 0, skipped = 0;    // derivatives that are not 0, and ones at a kink
  std::uint32_t seed = 0;
  for (const NetworkSpec& network : networks) {
    for (const std::size_t batch : batches) {
      const Problem problem = problem_of(network, batch, ++seed);
      const Differences differences = finite_differences(problem, kParameters);
      for (const double d : differences.derivative) checked += std::abs(d) > 1e-6;
      skipped += differences.skipped;
      Parameters<double> theta(network);
      std::copy(problem.theta.begin(), problem.theta.end(), theta.all().begin());
      for_each_backend(DType::float64, [&](const BackendEntry& entry) {
        const Backend<double>& backend = entry.get<double>();
        Workspace<double> workspace(backend, network, batch);
        backend.gradients(network, theta, problem.X.view(), problem.Y.view(), 1.0, workspace);
        INFO(network.shape() << ", " << to_string(network.layers[0].activation) << ", "
                             << to_string(network.layers.back().activation) << ", "
                             << to_string(network.loss.kind) << ", batch " << batch << ", seed " << seed);
        CHECK(largest_error(differences, workspace.gradients().all()) <= 1e-7);
      });
    }
  }
  // A kink within 2e-4 of a parameter is rare; many of them would mean that little was checked.
  CAPTURE(checked, skipped);
  CHECK(checked > least_checked);
  CHECK(static_cast<double>(skipped) < 0.05 * static_cast<double>(checked));
}

}  // namespace

TEST_CASE("gradients are the derivatives of the loss") { check_gradients(networks(), {1, 7, 32, 33}, 30000); }

TEST_CASE("gradients with dropout are the derivatives of the loss of what is left of the network") {
  std::vector<NetworkSpec> dropping;
  for (NetworkSpec network : networks()) {
    if (network.layers.size() != 3 || network.outputs() > 2) continue;
    network.layers[0].dropout = 0.25;
    network.layers[1].dropout = 0.5;
    dropping.push_back(std::move(network));
  }
  check_gradients(dropping, {7, 33}, 5000);
}

}  // namespace mlpbench::test
