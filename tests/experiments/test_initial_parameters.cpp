#include <cmath>
#include <vector>

#include "experiments/initial_parameters.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

const NetworkSpec network{3, {{2, Activation::relu}, {4, Activation::relu}, {1, Activation::sigmoid}}, {}};

double scaled_normal(RandomState& stream, std::size_t inputs) {
  return stream.standard_normal() * static_cast<double>(inputs);
}

std::vector<double> rows_of(const Matrix<double>& matrix) {
  return {matrix.row(0), matrix.row(0) + matrix.rows() * matrix.cols()};
}

std::vector<double> draws(RandomState& stream, std::size_t count, std::size_t inputs) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(scaled_normal(stream, inputs));
  return values;
}

}  // namespace

TEST_CASE("parameters are drawn layer by layer in the notebook's order", "[experiments][initial]") {
  for (const WeightOrder order : {WeightOrder::units_by_inputs, WeightOrder::inputs_by_units}) {
    for (const bool draw_biases : {false, true}) {
      RandomState stream(5), expected(5);
      const Parameters<double> theta = draw_parameters(network, {order, scaled_normal, draw_biases}, stream);
      for (std::size_t l = 0; l < theta.layers(); ++l) {
        INFO("layer " << l << ", biases drawn: " << draw_biases);
        const std::size_t units = network.layers[l].units, inputs = network.inputs_of(l);
        CHECK(rows_of(as_stored(theta.W(l), order)) == draws(expected, units * inputs, inputs));
        const std::vector<double> b =
            draw_biases ? draws(expected, units, inputs) : std::vector<double>(units, 0.0);
        CHECK(rows_of(as_stored(theta.b(l), order)) == b);
      }
      CHECK(stream.random_sample() == expected.random_sample());  // nothing more was drawn
    }
  }
}

TEST_CASE("the stored order is W as it is, or its transpose", "[experiments][initial]") {
  const std::vector<double> values = {1, 2, 3, 4, 5, 6};
  const MatrixView<const double> W{values.data(), 2, 3, 3};
  const Matrix<double> same = as_stored(W, WeightOrder::units_by_inputs);
  CHECK((same.rows() == 2 && same.cols() == 3));
  CHECK(rows_of(same) == values);
  const Matrix<double> transposed = as_stored(W, WeightOrder::inputs_by_units);
  CHECK((transposed.rows() == 3 && transposed.cols() == 2));
  CHECK(rows_of(transposed) == std::vector<double>{1, 4, 2, 5, 3, 6});

  const std::span<const double> b(values.data(), 2);
  CHECK(as_stored(b, WeightOrder::units_by_inputs).cols() == 1);
  CHECK(as_stored(b, WeightOrder::inputs_by_units).rows() == 1);
}
