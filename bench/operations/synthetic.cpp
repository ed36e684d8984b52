#include "bench/operations/synthetic.h"

#include <cmath>

#include "backends/operations/operands.h"
#include "core/chunks.h"

namespace mlpbench {

double step_footprint(const NetworkSpec& network, std::size_t batch, std::size_t element) {
  const Chunks chunks(network, batch);
  const std::size_t gradients = chunks.count() > 1 ? 2 : 1;
  std::size_t numbers =
      batch * (network.inputs + network.outputs()) + (1 + gradients) * network.parameter_count();
  for (const LayerSpec& layer : network.layers) numbers += chunks.samples(0) * layer.units * layer.kept();
  return static_cast<double>(numbers * element);
}

Parameters<double> he_parameters(const NetworkSpec& network) {
  Parameters<double> theta(network);
  std::mt19937 random(20260105);
  for (std::size_t l = 0; l < theta.layers(); ++l) {
    const double limit = std::sqrt(6.0 / static_cast<double>(network.inputs_of(l)));
    fill_uniform(theta.W(l), -limit, limit, random);
  }
  return theta;
}

Dataset random_data(std::size_t inputs, std::size_t outputs, std::size_t samples) {
  Dataset data{Matrix<double>(samples, inputs), Matrix<double>(samples, outputs)};
  std::mt19937 random(20260106);
  fill_uniform(data.X.view(), -std::sqrt(3.0), std::sqrt(3.0), random);
  for (std::size_t n = 0; n < samples; ++n) {
    double sum = 0.0;
    for (std::size_t j = 0; j < inputs; ++j) sum += data.X(n, j) * (j % 2 == 0 ? 1.0 : -1.0);
    if (outputs == 1) {
      data.Y(n, 0) = sum > 0 ? 1.0 : 0.0;
    } else {
      data.Y(n, static_cast<std::size_t>(std::abs(sum)) % outputs) = 1.0;
    }
  }
  return data;
}

NetworkSpec relu_network(std::size_t inputs, std::initializer_list<std::size_t> hidden, std::size_t outputs) {
  NetworkSpec network;
  network.inputs = inputs;
  for (std::size_t units : hidden) network.layers.push_back({units, Activation::relu});
  const bool binary = outputs == 1;
  network.loss.kind = binary ? Loss::binary_cross_entropy : Loss::softmax_cross_entropy;
  network.layers.push_back({outputs, info(network.loss.kind).canonical});
  return network;
}

}  // namespace mlpbench
