// The gradients of a network with one small hidden layer and one output, in one pass over the samples: of the
// activations and deltas nothing is stored but, for more than a few inputs, the hidden layer's delta. The
// operations are those of dense_forward, output_delta, weight_gradient and input_delta in the same order, so
// the bits are the same; what goes is a dozen calls, and every load and store between them, which is most of
// the time of a network that fits in a few registers.
//
// Included by kernels.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/kernel_table.h"
#include "backends/simd/weight_gradient.h"

namespace mlpbench::simd {
namespace {

/// Elements of W1 up to which its gradient is summed along with the rest, a Vec of partial sums each, loaded
/// and stored for every Vec of samples. Beyond that the delta is stored and tiles that keep their sums in
/// registers make a second pass over a chunk of samples.
constexpr std::size_t kNarrowWeights = 40;

/// Samples of a chunk: 2 KiB of every row. 16 rows of deltas are then a first-level cache of 32 KiB at most.
template <typename V>
constexpr std::size_t kFusedChunk = 32 * V::width;

/// The last layer and its loss: the delta is the output less the target in both.
struct SigmoidHead {
  using Activation = Sigmoid;
  using Loss = BinaryCrossEntropy;
};
struct LinearHead {
  using Activation = Identity;
  using Loss = SquaredError;
};

/// sum[h] = b[h] + W[h] x for kVecs Vecs of samples and kRows units.
template <typename V, int kRows, int kVecs, typename T, typename Part>
[[gnu::noinline]] void hidden_rows(const T* W, const T* b, MatrixView<const T> X, std::size_t col, Part part,
                                   V* sum) {
  V acc[kRows][kVecs];
  for (int r = 0; r < kRows; ++r) {
    for (V& a : acc[r]) a = V::set1(b[r]);
  }
  const Panels<T> columns{X.data + col, V::width, X.stride, false};
  multiply<V>(W, X.rows, 1, columns.data, columns, X.rows, acc, part);
  for (int r = 0; r < kRows; ++r) {
    for (int v = 0; v < kVecs; ++v) sum[r * kVecs + v] = acc[r][v];
  }
}

template <typename V, int kRows, int kVecs, typename T, typename Part>
inline void hidden_rows_of(std::size_t rows, const T* W, const T* b, MatrixView<const T> X, std::size_t col,
                           Part part, V* sum) {
  if (rows == std::size_t(kRows)) return hidden_rows<V, kRows, kVecs>(W, b, X, col, part, sum);
  if constexpr (kRows > 1) hidden_rows_of<V, kRows - 1, kVecs>(rows, W, b, X, col, part, sum);
}

/// Partial sums of everything that is summed over samples, a Vec each.
template <typename V>
struct FusedSums {
  V W1[kFusedUnits * kFusedInputs];
  V b1[kFusedUnits], W2[kFusedUnits], b2, loss;
};

/// Vecs of samples in a stretch. Two keep enough independent work in flight to hide most of the latency of
/// the chain from the sums through two activations back to the deltas.
constexpr int kStretchVecs = 2;

/// a[h][v] = act(b1[h] + W1[h] x) for a stretch of kVecs Vecs from column `col`.
template <typename V, int kVecs, typename Act, typename T, typename Part>
inline void hidden_forward(const FusedStep<T>& s, const Deal& rows, std::size_t col, Part part, V* a) {
  constexpr int kTileVecs = V::fused_tile_vecs < kVecs ? V::fused_tile_vecs : kVecs;
  const std::size_t inputs = s.X.rows;
  const T *const W1 = s.theta, *const b1 = W1 + s.units * inputs;
  V sum[std::size_t(V::max_tile_rows * kTileVecs)];
  for (std::size_t block = 0, row = 0; block < rows.blocks; row += rows.size(block), ++block) {
    for (std::size_t v = 0; v < std::size_t(kVecs); v += std::size_t(kTileVecs)) {
      hidden_rows_of<V, V::max_tile_rows, kTileVecs>(rows.size(block), W1 + row * inputs, b1 + row, s.X,
                                                     col + v * V::width, part, sum);
      for (std::size_t r = 0; r < rows.size(block); ++r) {
        for (std::size_t t = 0; t < std::size_t(kTileVecs); ++t) {
          a[(row + r) * kVecs + v + t] = keep(Act::apply(sum[r * kTileVecs + t]), part);
        }
      }
    }
  }
}

/// One stretch of kVecs Vecs of samples (a partial one is one Vec): forward, loss, backward.
template <typename V, int kVecs, typename Act, typename Head, typename T, typename Part>
inline void fused_stretch(const FusedStep<T>& s, const Deal& rows, std::size_t col, Part part,
                          FusedSums<V>& sums) {
  const std::size_t units = s.units, inputs = s.X.rows;
  const T* const W2 = s.theta + units * (inputs + 1);
  V a[kFusedUnits * kVecs];
  hidden_forward<V, kVecs, Act>(s, rows, col, part, a);

  V dZ2[kVecs];
  for (V& z : dZ2) z = V::set1(W2[units]);
  for (std::size_t h = 0; h < units; ++h) {
    for (std::size_t v = 0; v < std::size_t(kVecs); ++v)
      dZ2[v] = fma(V::set1(W2[h]), a[h * kVecs + v], dZ2[v]);
  }
  for (std::size_t v = 0; v < std::size_t(kVecs); ++v) {
    const V output = Head::Activation::apply(dZ2[v]);
    const V y = load<V>(s.Y.data + col + v * V::width, part);
    sums.loss = sums.loss + keep(Head::Loss::of(output, y, V::set1(s.log_epsilon)), part);
    dZ2[v] = keep(output - y, part);
    sums.b2 = sums.b2 + dZ2[v];
  }

  const bool narrow = units * inputs <= kNarrowWeights;
  for (std::size_t h = 0; h < units; ++h) {
    const V w = V::set1(W2[h]);
    V db1 = sums.b1[h], dW2 = sums.W2[h], dZ1[kVecs];
    for (std::size_t v = 0; v < std::size_t(kVecs); ++v) {
      const V unit = a[h * kVecs + v];
      dZ1[v] = keep(Act::through(unit, fma(w, dZ2[v], V::set1(0))), part);
      db1 = db1 + dZ1[v];
      dW2 = fma(dZ2[v], unit, dW2);
    }
    sums.b1[h] = db1;
    sums.W2[h] = dW2;
    for (std::size_t i = 0; narrow && i < inputs; ++i) {
      V dW1 = sums.W1[h * inputs + i];
      const T* x = s.X.data + i * s.X.stride + col;
      for (std::size_t v = 0; v < std::size_t(kVecs); ++v)
        dW1 = fma(dZ1[v], load<V>(x + v * V::width, part), dW1);
      sums.W1[h * inputs + i] = dW1;
    }
    for (std::size_t v = 0; !narrow && v < std::size_t(kVecs); ++v) {
      store(dZ1[v], s.dZ1.data + h * s.dZ1.stride + col + v * V::width, part);
    }
  }
}

/// sums.W1 += dZ1 X^T over the samples [col, end).
template <typename V, typename T>
inline void add_wide_sums(const FusedStep<T>& s, std::size_t col, std::size_t end, FusedSums<V>& sums) {
  const std::size_t inputs = s.X.rows;
  const MatrixView<const T> dZ1{s.dZ1.data + col, s.units, end - col, s.dZ1.stride};
  const MatrixView<const T> X{s.X.data + col, inputs, end - col, s.X.stride};
  for_each_sample_tile<V>(s.units, inputs, [&]<int kRows, int kCols>(std::size_t u, std::size_t i) {
    V acc[kRows][kCols];
    V* const tile_sums = sums.W1 + u * inputs + i;
    for (int r = 0; r < kRows; ++r) {
      for (int c = 0; c < kCols; ++c) acc[r][c] = tile_sums[std::size_t(r) * inputs + std::size_t(c)];
    }
    sample_tile(dZ1, X, u, i, acc);
    for (int r = 0; r < kRows; ++r) {
      for (int c = 0; c < kCols; ++c) tile_sums[std::size_t(r) * inputs + std::size_t(c)] = acc[r][c];
    }
  });
}

template <typename V, typename Act, typename Head, typename T>
[[gnu::noinline]] double fused_gradients_of(const FusedStep<T>& s) {
  constexpr std::size_t kStretch = kStretchVecs * V::width;
  const std::size_t units = s.units, batch = s.X.cols, weights = units * s.X.rows;
  FusedSums<V> sums;
  for (std::size_t i = 0; i < weights; ++i) sums.W1[i] = V::set1(0);
  for (std::size_t h = 0; h < units; ++h) sums.b1[h] = sums.W2[h] = V::set1(0);
  sums.b2 = sums.loss = V::set1(0);

  const Deal rows(units, V::max_tile_rows);
  for (std::size_t first = 0; first < batch; first += kFusedChunk<V>) {
    const std::size_t end = batch - first < kFusedChunk<V> ? batch : first + kFusedChunk<V>;
    std::size_t col = first;
    for (; col + kStretch <= end; col += kStretch) {
      fused_stretch<V, kStretchVecs, Act, Head>(s, rows, col, Whole{}, sums);
    }
    for_each_vec<V>(end - col, [&](std::size_t j, auto part) {
      fused_stretch<V, 1, Act, Head>(s, rows, col + j, part, sums);
    });
    if (weights > kNarrowWeights) add_wide_sums<V>(s, first, end, sums);
  }
  T* const gradient = s.gradient + weights;
  lane_sums(sums.W1, weights, s.scale, s.gradient);
  lane_sums(sums.b1, units, s.scale, gradient);
  lane_sums(sums.W2, units, s.scale, gradient + units);
  gradient[2 * units] = s.scale * sum_lanes(sums.b2);
  return static_cast<double>(sum_lanes(sums.loss));
}

/// See KernelTable::fused_gradients.
template <typename V, typename T>
inline double fused_gradients(const FusedStep<T>& s) {
  double loss = 0.0;
  with_activation(s.activation, [&](auto act) {
    using Act = decltype(act);
    loss = s.loss == Loss::binary_cross_entropy ? fused_gradients_of<V, Act, SigmoidHead>(s)
                                                : fused_gradients_of<V, Act, LinearHead>(s);
  });
  return loss;
}

}  // namespace
}  // namespace mlpbench::simd
