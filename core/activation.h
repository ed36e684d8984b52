#pragma once

namespace mlpbench {

/// The function of a layer. `softmax` runs over the units of one sample and is for the last layer only.
enum class Activation { identity, sigmoid, tanh, relu, elu, softmax };

/// What training lowers; the formulas stand at LossSpec (core/network.h).
enum class Loss { binary_cross_entropy, softmax_cross_entropy, mean_squared_error };

}  // namespace mlpbench
