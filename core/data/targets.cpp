#include "core/data/targets.h"

#include <algorithm>
#include <stdexcept>

#include "core/metrics.h"

namespace mlpbench {

Targets Targets::one_hot(std::span<const std::size_t> labels, std::size_t classes) {
  if (classes > std::size_t{1} << 24) throw std::out_of_range("Targets::one_hot: more than 2^24 classes");
  Targets targets;
  targets.outputs_ = classes;
  targets.labels_.reserve(labels.size());
  for (const std::size_t label : labels) {
    if (label >= classes) {
      throw std::out_of_range("Targets::one_hot: a label is not below the number of classes");
    }
    targets.labels_.push_back(static_cast<std::uint32_t>(label));
  }
  return targets;
}

std::size_t Targets::class_of(std::size_t sample) const noexcept {
  if (is_one_hot()) return labels_[sample];
  return mlpbench::class_of<double>({values_.row(sample), outputs_, 1, 1}, 0);
}

Matrix<double>& Targets::values() {
  if (is_one_hot()) throw std::logic_error("Targets::values: classes have none");
  return values_;
}

Targets Targets::select(std::span<const std::size_t> rows) const {
  Targets chosen;
  chosen.outputs_ = outputs_;
  if (is_one_hot()) {
    for (const std::size_t row : rows) chosen.labels_.push_back(labels_[row]);
    return chosen;
  }
  chosen.values_ = Matrix<double>(rows.size(), outputs_);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(values_.row(rows[i]), outputs_, chosen.values_.row(i));
  }
  return chosen;
}

void Targets::copy_row(std::size_t sample, std::span<double> out) const noexcept {
  for (std::size_t k = 0; k < outputs_; ++k) out[k] = (*this)(sample, k);
}

}  // namespace mlpbench
