#include "backends/onednn/matmul.h"

#include <cstdlib>
#include <unordered_map>

namespace mlpbench {
namespace {

using dnnl::memory;

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

memory::desc matrix(std::size_t rows, std::size_t cols, std::size_t stride, bool is_transposed) {
  const auto dim = [](std::size_t size) { return static_cast<memory::dim>(size); };
  const memory::dims strides = is_transposed ? memory::dims{1, dim(stride)} : memory::dims{dim(stride), 1};
  return {memory::dims{dim(rows), dim(cols)}, memory::data_type::f32, strides};
}

void append_eltwise(dnnl::post_ops& operations, dnnl::algorithm function, float alpha) {
#if DNNL_VERSION_MAJOR >= 3
  operations.append_eltwise(function, alpha, 0.0f);
#else
  operations.append_eltwise(1.0f, function, alpha, 0.0f);
#endif
}

dnnl::algorithm algorithm_of(Activation activation) {
  switch (activation) {
    case Activation::relu:
      return dnnl::algorithm::eltwise_relu;
    case Activation::tanh:
      return dnnl::algorithm::eltwise_tanh;
    case Activation::sigmoid:
      return dnnl::algorithm::eltwise_logistic;
    default:
      return dnnl::algorithm::undef;
  }
}

dnnl::matmul::primitive_desc describe(const MatmulShape& shape) {
  dnnl::post_ops operations;
  if (shape.scale != 1.0f) append_eltwise(operations, dnnl::algorithm::eltwise_linear, shape.scale);
  if (shape.adds) operations.append_sum(1.0f);
  if (shape.activation != Activation::identity) {
    append_eltwise(operations, algorithm_of(shape.activation), 0.0f);
  }
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(operations);
  const memory::desc A = matrix(shape.m, shape.k, shape.strideA, shape.transA);
  const memory::desc B = matrix(shape.k, shape.n, shape.strideB, shape.transB);
  const memory::desc C = matrix(shape.m, shape.n, shape.strideC, false);
#if DNNL_VERSION_MAJOR >= 3
  return {cpu_engine(), A, B, C, attributes};
#else
  return {dnnl::matmul::desc(A, B, C), attributes, cpu_engine()};
#endif
}

/// A product that is ready to run: the primitive, and the operands it is given at each call.
struct Plan {
  explicit Plan(const dnnl::matmul::primitive_desc& description)
      : primitive(description),
        A(description.src_desc(), cpu_engine(), nullptr),
        B(description.weights_desc(), cpu_engine(), nullptr),
        C(description.dst_desc(), cpu_engine(), nullptr),
        operands{{DNNL_ARG_SRC, A}, {DNNL_ARG_WEIGHTS, B}, {DNNL_ARG_DST, C}} {}

  dnnl::matmul primitive;
  memory A, B, C;
  std::unordered_map<int, memory> operands;  ///< share the three above
};

struct HashOfShape {
  std::size_t operator()(const MatmulShape& shape) const noexcept {
    std::size_t hash = static_cast<std::size_t>(shape.activation);
    for (const std::size_t part : {shape.m, shape.n, shape.k, shape.strideA, shape.strideB, shape.strideC,
                                   static_cast<std::size_t>(shape.transA * 4 + shape.transB * 2 + shape.adds),
                                   std::hash<float>()(shape.scale)}) {
      hash = hash * 1000003 + part;
    }
    return hash;
  }
};

Plan& plan_of(const MatmulShape& shape) {
  thread_local std::unordered_map<MatmulShape, Plan, HashOfShape> plans;
  const auto found = plans.find(shape);
  return found != plans.end() ? found->second : plans.try_emplace(shape, describe(shape)).first->second;
}

/// oneDNN writes to none of its sources.
void* writable(const float* values) { return const_cast<float*>(values); }

}  // namespace

void matmul(const MatmulShape& shape, const float* A, const float* B, float* C) {
  thread_local dnnl::stream stream(cpu_engine());
  Plan& plan = plan_of(shape);
  plan.A.set_data_handle(writable(A));
  plan.B.set_data_handle(writable(B));
  plan.C.set_data_handle(C);
  plan.primitive.execute(stream, plan.operands);
}

bool fuses_activation(Activation activation) noexcept {
  return activation == Activation::identity || algorithm_of(activation) != dnnl::algorithm::undef;
}

std::string matmul_refusal() {
  // 3.13 writes its errors to standard output, where results go.
  if (std::getenv("ONEDNN_VERBOSE") == nullptr) dnnl::set_verbose(0);
  try {
    const float A[] = {1, 2, 3, 4}, B[] = {5, 6, 7, 8};
    float C[4] = {};
    matmul({.m = 2, .n = 2, .k = 2, .strideA = 2, .strideB = 2, .strideC = 2}, A, B, C);
    const bool right = C[0] == 19 && C[1] == 22 && C[2] == 43 && C[3] == 50;
    return right ? "" : "oneDNN computes a wrong product";
  } catch (const dnnl::error& error) {
    return std::string("oneDNN cannot multiply here: ") + error.what();
  }
}

}  // namespace mlpbench
