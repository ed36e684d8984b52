#include "core/data/dataset.h"

#include <algorithm>
#include <bit>

#include "support/digest.h"

namespace mlpbench {

Dataset select_rows(const Dataset& data, std::span<const std::size_t> rows) {
  Dataset chosen{Matrix<double>(rows.size(), data.features()), data.Y.select(rows)};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(data.X.row(rows[i]), data.features(), chosen.X.row(i));
  }
  return chosen;
}

std::string sha256_of(const Dataset& first, const Dataset& second) {
  static_assert(std::endian::native == std::endian::little);
  Sha256 hash;
  for (const Dataset* data : {&first, &second}) {
    for (std::size_t i = 0; i < data->samples(); ++i) {
      hash.add(std::as_bytes(std::span(data->X.row(i), data->features())));
    }
    std::vector<double> row(data->outputs());
    for (std::size_t i = 0; i < data->Y.rows(); ++i) {
      data->Y.copy_row(i, row);
      hash.add(std::as_bytes(std::span(row)));
    }
  }
  return hash.hex();
}

}  // namespace mlpbench
