#include "tests/ops/cases.h"

#include <array>

namespace mlpbench::test {
namespace {

struct LayerShape {
  std::size_t units, inputs, batch;
};

// The layers of the experiments, and shapes that are wide, deep, flat or larger than the tiles of any
// backend.
constexpr std::array kLayers = {
    LayerShape{10, 30, 455},  LayerShape{1, 10, 455},   LayerShape{4, 2, 400},     LayerShape{1, 4, 32},
    LayerShape{10, 1, 100},   LayerShape{64, 64, 32},   LayerShape{32, 64, 32},    LayerShape{10, 32, 32},
    LayerShape{33, 65, 70},   LayerShape{66, 33, 18},   LayerShape{1, 300, 1},     LayerShape{300, 1, 1},
    LayerShape{1, 1, 1000},   LayerShape{65, 3, 257},   LayerShape{130, 200, 150}, LayerShape{50, 300, 270},
    LayerShape{270, 140, 40}, LayerShape{130, 520, 290}};

}  // namespace

std::string to_string(const Case& layer) {
  return std::string(to_string(layer.activation)) + ", W " + std::to_string(layer.units) + " x " +
         std::to_string(layer.inputs) + ", batch " + std::to_string(layer.batch) + ", " +
         (layer.data == Data::integer ? "integers, " : "") + "seed " + std::to_string(layer.seed) + ", " +
         to_string(layer.placement);
}

std::span<const Activation> all_activations() {
  using enum Activation;
  static constexpr std::array activations = {identity, sigmoid, tanh, relu, elu, softmax};
  return activations;
}

std::span<const std::size_t> edge_lengths() {
  static constexpr std::array<std::size_t, 18> lengths = {0,  1,  3,  4,  5,  7,  8,  9,  12,
                                                          15, 16, 17, 24, 32, 34, 48, 66, 130};
  return lengths;
}

std::vector<Case> layer_cases(std::size_t random) {
  const std::span<const Placement> placements = all_placements();
  const std::span<const Activation> activations = all_activations();
  std::vector<Case> cases;
  const auto add = [&](std::size_t units, std::size_t inputs, std::size_t batch) {
    // 9 placements and 6 activations have a common factor; the shift by rounds makes all pairs meet.
    const std::size_t n = cases.size(), round = n / placements.size();
    cases.push_back({units, inputs, batch, activations[(n + round) % activations.size()],
                     placements[n % placements.size()], Data::real, static_cast<std::uint32_t>(n)});
  };
  constexpr std::size_t kTileHeights = 17;
  for (std::size_t units = 0; units <= kTileHeights; ++units) {
    for (const std::size_t inputs : edge_lengths()) {
      for (const std::size_t batch : edge_lengths()) add(units, inputs, batch);
    }
  }
  for (const LayerShape& shape : kLayers) {
    for (std::size_t repeat = 0; repeat < 9; ++repeat) add(shape.units, shape.inputs, shape.batch);
  }
  std::mt19937 generator(20240607);
  for (std::size_t n = 0; n < random; ++n) {
    const std::size_t units = generator() % 41, inputs = generator() % (151 / (1 + n % 3));
    add(units, inputs, generator() % (151 / (1 + n % 2)));
  }
  return cases;
}

}  // namespace mlpbench::test
