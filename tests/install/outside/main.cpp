// Trains a tiny network with every backend that can run here, and with one that is defined below.

#include <cmath>
#include <cstdio>

#include "backends/registry.h"
#include "core/training/trainer.h"

using namespace mlpbench;

namespace {

/// A backend from outside of the suite: the operations of another, and how often they were called.
class Counting : public Backend<double> {
 public:
  explicit Counting(const Backend<double>& other) : other_(other) {}

  void dense_forward(MatrixView<const double> W, std::span<const double> b, MatrixView<const double> X,
                     Activation activation, MatrixView<double> A, std::span<double> scratch,
                     MatrixView<double> Z) const noexcept override {
    ++calls;
    other_.dense_forward(W, b, X, activation, A, scratch, Z);
  }
  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const double> A,
                      MatrixView<const double> Y, MatrixView<double> dZ,
                      MatrixView<const double> Z) const noexcept override {
    return other_.output_delta(loss, activation, A, Y, dZ, Z);
  }
  void weight_gradient(MatrixView<const double> dZ, MatrixView<const double> X, double scale,
                       MatrixView<double> dW, std::span<double> db,
                       std::span<double> scratch) const noexcept override {
    other_.weight_gradient(dZ, X, scale, dW, db, scratch);
  }
  void input_delta(MatrixView<const double> W, MatrixView<const double> dZ,
                   MatrixView<const double> saved_prev, Activation activation, MatrixView<double> dZ_prev,
                   std::span<double> scratch) const noexcept override {
    other_.input_delta(W, dZ, saved_prev, activation, dZ_prev, scratch);
  }
  std::size_t scratch_size(const NetworkSpec& network, std::size_t batch) const noexcept override {
    return other_.scratch_size(network, batch);
  }

  mutable int calls = 0;

 private:
  const Backend<double>& other_;
};

/// The last loss of 2000 epochs on exclusive or, which a network without a hidden layer cannot learn.
template <typename T>
double train_xor(const Backend<T>& backend) {
  NetworkSpec network{2, {{8, Activation::tanh}, {1, Activation::sigmoid}}, {}};
  Dataset data{Matrix<double>(4, 2), Matrix<double>(4, 1)};
  for (std::size_t i = 0; i < 4; ++i) {
    data.X(i, 0) = static_cast<double>(i / 2);
    data.X(i, 1) = static_cast<double>(i % 2);
    data.Y.values()(i, 0) = static_cast<double>(i / 2 != i % 2);
  }
  RandomState stream(1);
  Parameters<T> theta(network);
  for (T& parameter : theta.all()) parameter = static_cast<T>(stream.standard_normal());
  TrainingOptions options;
  options.epochs = 2000;
  options.learning_rate = 0.5;
  return find_trainer("full-batch")
      .train(TrainingRun<T>{backend, network, data, options, theta, stream})
      .loss_per_epoch.back();
}

}  // namespace

int main() {
  const Counting own(reference_backend<double>());
  const double reference = train_xor<double>(own);
  bool right = reference < 0.05 && own.calls == 2 * 2000;
  std::printf("own loss %.6f after %d calls\n", reference, own.calls);
  for (const BackendEntry* entry : usable_backends(DType::float64)) {
    const double in_double = train_xor(entry->get<double>()), in_float = train_xor(entry->get<float>());
    std::printf("%s loss %.6f %.6f\n", std::string(entry->name).c_str(), in_double, in_float);
    right = right && std::abs(in_double - reference) < 1e-10 && std::abs(in_float - reference) < 1e-4;
  }
  std::printf(right ? "as expected\n" : "WRONG\n");
  return right ? 0 : 4;
}
