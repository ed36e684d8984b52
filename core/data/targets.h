#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/matrix.h"

namespace mlpbench {

/// The targets of samples, (samples x outputs): numbers, or one class a sample. Classes are stored as their
/// indices, 4 bytes a sample for any number of classes, and read as one-hot rows.
class Targets {
 public:
  Targets() = default;

  /// Numbers: 0/1 labels or real targets, (samples x outputs).
  Targets(Matrix<double> values) noexcept : values_(std::move(values)), outputs_(values_.cols()) {}

  /// Classes: `numpy.eye(classes)[labels]`. Throws std::out_of_range when a label is not below `classes`, or
  /// when these are more than 2^24. A batch carries the index of a class as a number of type float.
  static Targets one_hot(std::span<const std::size_t> labels, std::size_t classes);

  std::size_t rows() const noexcept { return is_one_hot() ? labels_.size() : values_.rows(); }  ///< samples
  std::size_t cols() const noexcept { return outputs_; }                                        ///< outputs
  bool is_one_hot() const noexcept { return !labels_.empty(); }

  double operator()(std::size_t sample, std::size_t output) const noexcept {
    return is_one_hot() ? (labels_[sample] == output ? 1.0 : 0.0) : values_(sample, output);
  }

  /// The class of a sample: its index, or of numbers as core/metrics.h reads them.
  std::size_t class_of(std::size_t sample) const noexcept;

  /// Of classes, one a sample; else empty.
  std::span<const std::uint32_t> labels() const noexcept { return labels_; }

  /// The numbers. Throws std::logic_error for classes.
  Matrix<double>& values();

  /// The samples `rows`, in that order. Every index must be below rows().
  Targets select(std::span<const std::size_t> rows) const;

  /// `out` becomes the row of a sample; it has cols() elements.
  void copy_row(std::size_t sample, std::span<double> out) const noexcept;

 private:
  Matrix<double> values_;
  std::vector<std::uint32_t> labels_;
  std::size_t outputs_ = 0;
};

}  // namespace mlpbench
