// The three matrix products of a layer over a Vec, in register tiles. Lanes are always outputs, so each
// output is one accumulator that runs over k in order with FMA. The bits depend neither on the tile, on
// packing, on how the outputs are divided among calls, nor on the instruction set. Only the weight gradient
// has a second form that sums over lanes (weight_gradient.h).
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/tile.h"

namespace mlpbench::simd {
namespace {

/// The last columns [col, end) of the kRows rows from `row`: kVecs Vecs, the last of them partial.
template <typename V, int kRows, int kVecs, typename T>
[[gnu::always_inline]] inline void partial_tile(const Product<T>& p, std::size_t row, std::size_t col,
                                                std::size_t end, std::size_t panel) {
  const First part{end - col - std::size_t(kVecs - 1) * V::width};
  if constexpr (!V::masks_are_free) {  // a masked load costs more than a whole one
    if (p.B.padded) return tile<V, kRows, kVecs>(p, row, col, panel, part, Whole{});
  }
  tile<V, kRows, kVecs>(p, row, col, panel, part, part);
}

/// The columns [col, end) of the kRows rows from `row`, tile by tile; p.a begins at that row and p.B at that
/// column. What is left for a narrow tile costs as much as a wider one: six chains of FMA do not cover their
/// latency.
template <typename V, int kRows, typename T>
[[gnu::noinline]] void row_block(const Product<T>& p, std::size_t row, std::size_t col, std::size_t end) {
  constexpr std::size_t kVecs = std::size_t(tile_width<V>(kRows));
  std::size_t panel = 0;
  const auto tiles_of = [&]<std::size_t kWide>() __attribute__((always_inline)) {
    for (; col + kWide * V::width <= end; col += kWide * V::width, panel += kWide) {
      tile<V, kRows, int(kWide)>(p, row, col, panel, Whole{}, Whole{});
    }
  };
  tiles_of.template operator()<kVecs>();
  if constexpr (kVecs > 2) tiles_of.template operator()<2>();
  if constexpr (kVecs > 1) {
    if (col + V::width < end) return partial_tile<V, kRows, 2>(p, row, col, end, panel);
    tiles_of.template operator()<1>();
  }
  if (col < end) partial_tile<V, kRows, 1>(p, row, col, end, panel);
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

/// The columns [col, end) of the rows [first_row, first_row + rows), block by block. `packed` has the rows if
/// p.a packs. Two Vecs of columns, a batch of 32, take twice as many rows to a tile.
template <typename V, typename T>
[[gnu::noinline]] void pass_of_rows(Product<T>& p, const PackedRows<T>& packed, std::size_t first_row,
                                    std::size_t rows, std::size_t col, std::size_t end) {
  const Broadcast<T> a = p.a;
  const bool narrow = !a.packs && end - col <= 2 * V::width;
  const Partition partition(rows, narrow ? V::narrow_tile_rows : V::max_tile_rows);
  for (std::size_t block = 0, row = 0; block < partition.blocks; ++block) {
    p.a = a.packs ? packed.block(block) : a.from_row(first_row + row);
    row_block_of<V, V::narrow_tile_rows>(partition.size(block), p, first_row + row, col, end);
    row += partition.size(block);
  }
  p.a = a;
}

/// The columns [col, end) of the rows [first_row, first_row + rows), `vecs` Vecs of columns at a time. All
/// row blocks pass over them before the next.
template <typename V, typename T>
inline void chunk_of_rows(Product<T>& p, std::size_t first_row, std::size_t rows, std::size_t col,
                          std::size_t end, std::size_t vecs, T* rows_buffer) {
  PackedRows<T> packed;
  if (p.a.packs) {
    packed = packed_rows<V>(p.a.from_row(first_row), rows, p.K, rows_buffer);
  } else if (packs_copies<V> && p.B.padded) {
    for (std::size_t r = 0; r < rows; ++r) prefetch<V>(p.a.data + (first_row + r) * p.a.row_stride, p.K);
  }
  const T* const B = p.B.data;
  for (std::size_t first_col = col; col < end; col += vecs * V::width) {
    const std::size_t stop = end - col < vecs * V::width ? end : col + vecs * V::width;
    p.B.data = B + (col - first_col) / V::width * p.B.panel_stride;
    pass_of_rows<V>(p, packed, first_row, rows, col, stop);
  }
  p.B.data = B;
}

/// One block of k, whose first step is first_k. Where the part of B that one tile reads fits the first-level
/// cache, all rows pass over it before the next part. Otherwise a block of rows stays there and passes over
/// all columns whose part of B fits the second-level cache. 512x784x256 in float32 then has 93 instead of 86
/// % of the FMA peak (AVX-512).
template <typename V, typename T>
inline void block_of_k(Product<T>& p, const Operand<T>& B, std::size_t first_k, T* scratch) {
  const bool packs_B = B.packing != Packing::none;
  const std::size_t in_level_2 = vecs_of_columns<V>(packs_B ? kPackedBytes : kUnpackedBytes, p.K);
  const std::size_t vecs =
      tile_bytes<V>(p.K) <= kLevel1Bytes ? vecs_of_columns<V>(kLevel1Bytes, p.K) : in_level_2;
  const bool in_chunks = p.a.packs || (packs_B && packs_copies<V>);
  const Partition chunks(p.C.rows, in_chunks ? kRowChunk<V> : p.C.rows);
  T* const rows_buffer = scratch + panels_scratch<V>(p.C.cols, p.K);
  for (std::size_t col = 0; col < p.C.cols; col += in_level_2 * V::width) {
    const std::size_t left = p.C.cols - col;
    const std::size_t end = left < in_level_2 * V::width ? p.C.cols : col + in_level_2 * V::width;
    p.B = packs_B ? packed_panels<V>(B, first_k, p.K, col, end, scratch)
                  : Panels<T>{B.data + first_k * B.stride + col, V::width, B.stride, false,
                              tile_bytes<V>(p.K) > kLevel1Bytes &&
                                  (p.a.k_stride > 1 || B.stride > kTileVecs<V> * V::width)};
    for (std::size_t chunk = 0, row = 0; chunk < chunks.blocks; ++chunk) {
      chunk_of_rows<V>(p, row, chunks.size(chunk), col, end, vecs, rows_buffer);
      row += chunks.size(chunk);
    }
  }
}

/// product() where it takes packing, blocks of k or an order of blocks.
template <typename V, typename T>
[[gnu::noinline]] void blocked_product(Product<T>& p, const Operand<T>& B, T* scratch) {
  const std::size_t K = p.K;
  const Broadcast<T> a = p.a;
  const std::size_t blocks = K == 0 ? 1 : parts(K, V::block_k);
  for (std::size_t block = 0, k = 0; block < blocks; ++block) {
    p.K = parts(K - k, blocks - block);
    p.a = a.from_k(k);
    p.at_start = block == 0;
    p.at_end = block + 1 == blocks;
    block_of_k<V>(p, B, k, scratch);
    k += p.K;
  }
}

/// C = epilogue(a B), summed over k in [0, K). `scratch` holds panels_scratch() elements if B is packed and
/// rows_scratch() more if `a` is. A small product is one pass: the divisions that order a large one would
/// take longer than all of 4x2x32.
template <typename V, typename T>
inline void product(std::size_t K, Broadcast<T> a, Operand<T> B, MatrixView<T> C, const Epilogue<T>& epilogue,
                    T* scratch) {
  if (C.rows == 0) return;
  Product<T> p{a, {B.data, V::width, B.stride, false}, K, C, epilogue, true, true};
  if (a.packs || B.packing != Packing::none || K > V::block_k) return blocked_product<V>(p, B, scratch);
  if (C.rows <= std::size_t(V::max_tile_rows))
    return row_block_of<V, V::max_tile_rows>(C.rows, p, 0, 0, C.cols);
  if (K * C.cols * sizeof(T) > kLevel1Bytes) return blocked_product<V>(p, B, scratch);
  pass_of_rows<V>(p, {}, 0, C.rows, 0, C.cols);
}

/// Elements of scratch for the operations on a layer at up to `batch` samples, packed or not. Each product
/// takes its rows, columns and steps from a different pair of the three sizes.
template <typename V>
constexpr std::size_t layer_scratch(std::size_t units, std::size_t inputs, std::size_t batch) {
  const std::size_t rows = units < inputs ? inputs : units;
  const std::size_t cols = inputs < batch ? batch : inputs;
  const std::size_t K = rows < batch ? batch : rows;
  return panels_scratch<V>(cols, K) + rows_scratch<V>(rows, K);
}

/// A = act(W X + b 1^T), and Z, if it is not empty, the sums.
template <typename V, typename T>
inline void dense_forward(MatrixView<const T> W, const T* b, MatrixView<const T> X, Activation activation,
                          MatrixView<T> A, T* scratch, MatrixView<T> Z) {
  const MatrixView<T> sums = Z.rows == 0 ? A : Z;
  const bool in_tiles = Z.rows == 0 && is_cheap(activation);
  Epilogue<T> epilogue;
  epilogue.bias = b;
  epilogue.activation = activation;
  if (in_tiles) epilogue.finish = Finish::forward;
  const bool packs = packing_pays<V>(W.rows, W.cols);
  product<V>(W.cols, Broadcast<T>{W.data, W.stride, 1, false},
             Operand<T>{X.data, X.stride, packs && packs_copies<V> ? Packing::copied : Packing::none}, sums,
             epilogue, scratch);
  if (!in_tiles)
    activate<V>(activation, MatrixView<const T>{sums.data, sums.rows, sums.cols, sums.stride}, A);
}

/// dZ_prev = (W^T dZ) * act'(Z_prev). W^T is packed where more than one tile reads it. A copy for one tile
/// took 35 % of 512x512 at batch 32 in float32, 14 % in float64 (AVX-512).
template <typename V, typename T>
inline void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                        Activation activation, MatrixView<T> dZ_prev, T* scratch) {
  const bool in_tiles = is_cheap(activation);
  Epilogue<T> epilogue;
  epilogue.activation = activation;
  epilogue.saved = saved_prev;
  if (in_tiles) epilogue.finish = Finish::backward;
  const bool packs = packing_pays<V>(W.cols, W.rows) && dZ.cols > kTileVecs<V> * V::width;
  product<V>(W.rows, Broadcast<T>{W.data, 1, W.stride, packs},
             Operand<T>{dZ.data, dZ.stride, packs && packs_copies<V> ? Packing::copied : Packing::none},
             dZ_prev, epilogue, scratch);
  if (!in_tiles) multiply_by_derivative<V>(activation, saved_prev, dZ_prev);
}

}  // namespace
}  // namespace mlpbench::simd
