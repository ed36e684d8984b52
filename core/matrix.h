#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>

#include "core/arithmetic.h"
#include "core/huge_pages.h"
#include "core/matrix_view.h"

namespace mlpbench {

/// Bytes. One cache line, one AVX-512 register.
inline constexpr std::size_t kAlignment = 64;

/// Bytes that AlignedBuffers hold, of all threads together: data sets, parameters, gradients, activations,
/// scratch.
class BufferBytes {
 public:
  static std::size_t now() noexcept { return now_.load(std::memory_order_relaxed); }

  /// The most since the last restart_peak().
  static std::size_t peak() noexcept { return peak_.load(std::memory_order_relaxed); }
  static void restart_peak() noexcept { peak_.store(now(), std::memory_order_relaxed); }

  static void add(std::size_t bytes) noexcept {
    const std::size_t all = now_.fetch_add(bytes, std::memory_order_relaxed) + bytes;
    std::size_t highest = peak();
    while (all > highest && !peak_.compare_exchange_weak(highest, all, std::memory_order_relaxed)) {
    }
  }
  static void subtract(std::size_t bytes) noexcept { now_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  inline static std::atomic<std::size_t> now_{0}, peak_{0};
};

/// A zero-filled array of `size` elements that starts on a cache line.
template <typename T>
class AlignedBuffer {
 public:
  AlignedBuffer() = default;

  /// Throws std::length_error when size * sizeof(T) overflows, std::bad_alloc when memory is short.
  explicit AlignedBuffer(std::size_t size) {
    if (size == 0) return;
    if (size > std::numeric_limits<std::size_t>::max() / (2 * sizeof(T))) {
      throw std::length_error("AlignedBuffer: size overflows");
    }
    data_ = {static_cast<T*>(::operator new (size * sizeof(T), std::align_val_t{kAlignment})), Free{size}};
    BufferBytes::add(size * sizeof(T));
    advise_huge_pages(data_.get(), size * sizeof(T));
    std::fill_n(data_.get(), size, T{});
  }

  AlignedBuffer(const AlignedBuffer& other) : AlignedBuffer(other.size()) {
    std::copy_n(other.data(), size(), data());
  }
  AlignedBuffer& operator=(const AlignedBuffer& other) { return *this = AlignedBuffer(other); }
  AlignedBuffer(AlignedBuffer&&) noexcept = default;
  AlignedBuffer& operator=(AlignedBuffer&&) noexcept = default;

  T* data() noexcept { return data_.get(); }
  const T* data() const noexcept { return data_.get(); }
  std::size_t size() const noexcept { return data_ ? data_.get_deleter().size : 0; }
  std::span<T> span() noexcept { return {data(), size()}; }
  std::span<const T> span() const noexcept { return {data(), size()}; }

 private:
  struct Free {
    std::size_t size = 0;  ///< elements
    void operator()(T* p) const noexcept {
      ::operator delete (p, std::align_val_t{kAlignment});
      BufferBytes::subtract(size * sizeof(T));
    }
  };
  std::unique_ptr<T[], Free> data_;
};

/// The stride of a batch matrix: `cols` rounded up to whole cache lines. One line more is added where rows
/// would be a multiple of 1 KiB apart. Such rows map to few of the 64 sets of a first-level cache and evict
/// one another.
template <typename T>
constexpr std::size_t padded_stride(std::size_t cols) noexcept {
  constexpr std::size_t kLine = kAlignment / sizeof(T);
  const std::size_t stride = round_up(cols, kLine);
  return stride * sizeof(T) % 1024 == 0 ? stride + kLine : stride;
}

/// An owning, zero-filled, row-major matrix.
template <typename T>
class Matrix {
 public:
  Matrix() = default;

  /// Dense: stride == cols, the layout of a data set.
  Matrix(std::size_t rows, std::size_t cols) : Matrix(rows, cols, cols) {}

  /// Every row starts on a cache line: the layout of a batch in a backend.
  static Matrix padded(std::size_t rows, std::size_t cols) {
    return Matrix(rows, cols, padded_stride<T>(cols));
  }

  std::size_t rows() const noexcept { return rows_; }
  std::size_t cols() const noexcept { return cols_; }
  T& operator()(std::size_t i, std::size_t j) noexcept { return buffer_.data()[i * stride_ + j]; }
  T operator()(std::size_t i, std::size_t j) const noexcept { return buffer_.data()[i * stride_ + j]; }
  T* row(std::size_t i) noexcept { return buffer_.data() + i * stride_; }
  const T* row(std::size_t i) const noexcept { return buffer_.data() + i * stride_; }

  MatrixView<T> view() noexcept { return {buffer_.data(), rows_, cols_, stride_}; }
  MatrixView<const T> view() const noexcept { return {buffer_.data(), rows_, cols_, stride_}; }

 private:
  Matrix(std::size_t rows, std::size_t cols, std::size_t stride)
      : buffer_(checked_size(rows, stride)), rows_(rows), cols_(cols), stride_(stride) {}

  static std::size_t checked_size(std::size_t rows, std::size_t stride) {
    if (stride != 0 && rows > std::numeric_limits<std::size_t>::max() / stride) {
      throw std::length_error("Matrix: rows * columns overflows");
    }
    return rows * stride;
  }

  AlignedBuffer<T> buffer_;
  std::size_t rows_ = 0;
  std::size_t cols_ = 0;
  std::size_t stride_ = 0;
};

}  // namespace mlpbench
