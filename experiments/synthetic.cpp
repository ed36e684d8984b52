#include "experiments/synthetic.h"

#include <algorithm>
#include <cmath>

#include "backends/operations/operands.h"

namespace mlpbench {

Parameters<double> made_up_parameters(const NetworkSpec& network) {
  Parameters<double> theta(network);
  std::mt19937 random(20260105);
  for (std::size_t l = 0; l < theta.layers(); ++l) {
    const bool he = info(network.layers[l].activation).initializer == Initializer::he;
    const auto inputs = static_cast<double>(network.inputs_of(l));
    const double limit =
        std::sqrt(6.0 / (he ? inputs : inputs + static_cast<double>(network.layers[l].units)));
    fill_uniform(theta.W(l), -limit, limit, random);
  }
  return theta;
}

Dataset random_data(std::size_t inputs, std::size_t outputs, std::size_t samples) {
  Dataset data{Matrix<double>(samples, inputs), {}};
  std::vector<std::size_t> labels;
  std::mt19937 random(20260106);
  fill_uniform(data.X.view(), -std::sqrt(3.0), std::sqrt(3.0), random);
  for (std::size_t n = 0; n < samples; ++n) {
    double sum = 0.0;
    for (std::size_t j = 0; j < inputs; ++j) sum += data.X(n, j) * (j % 2 == 0 ? 1.0 : -1.0);
    labels.push_back(outputs == 1 ? (sum > 0 ? 1 : 0) : static_cast<std::size_t>(std::abs(sum)) % outputs);
  }
  if (outputs > 1) {
    data.Y = Targets::one_hot(labels, outputs);
  } else {
    Matrix<double> Y(samples, 1);
    std::copy(labels.begin(), labels.end(), Y.row(0));
    data.Y = std::move(Y);
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

Problem made_up_problem(const NetworkSpec& network, std::size_t samples, std::size_t tested) {
  Problem problem;
  problem.network = network;
  problem.train = random_data(network.inputs, network.outputs(), samples);
  problem.test = random_data(network.inputs, network.outputs(), tested);
  problem.evaluated_on = "made-up samples";
  problem.task = !info(network.loss.kind).of_classes ? Task::regression
                 : network.outputs() > 1             ? Task::multiclass
                                                     : Task::binary;
  problem.initial = made_up_parameters(network);
  return problem;
}

}  // namespace mlpbench
