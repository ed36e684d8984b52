// Networks and data of no meaning, for programs that time training: what a step costs does not depend on the
// numbers, as long as they stay of their size.
#pragma once

#include <cstddef>
#include <initializer_list>

#include "core/data/dataset.h"
#include "core/network.h"

namespace mlpbench {

/// Bytes that a step reads or writes somewhere: the batch, A and dZ of every layer for a chunk, parameters,
/// gradients, and of several chunks those of the one under way; `element` bytes a number.
double step_footprint(const NetworkSpec& network, std::size_t batch, std::size_t element);

/// Uniform weights that keep the variance of what flows through a layer (He et al. 2015); biases 0. The same
/// for every call.
Parameters<double> he_parameters(const NetworkSpec& network);

/// (samples x inputs) of mean 0 and variance 1; targets follow from the inputs, so that the loss is that of a
/// network that has something to learn.
Dataset random_data(std::size_t inputs, std::size_t outputs, std::size_t samples);

/// ReLU layers, then a sigmoid for a single output, a softmax for several.
NetworkSpec relu_network(std::size_t inputs, std::initializer_list<std::size_t> hidden, std::size_t outputs);

}  // namespace mlpbench
