// The gradients of a network with one small hidden layer and one output, a strip of samples at a time. The
// strip's activations and deltas stay in the first-level cache. Nothing but X, Y and the gradients is touched
// beyond it. The operations are those of dense_forward, output_delta, weight_gradient and input_delta in the
// same order, so the bits are the same.
//
// Each phase is a loop of its own over the strip's Vecs. One loop that takes two Vecs through all phases
// keeps them in registers. It was slower than the separate operations: 12.8 against 10.7 us for 30-10-1 at
// batch 455, float32, AVX2. It executes only the chain from the sums through two activations back to the
// deltas.
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/kernel_table.h"
#include "backends/simd/weight_gradient.h"

namespace mlpbench::simd {
namespace {

/// Vecs of samples of a strip: 2 KiB of every row.
constexpr std::size_t kStripVecs = 32;

/// row r of `sum` (a row every kVecs Vecs) = b[r] + W[r] x for kVecs Vecs of samples and kRows units.
template <typename V, int kRows, int kVecs, typename T, typename Part>
[[gnu::noinline]] void hidden_rows(const T* W, const T* b, const Panels<T>& X, std::size_t inputs, Part part,
                                   T* sum) {
  V acc[kRows][kVecs];
  for_each_sum<kRows, kVecs>([&]<int r, int v>()
                                 __attribute__((always_inline)) { acc[r][v] = V::set1(b[r]); });
  multiply<V>(W, inputs, 1, X.data, X, inputs, acc, part);
  for_each_sum<kRows, kVecs>([&]<int r, int v>() __attribute__((always_inline)) {
    acc[r][v].store(sum + std::size_t(r * kVecs + v) * V::width);
  });
}

template <typename V, int kRows, int kVecs, typename T, typename Part>
inline void hidden_rows_of(std::size_t rows, const T* W, const T* b, const Panels<T>& X, std::size_t inputs,
                           Part part, T* sum) {
  if (rows == std::size_t(kRows)) return hidden_rows<V, kRows, kVecs>(W, b, X, inputs, part, sum);
  if constexpr (kRows > 1) hidden_rows_of<V, kRows - 1, kVecs>(rows, W, b, X, inputs, part, sum);
}

/// Partial sums of everything that is summed over samples, a Vec each. Memory of T, loaded and stored as
/// Vecs. GCC 12 copies an element of an array of Vecs in pieces of 16 bytes, and each load after that waits
/// for all of them. That made the whole step twice as slow.
template <typename V>
struct FusedSums {
  using T = typename V::Scalar;
  alignas(64) T W1[kFusedUnits * kFusedInputs * V::width];
  alignas(64) T b1[kFusedUnits * V::width];
  alignas(64) T W2[kFusedUnits * V::width];
  alignas(64) T b2[V::width];
  alignas(64) T loss[V::width];

  static void clear(T* sums, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) V::set1(0).store(sums + i * V::width);
  }
};

/// A strip on its way through the phases. `hidden` holds the activations of the hidden layer and then its
/// deltas. `output` holds the sums of the output, then the output, then its delta. Lanes beyond the last
/// sample are 0 in all of them. A line between two rows keeps them apart in the cache sets.
template <typename V>
struct FusedStrip {
  using T = typename V::Scalar;
  static constexpr std::size_t stride = (kStripVecs + 1) * V::width;
  alignas(64) T hidden[kFusedUnits * stride];
  alignas(64) T output[kStripVecs * V::width];
  std::size_t first, count;  ///< samples
};

/// hidden = act(b1 1^T + W1 X).
template <typename V, typename Act, typename T>
inline void fused_hidden(const FusedStep<T>& s, const Partition& rows, FusedStrip<V>& strip) {
  constexpr std::size_t kTileVecs = std::size_t(V::fused_tile_vecs);
  const std::size_t inputs = s.X.rows;
  const T *const W1 = s.theta, *const b1 = W1 + s.units * inputs;
  alignas(64) T sum[std::size_t(V::narrow_tile_rows) * kTileVecs * V::width];
  for (std::size_t block = 0, row = 0; block < rows.blocks; row += rows.size(block), ++block) {
    const auto tile = [&]<int kVecs>(std::size_t n, auto part) {
      const Panels<T> columns{s.X.data + strip.first + n, V::width, s.X.stride, false};
      hidden_rows_of<V, V::narrow_tile_rows, kVecs>(rows.size(block), W1 + row * inputs, b1 + row, columns,
                                                    inputs, part, sum);
      for (std::size_t r = 0; r < rows.size(block); ++r) {
        for (std::size_t t = 0; t < std::size_t(kVecs); ++t) {
          const V z = V::load(sum + (r * kVecs + t) * V::width);
          keep(Act::forward(z), part).store(strip.hidden + (row + r) * strip.stride + n + t * V::width);
        }
      }
    };
    std::size_t n = 0;
    for (; n + kTileVecs * V::width <= strip.count; n += kTileVecs * V::width) {
      tile.template operator()<int(kTileVecs)>(n, Whole{});
    }
    for_each_vec<V>(strip.count - n,
                    [&](std::size_t j, auto part) { tile.template operator()<1>(n + j, part); });
  }
}

/// output = delta of act(b2 + W2 hidden), and its sums and the loss.
template <typename V, typename Of, typename T>
inline void fused_output(const FusedStep<T>& s, FusedStrip<V>& strip, FusedSums<V>& sums) {
  const T* const W2 = s.theta + s.units * (s.X.rows + 1);
  T* const output = strip.output;
  for_each_vec<V>(strip.count, [&](std::size_t n, auto) {
    V z = V::set1(W2[s.units]);
    for (std::size_t h = 0; h < s.units; ++h) {
      z = fma(V::set1(W2[h]), V::load(strip.hidden + h * strip.stride + n), z);
    }
    z.store(output + n);
  });
  using Output = ActivationTypes::At<std::size_t(Of::info.canonical)>;
  for_each_vec<V>(strip.count,
                  [&](std::size_t n, auto) { Output::forward(V::load(output + n)).store(output + n); });
  const LossSpec spec = s.loss;
  V loss = V::load(sums.loss), b2 = V::load(sums.b2);
  for_each_vec<V>(strip.count, [&](std::size_t n, auto part) {
    const V a = V::load(output + n), y = load<V>(s.Y.data + strip.first + n, part);
    loss = loss + keep(Of::value(a, y, spec), part);
    const V dZ2 = keep(Of::delta(a, y, spec), part);
    dZ2.store(output + n);
    b2 = b2 + dZ2;
  });
  loss.store(sums.loss);
  b2.store(sums.b2);
}

/// hidden = (W2^T output) * act'(hidden), and the sums for b1 and W2.
template <typename V, typename Act, typename T>
inline void fused_backward(const FusedStep<T>& s, FusedStrip<V>& strip, FusedSums<V>& sums) {
  const T* const W2 = s.theta + s.units * (s.X.rows + 1);
  for (std::size_t h = 0; h < s.units; ++h) {
    const V w = V::set1(W2[h]), zero = V::set1(0);
    T* const hidden = strip.hidden + h * strip.stride;
    V db1 = V::load(sums.b1 + h * V::width), dW2 = V::load(sums.W2 + h * V::width);
    for_each_vec<V>(strip.count, [&](std::size_t n, auto part) {
      const V a = V::load(hidden + n), dZ2 = V::load(strip.output + n);
      const V dZ1 = keep(Act::backward(a, fma(w, dZ2, zero)), part);
      db1 = db1 + dZ1;
      dW2 = fma(dZ2, a, dW2);
      dZ1.store(hidden + n);
    });
    db1.store(sums.b1 + h * V::width);
    dW2.store(sums.W2 + h * V::width);
  }
}

/// sums.W1 += hidden X^T.
template <typename V, typename T>
inline void fused_weight_sums(const FusedStep<T>& s, const FusedStrip<V>& strip, FusedSums<V>& sums) {
  const std::size_t inputs = s.X.rows;
  const MatrixView<const T> dZ1{strip.hidden, s.units, strip.count, FusedStrip<V>::stride};
  const MatrixView<const T> X{s.X.data + strip.first, inputs, strip.count, s.X.stride};
  for_each_sample_tile<V>(s.units, inputs, [&]<int kRows, int kCols>(std::size_t u, std::size_t i) {
    sample_tile<V, kRows, kCols>(dZ1.data + u * dZ1.stride, dZ1.stride, X.data + i * X.stride, X.stride,
                                 strip.count, sums.W1 + (u * inputs + i) * V::width, inputs * V::width,
                                 strip.first == 0);
  });
}

/// fused_output of the loss, chosen once a call. As a template parameter of the whole step the loss made 28
/// copies of it. They took a fifth of the compiler's time for a file of kernels. With the activation chosen
/// like this too, an epoch of moons took 1.04 times as long.
template <typename V, typename T>
inline auto output_phase(Loss loss) {
  void (*phase)(const FusedStep<T>&, FusedStrip<V>&, FusedSums<V>&) = nullptr;
  visit(loss, [&](auto of) {
    using Of = decltype(of);
    if constexpr (is_fused(Of::info)) phase = fused_output<V, Of, T>;
  });
  return phase;
}

template <typename V, typename Act, typename T>
[[gnu::noinline]] double fused_gradients_of(const FusedStep<T>& s) {
  const std::size_t units = s.units, batch = s.X.cols, weights = units * s.X.rows;
  const auto output_of = output_phase<V, T>(s.loss.kind);
  FusedSums<V> sums;
  sums.clear(sums.b1, units);
  sums.clear(sums.W2, units);
  sums.clear(sums.b2, 1);
  sums.clear(sums.loss, 1);

  const Partition rows(units, V::narrow_tile_rows);
  FusedStrip<V> strip;
  strip.first = 0;
  do {
    const std::size_t left = batch - strip.first;
    strip.count = left < kStripVecs * V::width ? left : kStripVecs * V::width;
    fused_hidden<V, Act>(s, rows, strip);
    output_of(s, strip, sums);
    fused_backward<V, Act>(s, strip, sums);
    fused_weight_sums(s, strip, sums);
    strip.first += strip.count;
  } while (strip.first < batch);
  T* const gradient = s.gradient + weights;
  lane_sums<V>(sums.W1, weights, s.scale, s.gradient);
  lane_sums<V>(sums.b1, units, s.scale, gradient);
  lane_sums<V>(sums.W2, units, s.scale, gradient + units);
  lane_sums<V>(sums.b2, 1, s.scale, gradient + 2 * units);
  return static_cast<double>(sum_lanes(V::load(sums.loss)));
}

/// See KernelTable::fused_gradients.
template <typename V, typename T>
inline double fused_gradients(const FusedStep<T>& s) {
  return visit(s.activation, [&](auto act) {
    using Act = decltype(act);
    if constexpr (is_fused(Act::info)) return fused_gradients_of<V, Act>(s);
    return 0.0;
  });
}

}  // namespace
}  // namespace mlpbench::simd
