#pragma once

#include <cstddef>
#include <type_traits>

namespace mlpbench {

/// A row-major rectangle in somebody else's memory: element (i, j) is data[i * stride + j], stride >= cols.
/// Passed by value. A view of T converts to a view of const T.
template <typename T>
struct MatrixView {
  T* data = nullptr;
  std::size_t rows = 0;
  std::size_t cols = 0;
  std::size_t stride = 0;

  T* row(std::size_t i) const noexcept { return data + i * stride; }
  T& operator()(std::size_t i, std::size_t j) const noexcept { return data[i * stride + j]; }
  bool empty() const noexcept { return rows == 0 || cols == 0; }

  /// The columns [first, first + count).
  MatrixView columns(std::size_t first, std::size_t count) const noexcept {
    return {data + first, rows, count, stride};
  }

  /// The rows [first, first + count).
  MatrixView row_range(std::size_t first, std::size_t count) const noexcept {
    return {data + first * stride, count, cols, stride};
  }

  operator MatrixView<const T>() const noexcept requires(!std::is_const_v<T>) {
    return {data, rows, cols, stride};
  }
};

}  // namespace mlpbench
