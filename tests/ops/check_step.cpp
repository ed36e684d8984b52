// A whole step leaves the same bits as the operations that it is made of, chunk by chunk. It does so for any
// content of the workspace, and on any number of threads.

#include <algorithm>
#include <array>
#include <cstring>
#include <thread>
#include <utility>

#include "backends/operations/operands.h"
#include "tests/ops/checks.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

NetworkSpec network_of(std::size_t inputs, std::vector<LayerSpec> layers, Loss loss, double epsilon = 0.0) {
  NetworkSpec network;
  network.inputs = inputs;
  network.layers = std::move(layers);
  network.loss = {loss, epsilon};
  network.validate();
  return network;
}

/// The networks of the experiments first, then ones with every activation, loss and depth.
std::vector<NetworkSpec> networks() {
  using enum Activation;
  using enum Loss;
  std::vector<NetworkSpec> result = {
      network_of(2, {{2, relu}, {1, sigmoid}}, binary_cross_entropy),
      network_of(2, {{2, sigmoid}, {1, sigmoid}}, binary_cross_entropy),
      network_of(30, {{10, relu}, {1, sigmoid}}, binary_cross_entropy),
      network_of(2, {{4, tanh}, {1, sigmoid}}, binary_cross_entropy, 1e-8),
      network_of(1, {{10, relu}, {1, identity}}, mean_squared_error),
      network_of(64, {{64, relu}, {32, relu}, {10, softmax}}, softmax_cross_entropy, 1e-8),
      network_of(33, {{65, tanh}, {40, elu}, {3, identity}}, mean_squared_error),
      network_of(30, {{10, relu, 0.5}, {1, sigmoid}}, binary_cross_entropy),
      network_of(3, {{8, tanh}, {1, identity}}, huber),
      network_of(3, {{8, tanh}, {1, identity}}, mean_absolute_error)};
  std::mt19937 random(7);
  const std::vector<Activation> hidden = hidden_activations();
  for (std::size_t n = 0; n < 60; ++n) {
    std::vector<LayerSpec> layers;
    const std::size_t hidden_layers = n % 4;
    for (std::size_t l = 0; l < hidden_layers; ++l)
      layers.push_back({1 + random() % 20, hidden[random() % hidden.size()], n % 7 == 0 ? 0.5 : 0.0});
    const Loss loss = kLosses[n % kLosses.size()];
    layers.push_back({1 + random() % 11,
                      info(loss).canonical_only ? info(loss).canonical : hidden[random() % hidden.size()]});
    result.push_back(network_of(1 + random() % 20, std::move(layers), loss, n % 2 == 0 ? 0.0 : 1e-8));
  }
  return result;
}

/// A network with parameters and one batch.
template <typename T>
struct Problem {
  const NetworkSpec& network;
  Parameters<T> theta;
  GuardedMatrix<T> X, Y;

  Problem(const NetworkSpec& spec, std::size_t batch, const Placement& placement)
      : network(spec), theta(spec), X(spec.inputs, batch, placement), Y(spec.outputs(), batch, placement) {
    std::mt19937 random(static_cast<std::uint32_t>(batch));
    fill_uniform(MatrixView<T>{theta.all().data(), 1, theta.all().size(), theta.all().size()}, -1.0, 1.0,
                 random);
    fill_uniform(X.view(), -1.0, 1.0, random);
    for (std::size_t n = 0; n < batch; ++n) {
      for (std::size_t k = 0; k < spec.outputs(); ++k) Y(k, n) = k == n % spec.outputs() ? T{1} : T{0};
    }
  }

  double step(const Backend<T>& backend, Workspace<T>& workspace) {
    return backend.step(network, theta, X.view(), Y.view(), {sgd_rule<T>(0.1)}, scale(), workspace);
  }

  /// The step that core/backend.cpp composes of the five operations, chunks added by plain sums.
  double composed_step(const Backend<T>& backend, Workspace<T>& workspace) {
    const Chunks chunks(network, X.view().cols);
    std::vector<T> sum;
    double loss = 0.0;
    for (std::size_t c = 0; c < chunks.count(); ++c) {
      workspace.set_place(DropoutPlace{}.from(chunks.first(c)));
      loss += backend.Backend<T>::chunk_gradients(network, theta, chunks.part<const T>(X.view(), c),
                                                  chunks.part<const T>(Y.view(), c), scale(),
                                                  workspace.gradients(), workspace);
      const std::span<const T> part = std::as_const(workspace.gradients()).all();
      if (c == 0) {
        sum.assign(part.begin(), part.end());
      } else {
        for (std::size_t p = 0; p < sum.size(); ++p) sum[p] += part[p];
      }
    }
    workspace.set_place({});
    backend.update(sgd_rule<T>(0.1), theta.all(), sum, {});
    return loss;
  }

  T scale() const { return T{1} / static_cast<T>(X.view().cols); }
};

/// Whether two trainings of some steps left the same bits. Where a backend rounds by placement they are the
/// same values except for rounding, because workspaces place the operands.
template <typename T>
bool are_same(const Parameters<T>& a, const Parameters<T>& b, const Exceptions& exceptions) {
  const std::span<const T> left = a.all(), right = b.all();
  if (!exceptions.rounds_by_placement) {
    return std::memcmp(left.data(), right.data(), left.size() * sizeof(T)) == 0;
  }
  return std::equal(left.begin(), left.end(), right.begin(), [](T x, T y) {
    return agree(static_cast<double>(x), static_cast<double>(y), Tolerance{1000, 1.0}.value<T>());
  });
}

template <typename T>
void check_one_network(Findings& findings, const Backend<T>& backend, const NetworkSpec& network,
                       std::size_t batch, const Placement& placement, const Exceptions& exceptions) {
  const std::string where = network.shape() + " " + std::string(to_string(network.loss.kind)) + ", hidden " +
                            std::string(to_string(network.layers[0].activation)) + ", batch " +
                            std::to_string(batch) + ", X and Y " + to_string(placement);
  Problem<T> composed(network, batch, placement), stepped(network, batch, placement);
  Workspace<T> fresh(backend, network, batch), other(backend, network, batch);
  for (int update = 1; update <= 3; ++update) {
    const double expected = composed.composed_step(backend, other);
    const double actual = stepped.step(backend, fresh);
    // The parameters must have the same bits. The loss is reported, not trained on: its terms may be added in
    // another order.
    const Tolerance tolerance = {batch * network.outputs(), std::max(1.0, std::abs(expected))};
    if (!agree(actual, expected, tolerance.value<T>())) {
      findings.add("step, the loss", where,
                   std::to_string(actual) + ", expected " + std::to_string(expected));
    }
    if (!are_same(stepped.theta, composed.theta, exceptions)) {
      findings.add("step", where,
                   "update " + std::to_string(update) + " is not that of the composed operations");
    }
    if (!std::isfinite(actual)) findings.add("step", where, "the loss is not finite: this shows nothing");
  }
  if (!stepped.X.intact() || !stepped.Y.intact()) findings.add("step", where, "wrote outside of a matrix");
}

/// A workspace for larger batches that has just been used for one must not leave a trace in the next step.
template <typename T>
void check_used_workspace(Findings& findings, const Backend<T>& backend, const NetworkSpec& network,
                          const Exceptions& exceptions) {
  for (const std::size_t batch : Sizes{1, 7, 32}) {
    Problem<T> in_fresh(network, batch, Placement{}), in_used(network, batch, Placement{});
    Workspace<T> fresh(backend, network, batch), used(backend, network, 33);
    Problem<T>(network, 33, Placement{}).step(backend, used);
    in_fresh.step(backend, fresh);
    in_used.step(backend, used);
    if (!are_same(in_used.theta, in_fresh.theta, exceptions)) {
      findings.add("step", network.shape() + ", batch " + std::to_string(batch),
                   "differs in a workspace that was used for a batch of 33");
    }
  }
}

/// Two threads with a workspace each share the backend.
template <typename T>
void check_threads(Findings& findings, const Backend<T>& backend, const NetworkSpec& network,
                   const Exceptions& exceptions) {
  constexpr int kSteps = 50;
  Problem<T> alone(network, 32, Placement{}), first(network, 32, Placement{}),
      second(network, 32, Placement{});
  const auto train = [&](Problem<T>& problem) {
    Workspace<T> workspace(backend, network, 32);
    for (int n = 0; n < kSteps; ++n) problem.step(backend, workspace);
  };
  train(alone);
  std::thread helper([&] { train(first); });
  train(second);
  helper.join();
  if (!are_same(first.theta, alone.theta, exceptions) || !are_same(second.theta, alone.theta, exceptions)) {
    findings.add("step", network.shape(), "differs while another thread uses the same backend");
  }
}

}  // namespace

template <typename T>
void check_step(Findings& findings, const Backend<T>& backend, const Exceptions& exceptions) {
  const std::vector<NetworkSpec> all = networks();
  const std::span<const Placement> placements = all_placements();
  std::size_t number = 0;
  for (const NetworkSpec& network : all) {
    const std::size_t chunk = Chunks::most_samples(network);
    for (const std::size_t batch : Sizes{1, 4, 7, 16, 32, 33, 100, chunk + 30}) {
      if (findings.full()) return;
      check_one_network(findings, backend, network, batch, placements[number++ % placements.size()],
                        exceptions);
    }
    check_used_workspace(findings, backend, network, exceptions);
  }
  for (std::size_t n = 0; n < 7; ++n) check_threads(findings, backend, all[n], exceptions);
}

template void check_step(Findings&, const Backend<float>&, const Exceptions&);
template void check_step(Findings&, const Backend<double>&, const Exceptions&);

}  // namespace mlpbench::test
