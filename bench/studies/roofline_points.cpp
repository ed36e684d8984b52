#include <fmt/format.h>

#include <array>
#include <memory>

#include "bench/operations/operation_cases.h"
#include "bench/studies/roofline.h"

namespace mlpbench {
namespace {

using enum Activation;

struct LayerPoint {
  LayerShape shape;
  Activation hidden;
};
/// The layer of moons, the one of a small table of data, a wide one.
constexpr std::array kLayers = {LayerPoint{{4, 2, 32}, tanh}, LayerPoint{{64, 64, 1024}, relu},
                                LayerPoint{{512, 512, 256}, relu}};

/// Parameters of moons, of 256 units on 64 inputs, and of 784-512-512-10.
constexpr std::array<std::size_t, 3> kUpdates = {17, 16640, 669706};

struct LossPoint {
  std::size_t outputs, batch;
  Loss loss;
  Activation activation;
};
constexpr std::array kLosses = {LossPoint{1, 32, Loss::binary_cross_entropy, sigmoid},
                                LossPoint{1, 1024, Loss::binary_cross_entropy, sigmoid},
                                LossPoint{10, 256, Loss::softmax_cross_entropy, softmax}};

constexpr std::size_t kElementarySize = 1024;

/// Adds the points of one backend in precision T.
template <typename T>
class Points {
 public:
  Points(const BackendEntry& entry, std::vector<RooflinePoint>& all) : entry_(entry), all_(all) {}

  void add(const LayerPoint& point) {
    const Backend<T>& backend = entry_.get<T>();
    const LayerShape s = point.shape;
    const std::string function(to_string(point.hidden)), shape = to_string(s);
    add("dense_forward", function, shape, dense_forward_work(s, point.hidden, sizeof(T)),
        std::make_shared<DenseForwardCase<T>>(backend, s, point.hidden));
    add("weight_gradient", "-", shape, weight_gradient_work(s, sizeof(T)),
        std::make_shared<WeightGradientCase<T>>(backend, s));
    add("input_delta", function, shape, input_delta_work(s, sizeof(T)),
        std::make_shared<InputDeltaCase<T>>(backend, s, point.hidden));
  }

  /// theta is read and written: its bytes are counted twice, and lie in one place.
  void add_update(std::size_t parameters) {
    add("update", "-", std::to_string(parameters), update_work(parameters, sizeof(T)),
        std::make_shared<UpdateCase<T>>(entry_.get<T>(), parameters));
    all_.back().footprint = static_cast<double>(2 * parameters * sizeof(T));
  }

  void add(const LossPoint& point) {
    add("output_delta", std::string(to_string(point.loss)), fmt::format("{}x{}", point.outputs, point.batch),
        output_delta_work(point.outputs, point.batch, point.loss, sizeof(T)),
        std::make_shared<OutputDeltaCase<T>>(entry_.get<T>(), point.outputs, point.batch,
                                             LossSpec{point.loss, 1e-8}, point.activation));
  }

  void add_elementary() {
    for (const ElementaryFunction<T>& function : elementary_functions<T>(entry_)) {
      const std::string_view name = function.name;
      if (name != "exp" && name != "tanh") continue;
      add("elementary", std::string(name), std::to_string(kElementarySize),
          elementary_work(kElementarySize, sizeof(T)),
          std::make_shared<ElementaryCase<T>>(function.case_of(kElementarySize)));
    }
  }

 private:
  template <typename Case>
  void add(std::string operation, std::string function, std::string shape, const Work& work,
           std::shared_ptr<Case> what) {
    all_.push_back({.operation = std::move(operation),
                    .function = std::move(function),
                    .shape = std::move(shape),
                    .dtype = sizeof(T) == sizeof(float) ? DType::float32 : DType::float64,
                    .backend = &entry_,
                    .work = work,
                    .footprint = work.bytes,
                    .problem = [what] { return what->problem(); },
                    .call = [what] { (*what)(); },
                    .wrong = {},
                    .level = {},
                    .bandwidth = 0.0,
                    .seconds = {},
                    .peak = {}});
  }

  const BackendEntry& entry_;
  std::vector<RooflinePoint>& all_;
};

template <typename T>
void add_points(const BackendEntry& entry, bool quick, std::vector<RooflinePoint>& all) {
  Points<T> points(entry, all);
  const std::size_t shapes = kLayers.size() - (quick ? 1 : 0);
  for (std::size_t i = 0; i < shapes; ++i) points.add(kLayers[i]);
  for (std::size_t i = 0; i < shapes; ++i) points.add_update(kUpdates[i]);
  for (std::size_t i = 0; i < shapes; ++i) points.add(kLosses[i]);
  points.add_elementary();
}

}  // namespace

std::vector<RooflinePoint> roofline_points(const std::vector<const BackendEntry*>& backends,
                                           const std::vector<DType>& dtypes, bool quick) {
  std::vector<RooflinePoint> all;
  for (const DType dtype : dtypes) {
    for (const BackendEntry* backend : backends) {
      if (dtype == DType::float32) {
        add_points<float>(*backend, quick, all);
      } else {
        add_points<double>(*backend, quick, all);
      }
    }
  }
  return all;
}

}  // namespace mlpbench
