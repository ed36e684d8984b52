// Operands of a product copied into the order in which its tiles read them. It pays where the copy is read
// many times and its panels stay in the first-level cache. One line from each of 256 rows cost the 512x784
// forward pass of AVX2 a quarter of its speed.
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/elementwise.h"
#include "backends/simd/transpose.h"

namespace mlpbench::simd {
namespace {

/// n / size, rounded up.
constexpr std::size_t parts(std::size_t n, std::size_t size) { return (n + size - 1) / size; }

/// Vecs a tile of `rows` rows is wide: 1, 2 or 4, as many as the accumulators allow. Fewer rows take more
/// Vecs, so that enough independent chains cover the latency of FMA. 3 rows x 2 Vecs would ask for 17
/// registers of AVX2 and 33 of NEON. So Vecs of several registers leave room for the sums of one Vec less.
template <typename V>
constexpr int tile_width(int rows) {
  return V::tile_vecs >= 4 * rows ? 4 : V::tile_vecs - (V::registers > 1 ? 1 : 0) >= 2 * rows ? 2 : 1;
}

template <typename V>
constexpr std::size_t kTileVecs = std::size_t(tile_width<V>(V::max_tile_rows));

/// The bytes of B that may stay in a cache while rows pass over it. They are for a first-level cache of 32
/// KiB beside the other operand. The others are for a second-level cache of 2 MiB (AVX-512; 1 MiB is the
/// least that has it) beside a stream of the others. Panels share that cache with what they are packed from.
constexpr std::size_t kLevel1Bytes = 16 * 1024, kUnpackedBytes = 1024 * 1024, kPackedBytes = 256 * 1024;

/// Bytes of B that a tile reads in K steps.
template <typename V>
constexpr std::size_t tile_bytes(std::size_t K) {
  return kTileVecs<V> * K * sizeof(V);
}

/// Vecs of columns whose K steps take at most `bytes`: a multiple of a tile's, and at least a tile.
template <typename V>
constexpr std::size_t vecs_of_columns(std::size_t bytes, std::size_t K) {
  const std::size_t tiles = K == 0 ? 1 : bytes / tile_bytes<V>(K);
  return (tiles == 0 ? 1 : tiles) * kTileVecs<V>;
}

/// `total` rows over the fewest blocks of at most `most`, as even as possible and the larger ones first. 10
/// rows are 5 and 5 rather than 6 and 4, because tiles of few rows load more for an FMA.
struct Partition {
  std::size_t blocks, smaller, larger_blocks;
  Partition(std::size_t total, std::size_t most) : blocks(parts(total, most)), smaller(0), larger_blocks(0) {
    if (blocks == 0) return;
    smaller = total / blocks;
    larger_blocks = total % blocks;
  }
  std::size_t size(std::size_t block) const { return smaller + (block < larger_blocks ? 1 : 0); }
};

/// The operand that is read one element at a time: (m, k) is data[m * row_stride + k * k_stride].
template <typename T>
struct Broadcast {
  const T* data;
  std::size_t row_stride, k_stride;
  bool packs;  ///< whether product() packs it: where k_stride is large

  Broadcast from_row(std::size_t m) const { return {data + m * row_stride, row_stride, k_stride, packs}; }
  Broadcast from_k(std::size_t k) const { return {data + k * k_stride, row_stride, k_stride, packs}; }
};

/// How B comes to the tiles: read in place, copied into panels, or, if it is stored as its transpose,
/// transposed into panels.
enum class Packing { none, copied, transposed };

/// The operand whose columns are lanes: (k, col) is data[k * stride + col], or data[col * stride + k] if
/// `packing` says transposed.
template <typename T>
struct Operand {
  const T* data;
  std::size_t stride;
  Packing packing;
};

/// Lanes [v * width, (v + 1) * width) of step k are at data + v * panel_stride + k * k_stride.
template <typename T>
struct Panels {
  const T* data;
  std::size_t panel_stride, k_stride;
  bool padded;         ///< the last panel is whole
  bool ahead = false;  ///< whether tiles ask for them ahead: see kStepsAhead
};

/// Whether the operands of a product of `rows` rows over K steps are worth packing. Each is then read at
/// least four times, and does not fit the first-level cache in its place.
template <typename V>
constexpr bool packing_pays(std::size_t rows, std::size_t K) {
  return rows >= 4 * std::size_t(V::max_tile_rows) && K >= 128;
}

/// Whether such a B is copied into panels too: where they then come from the first-level cache line after
/// line. With wider tiles B is read in place from the second-level cache, and copying it costs more than it
/// brings.
template <typename V>
constexpr bool packs_copies = tile_bytes<V>(V::block_k) <= kLevel1Bytes;

/// Elements from one panel to the next; the extra line keeps panels apart in the cache sets.
template <typename V>
constexpr std::size_t packed_panel_stride(std::size_t K) {
  return (K + 1) * V::width;
}

/// Asks for the lines of `size` elements from p. A product touches its operands in short runs far apart,
/// which the hardware's prefetchers do not recognise. Software prefetches gain 3 to 5 % of a product of
/// 512x512 at batch 256.
template <typename V, typename T>
inline void prefetch(const T* p, std::size_t size) {
  for (std::size_t i = 0; i < size; i += V::width) __builtin_prefetch(p + i, 0, 2);
}
constexpr std::size_t kPrefetchAhead = 8;

/// Copies the columns [col, end) of B for K steps from first_k into panels at `to`.
template <typename V, typename T>
inline Panels<T> packed_panels(const Operand<T>& B, std::size_t first_k, std::size_t K, std::size_t col,
                               std::size_t end, T* to) {
  const std::size_t panel_stride = packed_panel_stride<V>(K);
  if (B.packing == Packing::transposed) {
    for (T* panel = to; col < end; col += V::width, panel += panel_stride) {
      const std::size_t lanes = end - col < V::width ? end - col : V::width;
      for (std::size_t i = 0; lanes < V::width && i < K * V::width; ++i) panel[i] = T{0};
      for (std::size_t i = 0; i < lanes; ++i) prefetch<V>(B.data + (col + i) * B.stride + first_k, K);
      transpose(B.data + col * B.stride + first_k, B.stride, lanes, K, panel, V::width);
    }
  } else {
    for (std::size_t k = 0; k < K; ++k) {
      T* line = to + k * V::width;
      if (k + kPrefetchAhead < K)
        prefetch<V>(B.data + (first_k + k + kPrefetchAhead) * B.stride + col, end - col);
      for_each_vec<V>(end - col, [&](std::size_t j, auto part) {
        load<V>(B.data + (first_k + k) * B.stride + col + j, part).store(line);
        line += panel_stride;
      });
    }
  }
  return {to, panel_stride, V::width, true};
}

/// Rows that are packed at a time: at most 256 KiB.
template <typename V>
constexpr std::size_t kRowChunk = 64;

/// Blocks of at most max_tile_rows rows, block b at data + b * block_stride, its rows side by side for every
/// k. Only rows that are neighbours in memory are packed, those of W^T. Rows whose steps are neighbours are
/// read in place. Copying them as well lost 5 % (float32) and 12 % (float64) of the forward pass, although
/// the rows of a 512-wide W share cache sets.
template <typename T>
struct PackedRows {
  const T* data = nullptr;
  std::size_t block_stride = 0, k_stride = 0;

  Broadcast<T> block(std::size_t b) const { return {data + b * block_stride, 1, k_stride, false}; }
};

/// A line more than the rows need: blocks that lie a power of two apart would fall on the same cache sets.
template <typename V>
constexpr std::size_t packed_block_stride(std::size_t K) {
  return std::size_t(V::max_tile_rows) * K + V::width;
}

/// Copies K steps of `rows` rows into `to`, on AVX-512 four steps of a block at a time, which writes longer
/// runs. dX of 512x784 at batch 256 gained 6 % in float32 and 1 % in float64. AVX2 lost 2 % in float64.
template <typename V, typename T>
inline PackedRows<T> packed_rows(const Broadcast<T>& a, std::size_t rows, std::size_t K, T* to) {
  constexpr std::size_t kMax = std::size_t(V::max_tile_rows), kCopied = parts(kMax, 8) * 8;
  constexpr std::size_t kSteps = packs_copies<V> ? 1 : 4;
  const Partition partition(rows, kMax);
  const std::size_t block_stride = packed_block_stride<V>(K);
  for (std::size_t k = 0; k < K; k += kSteps) {
    const std::size_t steps = K - k < kSteps ? K - k : kSteps;
    const T* from = a.data + k * a.k_stride;
    const T* const end = from + rows;
    T* block_to = to + k * kMax;
    for (std::size_t block = 0; block < partition.blocks; ++block, block_to += block_stride) {
      if (steps == kSteps && from + kCopied <= end) {
        // Whole registers are copied even if the rows are fewer: the next step overwrites what is too much.
        for (std::size_t s = 0; s < kSteps; ++s)
          __builtin_memcpy(block_to + s * kMax, from + s * a.k_stride, kCopied * sizeof(T));
      } else {
        for (std::size_t s = 0; s < steps; ++s)
          for (std::size_t r = 0; r < partition.size(block); ++r)
            block_to[s * kMax + r] = from[s * a.k_stride + r];
      }
      from += partition.size(block);
    }
  }
  return {to, block_stride, kMax};
}

/// Elements of scratch for the panels and for one chunk of rows of any product with at most `rows` rows,
/// `cols` columns and K steps.
template <typename V>
constexpr std::size_t panels_scratch(std::size_t cols, std::size_t K) {
  const std::size_t steps = K < V::block_k ? K : V::block_k, all = parts(cols, V::width);
  const std::size_t group = kPackedBytes / sizeof(V) + kTileVecs<V> * steps + all;
  const std::size_t whole = all * (steps + 1);
  return (group < whole ? group : whole) * V::width;
}
template <typename V>
constexpr std::size_t rows_scratch(std::size_t rows, std::size_t K) {
  return parts(rows < kRowChunk<V> ? rows : kRowChunk<V>, std::size_t(V::max_tile_rows)) *
         packed_block_stride<V>(K < V::block_k ? K : V::block_k);
}

}  // namespace
}  // namespace mlpbench::simd
