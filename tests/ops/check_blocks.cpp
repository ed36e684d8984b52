// What core/backend.h says of blocks: a part of an operation has the bits of the whole, wherever it begins
// and ends. Parallel training rests on it.

#include <cstring>
#include <limits>

#include "tests/ops/checks.h"
#include "tests/ops/conformance.h"
#include "tests/ops/guarded_call.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

template <typename T>
bool bitwise_equal(MatrixView<T> a, MatrixView<T> b) {
  for (std::size_t i = 0; i < a.rows; ++i) {
    if (std::memcmp(a.row(i), b.row(i), a.cols * sizeof(T)) != 0) return false;
  }
  return true;
}

/// Small ones, the layers of the experiments, and wide ones for which kernels copy or transpose operands.
constexpr LayerShape kLayers[] = {{1, 1, 1},      {1, 4, 33},     {4, 2, 32},     {10, 30, 455},
                                  {64, 28, 1024}, {64, 64, 200},  {10, 64, 32},   {33, 65, 100},
                                  {40, 784, 256}, {130, 300, 70}, {512, 130, 48}, {7, 1000, 17}};

/// An operation in blocks of `width` columns.
template <typename T>
void check_columns(Findings& findings, const Backend<T>& backend, const Operation& operation,
                   const CallSpec& spec, std::initializer_list<std::size_t> widths) {
  const auto make = [&] { return GuardedCall<T>(operation, spec, backend, Data::real, {}, 1); };
  GuardedCall<T> whole = make();
  whole(backend);
  const std::size_t batch = spec.shape.batch;
  for (const std::size_t width : widths) {
    GuardedCall<T> parts = make();
    for (std::size_t first = 0; first < batch; first += width) {
      parts.call_columns(backend, first, std::min(width, batch - first));
    }
    for (std::size_t i = 0; i < operation.operands.size(); ++i) {
      if (bitwise_equal(parts.views()[i], whole.views()[i])) continue;
      findings.add(operation.name, to_string(operation, {spec}) + " in blocks of " + std::to_string(width),
                   std::string(operation.operands[i].name) + ": other bits than on the whole batch");
    }
  }
}

/// weight_gradient_block() against weight_gradient() on one layer.
template <typename T>
class WeightBlocks {
 public:
  WeightBlocks(const Backend<T>& backend, const LayerShape& shape)
      : backend_(backend),
        shape_(shape),
        whole_(find_operation("weight_gradient"), {shape}, backend, Data::real, {}, 1) {
    whole_(backend);
    NetworkSpec network;
    network.inputs = shape.inputs;
    network.layers = {{shape.units, Activation::identity}};
    scratch_ = AlignedBuffer<T>(backend.block_scratch_size(network, shape.batch));
  }

  /// dW in blocks of `rows` by `cols`.
  void check(Findings& findings, std::size_t rows, std::size_t cols) {
    Matrix<T> dW(shape_.units, shape_.inputs), db(1, shape_.units);
    for (MatrixView<T> garbage : {dW.view(), db.view()}) {
      std::fill_n(garbage.data, garbage.rows * garbage.cols, std::numeric_limits<T>::quiet_NaN());
    }
    for (std::size_t u = 0; u < shape_.units; u += rows) {
      for (std::size_t i = 0; i < shape_.inputs; i += cols) {
        compute({u, std::min(rows, shape_.units - u), i, std::min(cols, shape_.inputs - i)}, dW, db);
      }
    }
    const std::string where = " in blocks of " + std::to_string(rows) + " x " + std::to_string(cols);
    const auto compare = [&](MatrixView<T> parts, std::size_t operand) {
      if (bitwise_equal(parts, whole_.views()[operand])) return;
      add(findings, where,
          std::string("another ") + whole_.operation.operands[operand].name + " than the whole");
    };
    compare(dW.view(), 2);
    compare(db.view(), 3);
  }

  /// A block in the middle, whose surroundings must stay as they were.
  void check_surroundings(Findings& findings) {
    const std::size_t units = shape_.units, inputs = shape_.inputs;
    if (units < 3 || inputs < 3) return;
    Matrix<T> dW(units, inputs), db(1, units);
    compute({1, units - 2, 1, inputs - 2}, dW, db);
    bool outside_written = false;
    for (std::size_t u = 0; u < units; ++u) {
      outside_written |= db(0, u) != T{0};
      for (std::size_t i = 0; i < inputs; ++i) {
        const bool inside = u > 0 && u + 1 < units && i > 0 && i + 1 < inputs;
        outside_written |= !inside && dW(u, i) != T{0};
      }
    }
    if (outside_written) add(findings, "", "writes outside of its block");
  }

 private:
  void compute(Block block, Matrix<T>& dW, Matrix<T>& db) {
    backend_.weight_gradient_block(whole_.views()[0], whole_.views()[1], static_cast<T>(whole_.spec.factor),
                                   dW.view(), {db.row(0), db.cols()}, block, scratch_.span());
  }
  void add(Findings& findings, const std::string& where, const std::string& problem) {
    findings.add("weight_gradient_block", whole_.operation.shape_of(whole_.spec) + where, problem);
  }

  const Backend<T>& backend_;
  LayerShape shape_;
  GuardedCall<T> whole_;
  AlignedBuffer<T> scratch_;
};

}  // namespace

template <typename T>
std::vector<std::string> block_failures(const Backend<T>& backend, std::size_t limit) {
  Findings findings(limit);
  for (const Operation& operation : operations()) {
    if (!operation.by_columns() || !operation.offered_by(backend)) continue;
    if (!operation.uses(Extent::units)) {
      check_columns(findings, backend, operation, {{1, 1, 1000}}, {1, 3, 16, 17, 256, 999});
      continue;
    }
    std::size_t n = 0;
    for (const LayerShape& shape : kLayers) {
      check_columns(findings, backend, operation, spec_of(operation, shape, n++),
                    {kBlockSamples, 3 * kBlockSamples, 8 * kBlockSamples});
    }
  }
  for (const LayerShape& shape : kLayers) {
    if (findings.full()) break;
    WeightBlocks<T> blocks(backend, shape);
    for (const std::size_t rows : {std::size_t{1}, std::size_t{5}, std::size_t{16}, shape.units}) {
      for (const std::size_t cols : {std::size_t{7}, std::size_t{16}, std::size_t{112}, shape.inputs}) {
        if (shape.units * shape.inputs < 20'000 || rows * cols >= 500) blocks.check(findings, rows, cols);
      }
    }
    blocks.check_surroundings(findings);
  }
  return findings.take();
}

template std::vector<std::string> block_failures(const Backend<float>&, std::size_t);
template std::vector<std::string> block_failures(const Backend<double>&, std::size_t);

}  // namespace mlpbench::test
