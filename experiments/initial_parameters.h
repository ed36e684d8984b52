#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/random_state.h"
#include "core/network.h"

namespace mlpbench {

/// How a notebook stores a layer's W. The suite has (units x inputs). A notebook that computes X W + b has
/// (inputs x units). It draws and prints W in that order, and b as a row instead of a column.
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

/// Initial weights by a rule that the user names instead of the notebook's: independent draws of mean 0. For
/// a layer of that many inputs and units
///   he         Gaussians of deviation sqrt(2 / inputs): K. He, X. Zhang, S. Ren, J. Sun, Delving deep into
///              rectifiers, ICCV 2015, equation 10
///   glorot     Gaussians of deviation sqrt(2 / (inputs + units)): X. Glorot, Y. Bengio, Understanding the
///              difficulty of training deep feedforward neural networks, AISTATS 2010, equation 12
///   lecun      Gaussians of deviation sqrt(1 / inputs): Y. LeCun, L. Bottou, G. Orr, K.-R. Muller, Efficient
///              BackProp, 1998, equation 16
///   normal:S   Gaussians of deviation S
///   uniform:S  uniform in [-S, S)
struct Initialisation {
  std::size_t rule = 0;  ///< place in initialisation_words()
  double scale = 1.0;    ///< S, where the rule has one
};

std::vector<std::string_view> initialisation_words();  ///< he, ..., uniform:S

/// What `text` says, "glorot" or "normal:0.1". UserError, "OPTION: 'TEXT' is not ...".
Initialisation parse_initialisation(std::string_view option, std::string_view text);

/// The text that parse_initialisation() reads so.
std::string to_string(const Initialisation& initialisation);

/// The same for every experiment and every WeightOrder: layer by layer, W (units x inputs) row after row.
/// Each weight is `deviation * standard_normal()` or `uniform(-S, S)`. Biases are 0 and draw nothing.
Parameters<double> draw_parameters(const NetworkSpec& network, const Initialisation& initialisation,
                                   RandomState& stream);

/// W (units x inputs) as the notebook stores it, a dense copy.
Matrix<double> as_stored(MatrixView<const double> W, WeightOrder order);

/// b (units) as the notebook stores it: (units x 1), or (1 x units) where W is (inputs x units).
Matrix<double> as_stored(std::span<const double> b, WeightOrder order);

}  // namespace mlpbench
