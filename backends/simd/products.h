// The three matrix products of a layer over a Vec, in register tiles. Lanes are always outputs, so each
// output is one accumulator that runs over k in order with FMA: the bits depend neither on the tile nor on
// the instruction set. Only the weight gradient has a second form that sums over lanes (weight_gradient.h).
//
// Included by kernels.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/elementwise.h"

namespace mlpbench::simd {
namespace {

/// Steps of k between two visits to C. A panel of 4 Vecs by 256 steps is 64 KiB: it stays in a second-level
/// cache while all row blocks pass over it.
constexpr std::size_t kBlockK = 256;

/// Vecs of C that all row blocks pass over before the next are taken.
constexpr std::size_t kPanelVecs = 4;

/// n / size, rounded up.
constexpr std::size_t parts(std::size_t n, std::size_t size) { return (n + size - 1) / size; }

/// The operand that is read one element at a time: (m, k) is data[m * row_stride + k * k_stride].
template <typename T>
struct Broadcast {
  const T* data;
  std::size_t row_stride, k_stride;
};

/// Vecs a tile of `rows` rows is wide: 1, 2 or 4, as many as the accumulators allow. Fewer rows take more
/// Vecs, so that enough independent chains cover the latency of FMA.
template <typename V>
constexpr int tile_width(int rows) {
  return V::tile_vecs >= 4 * rows ? 4 : V::tile_vecs >= 2 * rows ? 2 : 1;
}

/// C[row + r][col + v] over kRows x kVecs Vecs: start(r, ...), then k in [0, K) of a(r, k) * B[k][col + v],
/// then finish(...). Only a tile of one Vec can be partial.
template <typename V, int kRows, int kVecs, typename T, typename Part, typename Start, typename Finish>
inline void tile(Broadcast<T> a, const T* B, std::size_t ldb, std::size_t K, std::size_t row, std::size_t col,
                 Part part, Start start, Finish finish) {
  V acc[kRows][kVecs];
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVecs; ++v) {
      acc[r][v] = start(row + std::size_t(r), col + std::size_t(v) * V::width, part);
    }
  }
  const T* a_row = a.data + row * a.row_stride;
  const T* b_row = B + col;
  for (std::size_t k = 0; k < K; ++k) {
    V b[kVecs];
    for (int v = 0; v < kVecs; ++v) b[v] = load<V>(b_row + std::size_t(v) * V::width, part);
    for (int r = 0; r < kRows; ++r) {
      const V scalar = V::set1(a_row[std::size_t(r) * a.row_stride]);
      for (int v = 0; v < kVecs; ++v) acc[r][v] = fma(scalar, b[v], acc[r][v]);
    }
    a_row += a.k_stride;
    b_row += ldb;
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVecs; ++v) {
      finish(row + std::size_t(r), col + std::size_t(v) * V::width, acc[r][v], part);
    }
  }
}

/// The columns [col, end) of kRows rows, tile by tile.
template <typename V, int kRows, typename T, typename Start, typename Finish>
[[gnu::noinline]] void row_block(Broadcast<T> a, const T* B, std::size_t ldb, std::size_t K, std::size_t row,
                                 std::size_t col, std::size_t end, Start start, Finish finish) {
  constexpr int kVecs = tile_width<V>(kRows);
  for (; col + std::size_t(kVecs) * V::width <= end; col += std::size_t(kVecs) * V::width) {
    tile<V, kRows, kVecs>(a, B, ldb, K, row, col, Whole{}, start, finish);
  }
  for (; col + V::width <= end; col += V::width) {
    tile<V, kRows, 1>(a, B, ldb, K, row, col, Whole{}, start, finish);
  }
  if (col < end) tile<V, kRows, 1>(a, B, ldb, K, row, col, First{end - col}, start, finish);
}

/// row_block for a number of rows known at run time, 1 to kRows.
template <typename V, int kRows, typename T, typename Start, typename Finish>
inline void row_block_of(std::size_t rows, Broadcast<T> a, const T* B, std::size_t ldb, std::size_t K,
                         std::size_t row, std::size_t col, std::size_t end, Start start, Finish finish) {
  if (rows == std::size_t(kRows)) {
    row_block<V, kRows>(a, B, ldb, K, row, col, end, start, finish);
  } else if constexpr (kRows > 1) {
    row_block_of<V, kRows - 1>(rows, a, B, ldb, K, row, col, end, start, finish);
  }
}

/// C (M x N) from start, A B and finish. The rows are dealt out evenly, so that 10 of them are 5 and 5 rather
/// than 6 and 4: tiles of few rows load more for an FMA. Within a block of k, C holds the sum so far.
///
/// first(row) is the value that a sum begins with; last(row, col, sum, part) is stored.
template <typename V, typename T, typename FirstValue, typename LastValue>
inline void product(std::size_t K, Broadcast<T> a, const T* B, std::size_t ldb, MatrixView<T> C,
                    FirstValue first, LastValue last) {
  const std::size_t blocks = parts(C.rows, V::max_tile_rows);
  const std::size_t panel = kPanelVecs * V::width;
  std::size_t k = 0;
  do {
    const std::size_t steps = K - k < kBlockK ? K - k : kBlockK;
    const bool at_start = k == 0, at_end = k + steps == K;
    const auto start = [=](std::size_t row, std::size_t col, auto part) {
      return at_start ? first(row) : load<V>(C.data + row * C.stride + col, part);
    };
    const auto finish = [=](std::size_t row, std::size_t col, V sum, auto part) {
      store(at_end ? last(row, col, sum, part) : sum, C.data + row * C.stride + col, part);
    };
    const Broadcast<T> a_k = {a.data + k * a.k_stride, a.row_stride, a.k_stride};
    for (std::size_t col = 0; col < C.cols; col += panel) {
      const std::size_t end = C.cols - col < panel ? C.cols : col + panel;
      for (std::size_t block = 0, row = 0; block < blocks; ++block) {
        const std::size_t rows = parts(C.rows - row, blocks - block);
        row_block_of<V, V::max_tile_rows>(rows, a_k, B + k * ldb, ldb, steps, row, col, end, start, finish);
        row += rows;
      }
    }
    k += steps;
  } while (k < K);
}

/// A = act(W X + b 1^T).
template <typename V, typename T>
inline void dense_forward(MatrixView<const T> W, const T* b, MatrixView<const T> X, Activation activation,
                          MatrixView<T> A) {
  const Broadcast<T> w = {W.data, W.stride, 1};
  const auto bias = [=](std::size_t u) { return V::set1(b[u]); };
  if (activation == Activation::relu) {
    return product<V>(W.cols, w, X.data, X.stride, A, bias,
                      [](std::size_t, std::size_t, V z, auto) { return Relu::apply(z); });
  }
  // The others cost tens of instructions an element; a pass of their own over A is cheaper than their code in
  // every tile.
  product<V>(W.cols, w, X.data, X.stride, A, bias, [](std::size_t, std::size_t, V z, auto) { return z; });
  activate<V>(activation, A);
}

/// dZ_prev = (W^T dZ) * act'(A_prev).
template <typename V, typename T>
inline void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> A_prev,
                        Activation activation, MatrixView<T> dZ_prev) {
  const Broadcast<T> w = {W.data, 1, W.stride};
  with_activation(activation, [&](auto act) {
    product<V>(
        W.rows, w, dZ.data, dZ.stride, dZ_prev, [](std::size_t) { return V::set1(0); },
        [=](std::size_t i, std::size_t n, V dA, auto part) {
          return act.through(load<V>(A_prev.data + i * A_prev.stride + n, part), dA);
        });
  });
}

}  // namespace
}  // namespace mlpbench::simd
