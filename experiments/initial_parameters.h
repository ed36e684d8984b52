#pragma once

#include <cstddef>
#include <span>

#include "core/data/random_state.h"
#include "core/network.h"

namespace mlpbench {

/// How a notebook stores a layer's W. The suite has (units x inputs); a notebook that computes X W + b has
/// (inputs x units), draws and prints W in that order, and b as a row instead of a column.
enum class WeightOrder { units_by_inputs, inputs_by_units };

/// How a notebook draws its initial parameters.
struct InitialRule {
  WeightOrder order = WeightOrder::units_by_inputs;

  /// One weight: a draw from the stream, scaled for a layer with that many inputs.
  double (*draw)(RandomState& stream, std::size_t inputs);

  /// Whether biases are drawn as weights are, after the W of their layer. Else they are 0 and draw nothing.
  bool draw_biases = false;
};

/// He: a Gaussian times sqrt(2 / inputs).
double draw_he(RandomState& stream, std::size_t inputs);

/// A Gaussian times 0.01.
double draw_hundredth(RandomState& stream, std::size_t inputs);

/// The parameters of `network`, drawn layer by layer: W in the rule's order, row after row, then b.
Parameters<double> draw_parameters(const NetworkSpec& network, const InitialRule& rule, RandomState& stream);

/// W (units x inputs) as the notebook stores it, a dense copy.
Matrix<double> as_stored(MatrixView<const double> W, WeightOrder order);

/// b (units) as the notebook stores it: (units x 1), or (1 x units) where W is (inputs x units).
Matrix<double> as_stored(std::span<const double> b, WeightOrder order);

}  // namespace mlpbench
