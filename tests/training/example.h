#pragma once

#include <cstring>

#include "core/training/trainer.h"

namespace mlpbench::test {

/// A small problem with random data, the same in every run: 3-5-4-2 unless said otherwise. The classes depend
/// on the first two inputs.
struct Example {
  NetworkSpec network;
  Dataset data;
  Parameters<double> initial;

  explicit Example(std::size_t samples, std::size_t first_units = 5, std::size_t second_units = 4,
                   std::size_t inputs = 3) {
    network.inputs = inputs;
    network.layers = {
        {first_units, Activation::tanh}, {second_units, Activation::relu}, {2, Activation::softmax}};
    network.loss = {Loss::softmax_cross_entropy, 1e-8};
    data = {Matrix<double>(samples, inputs), Matrix<double>(samples, 2)};
    initial = Parameters<double>(network);
    RandomState random(11);
    for (std::size_t n = 0; n < samples; ++n) {
      for (std::size_t j = 0; j < inputs; ++j) data.X(n, j) = random.standard_normal();
      data.Y.values()(n, data.X(n, 0) * data.X(n, 1) > 0.1 ? 1 : 0) = 1.0;
    }
    for (double& parameter : initial.all()) parameter = random.uniform(-0.8, 0.8);
  }

  /// Every hidden layer drops this part.
  void drop(double rate) {
    for (std::size_t l = 0; l + 1 < network.layers.size(); ++l) network.layers[l].dropout = rate;
  }

  template <typename T>
  Parameters<T> parameters() const {
    Parameters<T> theta(network);
    theta.assign(initial);
    return theta;
  }
};

/// What a run leaves behind.
template <typename T>
struct Trained {
  TrainingTrace trace;
  Parameters<T> theta;
  double next_random = 0.0;  ///< drawn from the stream after the run
};

template <typename T>
Trained<T> train(std::string_view trainer, const Backend<T>& backend, const Example& example,
                 const TrainingOptions& options, std::uint32_t seed = 5) {
  Trained<T> result;
  result.theta = example.parameters<T>();
  RandomState stream(seed);
  result.trace = find_trainer(trainer).train(
      TrainingRun<T>{backend, example.network, example.data, options, result.theta, stream});
  result.next_random = stream.random_sample();
  return result;
}

template <typename T>
bool bitwise_equal(const Parameters<T>& a, const Parameters<T>& b) {
  return a.all().size() == b.all().size() &&
         std::memcmp(a.all().data(), b.all().data(), a.all().size() * sizeof(T)) == 0;
}

}  // namespace mlpbench::test
