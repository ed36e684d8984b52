#include "core/data/dataset.h"

#include <algorithm>
#include <bit>

#include "support/digest.h"

namespace mlpbench {

Dataset select_rows(const Dataset& data, std::span<const std::size_t> rows) {
  Dataset chosen{Matrix<double>(rows.size(), data.features()), Matrix<double>(rows.size(), data.outputs())};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(data.X.row(rows[i]), data.features(), chosen.X.row(i));
    std::copy_n(data.Y.row(rows[i]), data.outputs(), chosen.Y.row(i));
  }
  return chosen;
}

std::string sha256_of(const Dataset& first, const Dataset& second) {
  static_assert(std::endian::native == std::endian::little);
  Sha256 hash;
  for (const Dataset* data : {&first, &second}) {
    for (const Matrix<double>* matrix : {&data->X, &data->Y}) {
      for (std::size_t i = 0; i < matrix->rows(); ++i) {
        hash.add(std::as_bytes(std::span(matrix->row(i), matrix->cols())));
      }
    }
  }
  return hash.hex();
}

}  // namespace mlpbench
