#include "experiments/initial_parameters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "support/option_values.h"

namespace mlpbench {
namespace {

/// The words of --init, each with the deviation or the limit of a weight.
struct WeightRule {
  std::string_view word;
  bool uniform;
  double (*spread)(double inputs, double units, double scale);

  bool scaled() const { return word.ends_with(kScale); }
  static constexpr std::string_view kScale = ":S";
};

constexpr std::array kWeightRules = {
    WeightRule{"he", false, [](double inputs, double, double) { return std::sqrt(2.0 / inputs); }},
    WeightRule{"glorot", false,
               [](double inputs, double units, double) { return std::sqrt(2.0 / (inputs + units)); }},
    WeightRule{"lecun", false, [](double inputs, double, double) { return std::sqrt(1.0 / inputs); }},
    WeightRule{"normal:S", false, [](double, double, double scale) { return scale; }},
    WeightRule{"uniform:S", true, [](double, double, double scale) { return scale; }}};

}  // namespace

std::vector<std::string_view> initialisation_words() {
  std::vector<std::string_view> words;
  for (const WeightRule& rule : kWeightRules) words.push_back(rule.word);
  return words;
}

Initialisation parse_initialisation(std::string_view option, std::string_view text) {
  const std::size_t colon = text.find(':');
  std::string word(text.substr(0, colon));
  if (colon != text.npos) word += WeightRule::kScale;
  const std::vector<std::string_view> words = initialisation_words();
  const bool known = std::find(words.begin(), words.end(), word) != words.end();
  const Initialisation unscaled{parse_word(option, known ? word : text, words)};
  if (colon == text.npos) return unscaled;
  return {unscaled.rule, parse_positive(option, text.substr(colon + 1))};
}

std::string to_string(const Initialisation& initialisation) {
  const WeightRule& rule = kWeightRules[initialisation.rule];
  if (!rule.scaled()) return std::string(rule.word);
  return fmt::format("{}:{}", rule.word.substr(0, rule.word.find(':')), initialisation.scale);
}

Parameters<double> draw_parameters(const NetworkSpec& network, const Initialisation& initialisation,
                                   RandomState& stream) {
  const WeightRule& rule = kWeightRules[initialisation.rule];
  Parameters<double> theta(network);
  for (std::size_t l = 0; l < theta.layers(); ++l) {
    const MatrixView<double> W = theta.W(l);
    const double spread =
        rule.spread(static_cast<double>(W.cols), static_cast<double>(W.rows), initialisation.scale);
    for (double& w : std::span(W.data, W.rows * W.cols)) {
      w = rule.uniform ? stream.uniform(-spread, spread) : spread * stream.standard_normal();
    }
  }
  return theta;
}

double draw_he(RandomState& stream, std::size_t inputs) {
  return stream.standard_normal() * std::sqrt(2.0 / static_cast<double>(inputs));
}

double draw_hundredth(RandomState& stream, std::size_t) { return stream.standard_normal() * 0.01; }

Parameters<double> draw_parameters(const NetworkSpec& network, const InitialRule& rule, RandomState& stream) {
  Parameters<double> theta(network);
  for (std::size_t l = 0; l < theta.layers(); ++l) {
    const MatrixView<double> W = theta.W(l);
    const bool transposed = rule.order == WeightOrder::inputs_by_units;
    for (std::size_t i = 0; i < (transposed ? W.cols : W.rows); ++i) {
      for (std::size_t j = 0; j < (transposed ? W.rows : W.cols); ++j) {
        (transposed ? W(j, i) : W(i, j)) = rule.draw(stream, W.cols);
      }
    }
    if (!rule.draw_biases) continue;
    for (double& b : theta.b(l)) b = rule.draw(stream, W.cols);
  }
  return theta;
}

Matrix<double> as_stored(MatrixView<const double> W, WeightOrder order) {
  const bool transposed = order == WeightOrder::inputs_by_units;
  Matrix<double> stored(transposed ? W.cols : W.rows, transposed ? W.rows : W.cols);
  for (std::size_t i = 0; i < W.rows; ++i) {
    for (std::size_t j = 0; j < W.cols; ++j) (transposed ? stored(j, i) : stored(i, j)) = W(i, j);
  }
  return stored;
}

Matrix<double> as_stored(std::span<const double> b, WeightOrder order) {
  return as_stored(MatrixView<const double>{b.data(), b.size(), 1, 1}, order);
}

}  // namespace mlpbench
