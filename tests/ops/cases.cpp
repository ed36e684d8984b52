#include "tests/ops/cases.h"

#include <array>

#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

// The layers of the experiments, and shapes that are wide, deep, flat or larger than the tiles of any
// backend.
constexpr std::array kLayers = {
    LayerShape{10, 30, 455},  LayerShape{1, 10, 455},   LayerShape{4, 2, 400},     LayerShape{1, 4, 32},
    LayerShape{10, 1, 100},   LayerShape{64, 64, 32},   LayerShape{32, 64, 32},    LayerShape{10, 32, 32},
    LayerShape{33, 65, 70},   LayerShape{66, 33, 18},   LayerShape{1, 300, 1},     LayerShape{300, 1, 1},
    LayerShape{1, 1, 1000},   LayerShape{65, 3, 257},   LayerShape{130, 200, 150}, LayerShape{50, 300, 270},
    LayerShape{270, 140, 40}, LayerShape{130, 520, 290}};

/// Lengths around the widths of the vectors: 0, 1, and for W = 4, 8, 16: W-1, W, W+1, 2W, 3W, 8W+2.
constexpr std::array<std::size_t, 18> kEdges = {0,  1,  3,  4,  5,  7,  8,  9,  12,
                                                15, 16, 17, 24, 32, 34, 48, 66, 130};
constexpr std::size_t kTileHeights = 17;

/// Every height of a tile with every pair of edge lengths.
std::vector<LayerShape> layer_shapes(std::size_t random) {
  std::vector<LayerShape> shapes;
  for (std::size_t units = 0; units <= kTileHeights; ++units) {
    for (const std::size_t inputs : kEdges) {
      for (const std::size_t batch : kEdges) shapes.push_back({units, inputs, batch});
    }
  }
  for (const LayerShape& shape : kLayers) shapes.insert(shapes.end(), all_placements().size(), shape);
  std::mt19937 generator(20240607);
  for (std::size_t n = 0; n < random; ++n) {
    const std::size_t units = generator() % 41, inputs = generator() % (151 / (1 + n % 3));
    shapes.push_back({units, inputs, generator() % (151 / (1 + n % 2))});
  }
  return shapes;
}

std::vector<LayerShape> small_shapes(const Operation& operation) {
  std::vector<LayerShape> shapes;
  if (operation.uses(Extent::units)) {
    for (std::size_t units = 0; units <= kTileHeights; ++units) {
      for (const std::size_t batch : kEdges) shapes.push_back({units, 1, batch});
    }
    return shapes;
  }
  for (const std::size_t size : kEdges) shapes.insert(shapes.end(), all_placements().size(), {1, 1, size});
  for (const std::size_t size : Sizes{31, 33, 321, 5000})
    shapes.insert(shapes.end(), all_placements().size(), {1, 1, size});
  return shapes;
}

}  // namespace

std::string to_string(const Operation& operation, const Case& what) {
  return operation.function_of(what.spec) + ", " + std::string(to_string(what.spec.activation)) + ", " +
         operation.shape_of(what.spec) + ", " + (what.data == Data::real ? "" : "integers, ") + "seed " +
         std::to_string(what.seed) + ", " + to_string(what.placement);
}

CallSpec spec_of(const Operation& operation, const LayerShape& shape, std::size_t n) {
  const Functions& functions = operation.functions[n % operation.functions.size()];
  return {shape, functions.activation, {functions.loss, n % 2 == 0 ? 0.0 : 1e-8}, n % 2 == 0 ? 1.0 : 0.1};
}

std::vector<Case> cases_of(const Operation& operation, std::size_t random) {
  const std::span<const Placement> placements = all_placements();
  const bool of_layer = operation.uses(Extent::inputs), of_vector = !operation.uses(Extent::units);
  std::mt19937 generator(20240608);
  std::vector<Case> cases;
  const auto add = [&](const LayerShape& shape, std::size_t function) {
    const std::size_t n = cases.size();
    Case next{spec_of(operation, shape, function),
              placements[(of_vector ? n : generator()) % placements.size()], Data::real,
              static_cast<std::uint32_t>(n)};
    next.spec.loss.log_epsilon = n % 2 == 0 ? 0.0 : 1e-8;
    next.spec.loss.huber_delta = n % 3 == 0 ? 0.5 : 1.0;
    next.spec.factor = n % 4 < 2 ? 1.0 : 0.1;
    cases.push_back(next);
  };
  if (of_layer) {
    for (const LayerShape& shape : layer_shapes(random)) add(shape, generator());
  } else {
    for (std::size_t function = 0; function < operation.functions.size(); ++function) {
      for (const LayerShape& shape : small_shapes(operation)) add(shape, function);
    }
  }
  return cases;
}

}  // namespace mlpbench::test
