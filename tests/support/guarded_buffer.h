#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/matrix.h"

namespace mlpbench::test {

/// Whole pages between two pages that may not be touched, so that an access beyond either end ends the
/// process. Tools that check memory see little of masked loads; the hardware sees all of them.
class GuardedPages {
 public:
  /// At least `bytes` bytes. Throws std::bad_alloc.
  explicit GuardedPages(std::size_t bytes);
  ~GuardedPages();
  GuardedPages(const GuardedPages&) = delete;
  GuardedPages& operator=(const GuardedPages&) = delete;

  std::byte* begin() const noexcept { return begin_; }
  std::byte* end() const noexcept { return begin_ + bytes_; }

 private:
  std::byte* begin_ = nullptr;
  std::size_t bytes_ = 0;
};

/// Where a matrix lies, and how far apart its rows are.
struct Placement {
  enum class Where {
    cache_lines,  ///< every row starts on a cache line, as in a Matrix::padded()
    at_end,       ///< the last element is the last one before the unmapped page
    at_start,     ///< the first element is the first one behind the unmapped page
    off_line,     ///< `offset` elements behind a cache line
  };
  Where where = Where::cache_lines;
  std::size_t offset = 0;   ///< for off_line
  std::size_t padding = 0;  ///< elements between two rows, besides those that cache_lines needs
};

/// The placements that a kernel may not tell apart, dense ones and strided ones.
std::span<const Placement> all_placements();

std::string to_string(const Placement& placement);

/// A matrix in guarded pages. The memory around and between its rows is filled with NaNs of a bit pattern of
/// their own. An operation that reads them and uses the value shows in its result. One that writes them shows
/// in intact().
template <typename T>
class GuardedMatrix {
 public:
  /// Elements are NaN, the state in which an output is handed to an operation.
  GuardedMatrix(std::size_t rows, std::size_t cols, const Placement& placement)
      : pages_(bytes_for(rows, cols, placement)),
        rows_(rows),
        cols_(cols),
        stride_(stride_of(cols, placement)) {
    fill_bits(all(), kSentinel);
    data_ = reinterpret_cast<T*>(first_byte(placement));
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < cols; ++j) (*this)(i, j) = std::numeric_limits<T>::quiet_NaN();
    }
  }

  T& operator()(std::size_t i, std::size_t j) { return data_[i * stride_ + j]; }

  MatrixView<T> view() const noexcept { return {data_, rows_, cols_, stride_}; }

  /// The only row, as the biases are passed; an empty matrix is an empty span.
  std::span<T> span() const noexcept { return {data_, rows_ * cols_}; }

  /// Whether nothing around the matrix and between its rows has changed.
  bool intact() const {
    const std::span<T> memory = all();
    const std::size_t first = static_cast<std::size_t>(data_ - memory.data());
    for (std::size_t e = 0; e < memory.size(); ++e) {
      const std::size_t i = e < first ? rows_ : (e - first) / stride_,
                        j = e < first ? 0 : (e - first) % stride_;
      const bool element = i < rows_ && j < cols_;
      if (!element && bits(memory[e]) != kSentinel) return false;
    }
    return true;
  }

 private:
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  static constexpr Bits kSentinel =
      sizeof(T) == 4 ? static_cast<Bits>(0x7fc0dead) : static_cast<Bits>(0x7ff8dead0badf00d);
  static constexpr std::size_t kLine = kAlignment / sizeof(T);

  static Bits bits(const T& value) {
    Bits result;
    std::memcpy(&result, &value, sizeof(T));
    return result;
  }

  static void fill_bits(std::span<T> memory, Bits value) {
    for (T& element : memory) std::memcpy(&element, &value, sizeof(T));
  }

  static std::size_t stride_of(std::size_t cols, const Placement& placement) {
    const std::size_t stride = cols + placement.padding;
    const bool lines = placement.where == Placement::Where::cache_lines;
    // A matrix without columns still needs rows that differ.
    return std::max<std::size_t>(1, lines ? (stride + kLine - 1) / kLine * kLine : stride);
  }

  /// Room for the matrix, and a line or two around it for the sentinel where the placement leaves the choice.
  static std::size_t bytes_for(std::size_t rows, std::size_t cols, const Placement& placement) {
    return (rows * stride_of(cols, placement) + placement.offset + 2 * kLine) * sizeof(T);
  }

  std::byte* first_byte(const Placement& placement) const {
    const std::size_t extent = rows_ == 0 || cols_ == 0 ? 0 : (rows_ - 1) * stride_ + cols_;
    switch (placement.where) {
      case Placement::Where::at_end:
        return pages_.end() - extent * sizeof(T);
      case Placement::Where::at_start:
        return pages_.begin();
      case Placement::Where::cache_lines:
        return pages_.begin() + kAlignment;
      case Placement::Where::off_line:
        break;
    }
    return pages_.begin() + kAlignment + placement.offset * sizeof(T);
  }

  std::span<T> all() const {
    return {reinterpret_cast<T*>(pages_.begin()),
            static_cast<std::size_t>(pages_.end() - pages_.begin()) / sizeof(T)};
  }

  GuardedPages pages_;
  T* data_ = nullptr;
  std::size_t rows_, cols_, stride_;
};

}  // namespace mlpbench::test
