// The products by oneDNN's matmul, with the activation in the product's pass where oneDNN has it.
// Derivatives, losses and sums of rows run on the templates of backends/simd over the baseline's 16-byte
// vectors, as in the cblas family. The weights stay in the suite's layout. Samples
// are columns here, so W is what oneDNN calls the source of its matmul, and it chooses a layout for the
// second factor alone. The optimiser also changes W in each step, between which no other layout of it may
// last.

#include "backends/modules/module.h"

#include <algorithm>

#include "backends/onednn/matmul.h"
#include "backends/simd/vec_baseline.h"
#include "support/shared_library.h"
//
#include "backends/simd/elementwise.h"

namespace mlpbench {
namespace {

class OnednnBackend final : public Backend<float> {
  using V = simd::Vec<float>;
  using View = MatrixView<float>;
  using ConstView = MatrixView<const float>;

 public:
  /// A starts as b 1^T, to which the product is added: oneDNN's own bias goes along the columns of C, which
  /// are samples here.
  void dense_forward(ConstView W, std::span<const float> b, ConstView X, Activation activation, View A,
                     std::span<float>, View Z) const noexcept override {
    const View sums = Z.empty() ? A : Z;
    const bool fused = Z.empty() && W.cols > 0 && fuses_activation(activation);
    for (std::size_t u = 0; u < sums.rows; ++u) std::fill_n(sums.row(u), sums.cols, b[u]);
    product({.k = W.cols, .adds = true, .activation = fused ? activation : Activation::identity}, W, X, sums);
    if (!fused) simd::activate<V, float>(activation, sums, A);
  }

  double output_delta(const LossSpec& loss, Activation activation, ConstView A, ConstView Y, View dZ,
                      ConstView Z) const noexcept override {
    return simd::output_delta<V>(loss, activation, A, Y, dZ, Z);
  }

  void weight_gradient(ConstView dZ, ConstView X, float scale, View dW, std::span<float> db,
                       std::span<float>) const noexcept override {
    simd::scaled_row_sums<V>(dZ, scale, db.data());
    product({.k = dZ.cols, .transB = true, .scale = scale}, dZ, X, dW);
  }

  void input_delta(ConstView W, ConstView dZ, ConstView saved_prev, Activation activation, View dZ_prev,
                   std::span<float>) const noexcept override {
    product({.k = W.rows, .transA = true}, W, dZ, dZ_prev);
    simd::multiply_by_derivative<V>(activation, saved_prev, dZ_prev);
  }

  void update(const UpdateRule<float>& rule, std::span<float> theta, std::span<const float> gradient,
              View state) const noexcept override {
    simd::update<V>(rule, theta.data(), gradient.data(), theta.size(), state);
  }

  void accumulate(std::span<float> sum, std::span<const float> addend) const noexcept override {
    simd::accumulate<V>(sum.data(), addend.data(), sum.size());
  }

 private:
  /// Completes `shape` by the operands and multiplies. Without terms the product is 0.
  static void product(MatmulShape shape, ConstView A, ConstView B, View C) {
    if (C.empty()) return;
    if (shape.k == 0) {
      for (std::size_t u = 0; u < C.rows && !shape.adds; ++u) std::fill_n(C.row(u), C.cols, 0.0f);
      return;
    }
    shape.m = C.rows, shape.n = C.cols;
    shape.strideA = A.stride, shape.strideB = B.stride, shape.strideC = C.stride;
    matmul(shape, A.data, B.data, C.data);
  }
};

LibraryReport report() {
  const dnnl_version_t* const version = dnnl_version();
  LibraryReport report = {.version = "oneDNN " + std::to_string(version->major) + "." +
                                     std::to_string(version->minor) + "." + std::to_string(version->patch),
                          .path = file_of_address(reinterpret_cast<const void*>(&dnnl_version))};
  report.exceptions = {
      .allocates = true, .has_own_functions = true, .relu_drops_nan = true, .rounds_by_placement = true};
  const auto isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  const auto includes = [&](dnnl::cpu_isa other) {
    return (isa & static_cast<unsigned>(other)) == static_cast<unsigned>(other);
  };
  if (includes(dnnl::cpu_isa::avx512_core)) {
    report.kernels = "AVX512_CORE", report.isa = Isa::avx512;
  } else if (includes(dnnl::cpu_isa::avx2)) {
    report.kernels = "AVX2", report.isa = Isa::avx2;
  } else {
    report.kernels = "SSE41";
  }
  return report;
}

void entries(std::vector<BackendEntry>& all) {
  static const OnednnBackend float32;
  all.push_back(
      {.name = "onednn",
       .about =
           "products and common activations by oneDNN, the rest vectorised at the baseline; float32 alone",
       .library = report,
       .refusal = matmul_refusal,
       .float32 = &float32});
}

}  // namespace
}  // namespace mlpbench

MLPBENCH_BACKEND_MODULE(mlpbench::entries)
