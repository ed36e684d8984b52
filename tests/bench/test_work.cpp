// The counts of backends/operations against loops that count one element and one operation at a time.

#include <set>
#include <string>
#include <tuple>

#include "backends/operations/operation.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

/// Elements are counted once however often they are touched, and only those of the named matrices: what a
/// caller hands in or gets back.
class Tally {
 public:
  explicit Tally(std::set<std::string> outside) : outside_(std::move(outside)) {}

  void read(const std::string& matrix, std::size_t i, std::size_t j = 0) { note(read_, matrix, i, j); }
  void write(const std::string& matrix, std::size_t i, std::size_t j = 0) { note(written_, matrix, i, j); }
  void multiply_add() { flop_ += 2; }

  Work work(std::size_t element) const {
    return {static_cast<double>(flop_), static_cast<double>((read_.size() + written_.size()) * element)};
  }

 private:
  using Elements = std::set<std::tuple<std::string, std::size_t, std::size_t>>;

  void note(Elements& elements, const std::string& matrix, std::size_t i, std::size_t j) {
    if (outside_.contains(matrix)) elements.emplace(matrix, i, j);
  }

  std::set<std::string> outside_;
  Elements read_, written_;
  std::size_t flop_ = 0;
};

// Matrices are called by their symbols of core/backend.h with the number of the layer; A0 is X.

std::string symbol(const char* letter, std::size_t layer) { return letter + std::to_string(layer); }

void forward(Tally& tally, LayerShape s, std::size_t l) {
  for (std::size_t u = 0; u < s.units; ++u) {
    tally.read(symbol("b", l), u);
    for (std::size_t n = 0; n < s.batch; ++n) {
      for (std::size_t i = 0; i < s.inputs; ++i) {
        tally.read(symbol("W", l), u, i);
        tally.read(symbol("A", l - 1), i, n);
        tally.multiply_add();
      }
      tally.write(symbol("A", l), u, n);
    }
  }
}

void output_delta(Tally& tally, std::size_t outputs, std::size_t batch, std::size_t l) {
  for (std::size_t k = 0; k < outputs; ++k) {
    for (std::size_t n = 0; n < batch; ++n) {
      tally.read(symbol("A", l), k, n);
      tally.read("Y", k, n);
      tally.write(symbol("dZ", l), k, n);
    }
  }
}

void weight_gradient(Tally& tally, LayerShape s, std::size_t l) {
  for (std::size_t u = 0; u < s.units; ++u) {
    for (std::size_t n = 0; n < s.batch; ++n) {
      tally.read(symbol("dZ", l), u, n);
      for (std::size_t i = 0; i < s.inputs; ++i) {
        tally.read(symbol("A", l - 1), i, n);
        tally.multiply_add();
        tally.write(symbol("dW", l), u, i);
      }
    }
    tally.write(symbol("db", l), u);
  }
}

void input_delta(Tally& tally, LayerShape s, std::size_t l) {
  for (std::size_t i = 0; i < s.inputs; ++i) {
    for (std::size_t n = 0; n < s.batch; ++n) {
      for (std::size_t u = 0; u < s.units; ++u) {
        tally.read(symbol("W", l), u, i);
        tally.read(symbol("dZ", l), u, n);
        tally.multiply_add();
      }
      tally.read(symbol("A", l - 1), i, n);
      tally.write(symbol("dZ", l - 1), i, n);
    }
  }
}

/// The update of one layer: theta is W and b, its gradient dW and db.
void update(Tally& tally, LayerShape s, std::size_t l) {
  for (std::size_t u = 0; u < s.units; ++u) {
    for (std::size_t i = 0; i < s.inputs; ++i) {
      tally.read(symbol("W", l), u, i);
      tally.read(symbol("dW", l), u, i);
      tally.multiply_add();
      tally.write(symbol("W", l), u, i);
    }
    tally.read(symbol("b", l), u);
    tally.read(symbol("db", l), u);
    tally.multiply_add();
    tally.write(symbol("b", l), u);
  }
}

void check_equal(const Work& formula, const Work& counted) {
  CHECK(formula.flop == counted.flop);
  CHECK(formula.bytes == counted.bytes);
}

const std::set<std::string> kOneLayer = {"W1", "b1", "A0", "A1", "Y", "dZ1", "dZ0", "dW1", "db1"};
Work counted_step(const NetworkSpec& network, std::size_t batch, std::size_t element) {
  const std::size_t last = network.layers.size();
  std::set<std::string> outside = {"A0", "Y"};
  for (std::size_t l = 1; l <= last; ++l) outside.insert({symbol("W", l), symbol("b", l)});
  Tally tally(outside);
  const auto shape = [&](std::size_t l) {
    return LayerShape{network.layers[l - 1].units, network.inputs_of(l - 1), batch};
  };
  for (std::size_t l = 1; l <= last; ++l) forward(tally, shape(l), l);
  output_delta(tally, network.outputs(), batch, last);
  for (std::size_t l = last; l >= 1; --l) {
    weight_gradient(tally, shape(l), l);
    if (l > 1) input_delta(tally, shape(l), l);
  }
  for (std::size_t l = 1; l <= last; ++l) update(tally, shape(l), l);
  return tally.work(element);
}

}  // namespace

TEST_CASE("the work of every operation is what its loops do") {
  for (const LayerShape s : {LayerShape{3, 5, 7}, LayerShape{1, 4, 2}, LayerShape{6, 1, 9}}) {
    for (const std::size_t element : {std::size_t{4}, std::size_t{8}}) {
      const auto check = [&](const char* operation, const LayerShape& shape, auto count) {
        INFO(operation);
        Tally tally(kOneLayer);
        count(tally);
        check_equal(find_operation(operation).work({shape}, element), tally.work(element));
      };
      check("dense_forward", s, [&](Tally& tally) { forward(tally, s, 1); });
      check("output_delta", s, [&](Tally& tally) { output_delta(tally, s.units, s.batch, 1); });
      check("weight_gradient", s, [&](Tally& tally) { weight_gradient(tally, s, 1); });
      check("input_delta", s, [&](Tally& tally) { input_delta(tally, s, 1); });
      check("update", {1, 1, s.units * (s.inputs + 1)}, [&](Tally& tally) { update(tally, s, 1); });
    }
  }
}

TEST_CASE("the work of a step is that of its operations, its bytes those of the batch and the parameters") {
  NetworkSpec network;
  network.inputs = 5;
  network.layers = {{4, Activation::tanh}, {3, Activation::relu}, {2, Activation::softmax}};
  network.loss.kind = Loss::softmax_cross_entropy;
  check_equal(step_work(network, 6, 4), counted_step(network, 6, 4));
  network.layers = {{1, Activation::sigmoid}};
  network.loss.kind = Loss::binary_cross_entropy;
  check_equal(step_work(network, 3, 8), counted_step(network, 3, 8));
}

TEST_CASE("an epoch is its steps, with or without the incomplete one") {
  NetworkSpec network;
  network.inputs = 2;
  network.layers = {{4, Activation::tanh}, {1, Activation::sigmoid}};
  Work steps;
  for (int n = 0; n < 3; ++n) steps += counted_step(network, 8, 4);
  check_equal(epoch_work(network, 29, 8, false, 4), steps);
  steps += counted_step(network, 5, 4);
  check_equal(epoch_work(network, 29, 8, true, 4), steps);
}

TEST_CASE("the breast cancer epoch has the work that is stated everywhere") {
  NetworkSpec network;
  network.inputs = 30;
  network.layers = {{10, Activation::relu}, {1, Activation::sigmoid}};
  const double products = 2.0 * 455 * (2 * 30 * 10 + 3 * 10), update = 2.0 * 321;
  CHECK(step_work(network, 455, 4).flop == products + update);
}
