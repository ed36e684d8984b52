#include "bench/operations/operation_rows.h"

#include <fmt/format.h>

#include <array>

#include "bench/operations/operation_cases.h"

namespace mlpbench {
namespace {

using enum Activation;

struct ForwardRow {
  LayerShape shape;
  Activation activation;
};

constexpr LayerShape kWide1{512, 784, 256}, kWide2{512, 512, 256}, kHead{10, 512, 256}, kCancer{10, 30, 455},
    kTable1{64, 28, 1024}, kTable2{64, 64, 1024}, kMoons{4, 2, 32};
constexpr std::array kShapes = {kWide1, kWide2, kHead, kCancer, kTable1, kTable2, kMoons};

/// ReLU everywhere; each of the other functions where a network has it and where its cost shows.
constexpr std::array kOtherActivations = {
    ForwardRow{kHead, softmax},     ForwardRow{kWide2, identity}, ForwardRow{kWide2, tanh},
    ForwardRow{kWide2, sigmoid},    ForwardRow{kTable2, tanh},    ForwardRow{kTable2, sigmoid},
    ForwardRow{kTable2, elu},       ForwardRow{kCancer, tanh},    ForwardRow{kCancer, sigmoid},
    ForwardRow{kMoons, tanh},       ForwardRow{kMoons, sigmoid},  ForwardRow{{1, 10, 455}, sigmoid},
    ForwardRow{{1, 4, 32}, sigmoid}};

struct LossRow {
  std::size_t outputs, batch;
  Loss loss;
  Activation activation;
};
constexpr std::array kLosses = {LossRow{1, 32, Loss::binary_cross_entropy, sigmoid},
                                LossRow{1, 455, Loss::binary_cross_entropy, sigmoid},
                                LossRow{1, 1024, Loss::binary_cross_entropy, sigmoid},
                                LossRow{1, 100, Loss::mean_squared_error, identity},
                                LossRow{10, 32, Loss::softmax_cross_entropy, softmax},
                                LossRow{10, 256, Loss::softmax_cross_entropy, softmax}};

std::string loss_name(Loss loss) {
  std::string name(to_string(loss));
  for (char& c : name) c = c == ' ' || c == '-' ? '_' : c;
  return name;
}

/// Adds rows of one backend in precision T; knows what they have in common.
template <typename T>
class Rows {
 public:
  Rows(Suite& suite, const BackendEntry& entry) : suite_(suite), entry_(entry) {}

  void add_all() {
    for (const LayerShape& shape : kShapes) dense_forward(shape, relu);
    for (const ForwardRow& row : kOtherActivations) dense_forward(row.shape, row.activation);
    for (const LayerShape& shape : kShapes) weight_gradient(shape);
    for (const LayerShape& shape : kShapes) input_delta(shape, shape.inputs == 2 ? tanh : relu);
    for (const LossRow& row : kLosses) output_delta(row);
    for (const LayerShape& shape : kShapes) update(one_layer(shape).parameter_count());
    elementary();
  }

 private:
  RowInfo info(std::string name, Work work, double elements) const {
    return {.name = std::move(name),
            .backend = &entry_,
            .dtype = sizeof(T) == sizeof(float) ? DType::float32 : DType::float64,
            .work = work,
            .elements = elements};
  }

  void dense_forward(LayerShape shape, Activation activation) {
    suite_.add(info(fmt::format("dense_forward/{}/{}", to_string(activation), to_string(shape)),
                    dense_forward_work(shape, activation, sizeof(T)), shape.outputs()),
               [&entry = entry_, shape, activation] {
                 return DenseForwardCase<T>(entry.get<T>(), shape, activation);
               });
  }

  void weight_gradient(LayerShape shape) {
    suite_.add(info(fmt::format("weight_gradient/-/{}", to_string(shape)),
                    weight_gradient_work(shape, sizeof(T)), shape.weights()),
               [&entry = entry_, shape] { return WeightGradientCase<T>(entry.get<T>(), shape); });
  }

  void input_delta(LayerShape shape, Activation activation) {
    suite_.add(info(fmt::format("input_delta/{}/{}", to_string(activation), to_string(shape)),
                    input_delta_work(shape, sizeof(T)), shape.values()),
               [&entry = entry_, shape, activation] {
                 return InputDeltaCase<T>(entry.get<T>(), shape, activation);
               });
  }

  void output_delta(const LossRow& row) {
    suite_.add(
        info(fmt::format("output_delta/{}/{}x{}", loss_name(row.loss), row.outputs, row.batch),
             output_delta_work(row.outputs, row.batch, row.loss, sizeof(T)),
             static_cast<double>(row.outputs * row.batch)),
        [&entry = entry_, row] {
          return OutputDeltaCase<T>(entry.get<T>(), row.outputs, row.batch, {row.loss, 1e-8}, row.activation);
        });
  }

  void update(std::size_t parameters) {
    suite_.add(info(fmt::format("update/-/{}", parameters), update_work(parameters, sizeof(T)),
                    static_cast<double>(parameters)),
               [&entry = entry_, parameters] { return UpdateCase<T>(entry.get<T>(), parameters); });
  }

  /// 1024 elements: arguments and values lie in any first-level cache.
  void elementary() {
    constexpr std::size_t kSize = 1024;
    for (const ElementaryFunction<T>& function : elementary_functions<T>(entry_)) {
      suite_.add(info(fmt::format("elementary/{}/{}", function.name, kSize),
                      elementary_work(kSize, sizeof(T)), kSize),
                 [function] { return function.case_of(kSize); });
    }
  }

  Suite& suite_;
  const BackendEntry& entry_;
};

}  // namespace

void add_operation_rows(Suite& suite, std::span<const BackendEntry> backends) {
  for (const BackendEntry& entry : backends) {
    Rows<float>(suite, entry).add_all();
    Rows<double>(suite, entry).add_all();
  }
}

}  // namespace mlpbench
