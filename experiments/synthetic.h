// Networks and data without meaning, for timing training. The cost of a step does not depend on the numbers,
// as long as they keep their magnitude.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

/// Uniform weights that keep the variance of what flows through a layer, by the activation's Initializer (He
/// et al. 2015; Glorot, Bengio 2010); biases 0. The same for every call.
Parameters<double> made_up_parameters(const NetworkSpec& network);

/// (samples x inputs) of mean 0 and variance 1; targets are 0 or 1, of several outputs one is 1. They follow
/// from the inputs, so that the loss is that of a network that has something to learn. Fewer samples are the
/// first of more.
Dataset random_data(std::size_t inputs, std::size_t outputs, std::size_t samples);

/// ReLU layers, then a sigmoid for a single output, a softmax for several.
NetworkSpec relu_network(std::size_t inputs, std::initializer_list<std::size_t> hidden, std::size_t outputs);

/// The network with so many samples; the first `tested` of them are the test set.
Problem made_up_problem(const NetworkSpec& network, std::size_t samples, std::size_t tested);

/// Networks that a user wants to know about. The lists make a product.
struct NetworkQuestion {
  std::vector<std::string> networks;     ///< "784-512-10": inputs, units of the hidden layers, outputs
  std::vector<std::string> batches;      ///< samples of a step; empty: 256
  std::vector<std::string> activations;  ///< of the hidden layers; empty: relu
  std::vector<std::string> losses;       ///< LossInfo::word; empty: bce of one output, softmax of several
};

/// An experiment for each network, batch, activation and loss. Its training is full-batch on exactly a batch
/// of made-up samples, so that an epoch is one step. Named "784-512-10@256", and "-tanh", "-mse" where
/// several were asked for. It has no NumPy program, so it is compared with naive in float64. The learning
/// rate moves the loss visibly and cannot diverge. Epochs: about 2e8 flop, 3 to 1000.
///
/// A pair that makes no network is left out, with its reason in `left_out`. Throws UserError for an invalid
/// size, batch, activation or loss, and when nothing remains. Also for more than this machine can hold,
/// before anything is allocated.
OwnExperiments network_experiments(const NetworkQuestion& question, std::vector<std::string>& left_out);

}  // namespace mlpbench
