#pragma once

#include <deque>
#include <random>

#include "backends/operations/operands.h"
#include "tests/support/guarded_buffer.h"

namespace mlpbench::test {

/// One call of an operation, all of whose matrices and whose scratch lie in guarded pages.
template <typename T>
class GuardedCall {
 public:
  const Operation& operation;
  CallSpec spec;

  /// Operands drawn from `seed`; outputs and scratch hold NaN.
  GuardedCall(const Operation& of, const CallSpec& with, const Backend<T>& backend, Data data,
              const Placement& placement, std::uint32_t seed)
      : operation(of), spec(with), scratch_(1, scratch_size(backend, with.shape), Placement{}) {
    for (const Operand& operand : operation.operands) {
      const LayerShape& shape = spec.shape;
      matrices_.emplace_back(extent_of(operand.rows, shape), extent_of(operand.cols, shape), placement);
      views_.push_back(matrices_.back().view());
    }
    std::mt19937 random(seed);
    fill_all<T>(operation, spec, data, views_, random);
  }

  double operator()(const Backend<T>& backend) { return call(backend, views_); }

  /// With operand i at the place of operand j.
  double call_in_place(const Backend<T>& backend, std::size_t i, std::size_t j) {
    std::vector<MatrixView<T>> views = views_;
    views[i] = views[j];
    return call(backend, views);
  }

  /// On the columns [first, first + count) of every operand that has the batch as columns.
  double call_columns(const Backend<T>& backend, std::size_t first, std::size_t count) {
    std::vector<MatrixView<T>> views = views_;
    for (std::size_t i = 0; i < views.size(); ++i) {
      if (operation.operands[i].cols == Extent::batch) views[i] = views[i].columns(first, count);
    }
    return call(backend, views);
  }

  Expected<T> expected(bool exact) const { return expected_of<T>(operation, spec, exact, views_); }

  std::string check(const Expected<T>& expected, double loss, bool zeros_expected = false) const {
    return mlpbench::check<T>(operation, spec, expected, views_, loss, zeros_expected);
  }

  /// Whether another call left the same values in operand i; 0 equals -0.
  std::string difference(const GuardedCall& other, std::size_t i) const {
    return disagreement<T>(views_[i], other.views_[i], Tolerance::exact(), true);
  }

  bool intact() const {
    return scratch_.intact() && std::all_of(matrices_.begin(), matrices_.end(),
                                            [](const GuardedMatrix<T>& matrix) { return matrix.intact(); });
  }

  std::span<const MatrixView<T>> views() const { return views_; }

 private:
  double call(const Backend<T>& backend, std::span<const MatrixView<T>> views) {
    return operation.call.get<T>()({backend, spec, views, scratch_.span()});
  }

  std::deque<GuardedMatrix<T>> matrices_;  // not to be moved
  std::vector<MatrixView<T>> views_;
  GuardedMatrix<T> scratch_;
};

}  // namespace mlpbench::test
