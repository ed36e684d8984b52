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

/// What the sums of a product begin with and what is stored of them. Decided at run time, once a tile: as
/// template parameters the choices multiplied the kernels by eight, for a branch that costs nothing beside
/// the tile.
enum class Finish { plain, relu, relu_derivative, scaled };
template <typename T>
struct Epilogue {
  Finish finish = Finish::plain;
  const T* bias = nullptr;          ///< of each row; null begins with 0
  MatrixView<const T> A_prev = {};  ///< relu_derivative: sums are kept where this is positive, else 0
  T scale = 1;                      ///< scaled: sums are multiplied by it
};

/// A product that is under way: C (rows x cols) = epilogue(a B) for the steps of k in one block.
template <typename T>
struct Product {
  Broadcast<T> a;
  const T* B;
  std::size_t ldb, K;
  MatrixView<T> C;
  Epilogue<T> epilogue;
  bool at_start, at_end;  ///< of k; between blocks C holds the sums so far
};

/// Vecs a tile of `rows` rows is wide: 1, 2 or 4, as many as the accumulators allow. Fewer rows take more
/// Vecs, so that enough independent chains cover the latency of FMA.
template <typename V>
constexpr int tile_width(int rows) {
  return V::tile_vecs >= 4 * rows ? 4 : V::tile_vecs >= 2 * rows ? 2 : 1;
}

/// sum, finished for C[row][col].
template <typename V, typename T, typename Part>
inline V finished(const Epilogue<T>& epilogue, std::size_t row, std::size_t col, V sum, Part part) {
  switch (epilogue.finish) {
    case Finish::relu:
      return Relu::apply(sum);
    case Finish::relu_derivative: {
      const MatrixView<const T>& A = epilogue.A_prev;
      return Relu::through(load<V>(A.data + row * A.stride + col, part), sum);
    }
    case Finish::scaled:
      return V::set1(epilogue.scale) * sum;
    case Finish::plain:
      break;
  }
  return sum;
}

/// kRows rows by kVecs Vecs of C. Only a tile of one Vec can be partial.
template <typename V, int kRows, int kVecs, typename T, typename Part>
inline void tile(const Product<T>& p, std::size_t row, std::size_t col, Part part) {
  T* const c = p.C.data + row * p.C.stride + col;
  V acc[kRows][kVecs];
  for (int r = 0; r < kRows; ++r) {
    const V bias = V::set1(p.epilogue.bias != nullptr ? p.epilogue.bias[row + std::size_t(r)] : T{0});
    for (int v = 0; v < kVecs; ++v) {
      acc[r][v] =
          p.at_start ? bias : load<V>(c + std::size_t(r) * p.C.stride + std::size_t(v) * V::width, part);
    }
  }
  const T* a = p.a.data + row * p.a.row_stride;
  const T* b_row = p.B + col;
  for (std::size_t k = 0; k < p.K; ++k) {
    V b[kVecs];
    for (int v = 0; v < kVecs; ++v) b[v] = load<V>(b_row + std::size_t(v) * V::width, part);
    for (int r = 0; r < kRows; ++r) {
      const V scalar = V::set1(a[std::size_t(r) * p.a.row_stride]);
      for (int v = 0; v < kVecs; ++v) acc[r][v] = fma(scalar, b[v], acc[r][v]);
    }
    a += p.a.k_stride;
    b_row += p.ldb;
  }
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVecs; ++v) {
      const std::size_t column = col + std::size_t(v) * V::width;
      if (p.at_end) acc[r][v] = finished(p.epilogue, row + std::size_t(r), column, acc[r][v], part);
      store(acc[r][v], c + std::size_t(r) * p.C.stride + std::size_t(v) * V::width, part);
    }
  }
}

/// The columns [col, end) of kRows rows, tile by tile.
template <typename V, int kRows, typename T>
[[gnu::noinline]] void row_block(const Product<T>& p, std::size_t row, std::size_t col, std::size_t end) {
  constexpr int kVecs = tile_width<V>(kRows);
  for (; col + std::size_t(kVecs) * V::width <= end; col += std::size_t(kVecs) * V::width) {
    tile<V, kRows, kVecs>(p, row, col, Whole{});
  }
  for (; col + V::width <= end; col += V::width) tile<V, kRows, 1>(p, row, col, Whole{});
  if (col < end) tile<V, kRows, 1>(p, row, col, First{end - col});
}

/// row_block for a number of rows known at run time, 1 to kRows.
template <typename V, int kRows, typename T>
inline void row_block_of(std::size_t rows, const Product<T>& p, std::size_t row, std::size_t col,
                         std::size_t end) {
  if (rows == std::size_t(kRows)) {
    row_block<V, kRows>(p, row, col, end);
  } else if constexpr (kRows > 1) {
    row_block_of<V, kRows - 1>(rows, p, row, col, end);
  }
}

/// All tiles of one block of k. The rows are dealt out evenly, so that 10 of them are 5 and 5 rather than 6
/// and 4: tiles of few rows load more for an FMA.
template <typename V, typename T>
inline void block_of_k(const Product<T>& p) {
  constexpr std::size_t kPanel = kPanelVecs * V::width;
  const std::size_t blocks = parts(p.C.rows, V::max_tile_rows);
  for (std::size_t col = 0; col < p.C.cols; col += kPanel) {
    const std::size_t end = p.C.cols - col < kPanel ? p.C.cols : col + kPanel;
    for (std::size_t block = 0, row = 0; block < blocks; ++block) {
      const std::size_t rows = parts(p.C.rows - row, blocks - block);
      row_block_of<V, V::max_tile_rows>(rows, p, row, col, end);
      row += rows;
    }
  }
}

/// C = epilogue(a B), summed over k in [0, K).
template <typename V, typename T>
inline void product(std::size_t K, Broadcast<T> a, const T* B, std::size_t ldb, MatrixView<T> C,
                    const Epilogue<T>& epilogue) {
  std::size_t k = 0;
  do {
    const std::size_t steps = K - k < kBlockK ? K - k : kBlockK;
    block_of_k<V>(Product<T>{{a.data + k * a.k_stride, a.row_stride, a.k_stride},
                             B + k * ldb,
                             ldb,
                             steps,
                             C,
                             epilogue,
                             k == 0,
                             k + steps == K});
    k += steps;
  } while (k < K);
}

/// A = act(W X + b 1^T). Only ReLU is applied in the tiles: the others cost tens of instructions an element,
/// and a pass of their own over A is cheaper than their code in every tile.
template <typename V, typename T>
inline void dense_forward(MatrixView<const T> W, const T* b, MatrixView<const T> X, Activation activation,
                          MatrixView<T> A) {
  Epilogue<T> epilogue;
  epilogue.bias = b;
  if (activation == Activation::relu) epilogue.finish = Finish::relu;
  product<V>(W.cols, Broadcast<T>{W.data, W.stride, 1}, X.data, X.stride, A, epilogue);
  if (activation != Activation::relu) activate<V>(activation, A);
}

/// dZ_prev = (W^T dZ) * act'(A_prev).
template <typename V, typename T>
inline void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> A_prev,
                        Activation activation, MatrixView<T> dZ_prev) {
  Epilogue<T> epilogue;
  epilogue.A_prev = A_prev;
  if (activation == Activation::relu) epilogue.finish = Finish::relu_derivative;
  product<V>(W.rows, Broadcast<T>{W.data, 1, W.stride}, dZ.data, dZ.stride, dZ_prev, epilogue);
  if (activation != Activation::relu) multiply_by_derivative<V>(activation, A_prev, dZ_prev);
}

}  // namespace
}  // namespace mlpbench::simd
