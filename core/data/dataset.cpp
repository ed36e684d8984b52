#include "core/data/dataset.h"

#include <algorithm>

namespace mlpbench {

Dataset select_rows(const Dataset& data, std::span<const std::size_t> rows) {
  Dataset chosen{Matrix<double>(rows.size(), data.features()), Matrix<double>(rows.size(), data.outputs())};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(data.X.row(rows[i]), data.features(), chosen.X.row(i));
    std::copy_n(data.Y.row(rows[i]), data.outputs(), chosen.Y.row(i));
  }
  return chosen;
}

}  // namespace mlpbench
