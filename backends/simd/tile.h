// One register tile of a product: its sums in order over k, and what is stored of them.
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/packing.h"
#include "backends/simd/unrolled.h"

namespace mlpbench::simd {
namespace {

/// What the sums of a product begin with and what is stored of them. Decided at run time, once a tile. As
/// template parameters the choices multiplied the kernels by eight, for a branch that costs nothing beside
/// the tile.
enum class Finish { plain, forward, backward, scaled };
template <typename T>
struct Epilogue {
  Finish finish = Finish::plain;
  const T* bias = nullptr;  ///< of each row; null begins with 0
  Activation activation = Activation::identity;
  MatrixView<const T> saved = {};  ///< backward: what the derivative is taken from
  T scale = 1;                     ///< scaled: sums are multiplied by it
};

/// A product that is under way: C (rows x cols) = epilogue(a B) for the steps of k in one block. Handed on by
/// reference, because copies of what was just written wait for the stores.
template <typename T>
struct Product {
  Broadcast<T> a;
  Panels<T> B;
  std::size_t K;
  MatrixView<T> C;
  Epilogue<T> epilogue;
  bool at_start, at_end;  ///< of k; between blocks C holds the sums so far
};

/// Whether an activation is applied in the tiles of a product. One that costs tens of instructions an element
/// is not: a pass of its own over A is cheaper than its code in every tile.
inline bool is_cheap(Activation activation) {
  return visit(activation, [](auto act) { return decltype(act)::info.cost == Cost::cheap; });
}

/// body<r, v>() for every accumulator of a tile. Both indices are in one list. Lists of Vecs in a list of
/// rows made the compiler inline 69 functions for 6 x 4 instead of 26.
template <int kRows, int kVecs, typename Body>
[[gnu::always_inline]] inline void for_each_sum(Body body) {
  [&]<int... i>(std::integer_sequence<int, i...>) __attribute__((always_inline)) {
    (body.template operator()<i / kVecs, i % kVecs>(), ...);
  }
  (std::make_integer_sequence<int, kRows * kVecs>());
}

/// How much of Vec v of kVecs is there, where `part` is said of the last.
template <int v, int kVecs, typename Part>
[[gnu::always_inline]] inline auto part_of(Part part) {
  if constexpr (v + 1 == kVecs) {
    return part;
  } else {
    return Whole{};
  }
}

/// The sums in acc become what is stored for the tile at C[row][col].
template <typename V, int kRows, int kVecs, typename T, typename Part>
[[gnu::always_inline]] inline void finish(const Epilogue<T>& epilogue, std::size_t row, std::size_t col,
                                          V (&acc)[kRows][kVecs], Part part) {
  switch (epilogue.finish) {
    case Finish::forward:
      return visit(
          epilogue.activation, [&](auto act) __attribute__((always_inline)) {
            if constexpr (decltype(act)::info.cost == Cost::cheap) {
              for_each_sum<kRows, kVecs>([&]<int r, int v>() __attribute__((always_inline)) {
                acc[r][v] = act.forward(acc[r][v]);
              });
            }
          });
    case Finish::backward:
      return visit(
          epilogue.activation, [&](auto act) __attribute__((always_inline)) {
            if constexpr (decltype(act)::info.cost == Cost::cheap) {
              const T* const saved = epilogue.saved.data + row * epilogue.saved.stride + col;
              for_each_sum<kRows, kVecs>([&]<int r, int v>() __attribute__((always_inline)) {
                const T* const s = saved + std::size_t(r) * epilogue.saved.stride + std::size_t(v) * V::width;
                acc[r][v] = act.backward(load<V>(s, part_of<v, kVecs>(part)), acc[r][v]);
              });
            }
          });
    case Finish::scaled: {
      const V scale = V::set1(epilogue.scale);
      return for_each_sum<kRows, kVecs>([&]<int r, int v>() __attribute__((always_inline)) {
        acc[r][v] = scale * acc[r][v];
      });
    }
    case Finish::plain:
      return;
  }
}

/// Steps of k that B is asked for ahead, and the rows of W^T twice as far. That is for operands in their
/// places whose steps are more than a tile apart. Forward of 512x784 at batch 256 gained 2 to 5 %, dX 2 to 8
/// %, dX at batch 32 a fifth (AVX-512). Asking for panels, or for what is in the first-level cache, lost 3 to
/// 7 %. So the tiles of most rows have two loops.
constexpr std::size_t kStepsAhead = 8;
template <typename V, int kRows, int kVecs>
constexpr bool has_loop_ahead =
    !packs_copies<V> &&
    (kVecs == 2 ? kRows == V::narrow_tile_rows : kRows == V::max_tile_rows && kVecs == tile_width<V>(kRows));

/// acc += a B over the steps of k. Rows are addressed in threes from one pointer (base, base + stride, base +
/// 2 stride). Six rows of any stride would need more address registers than there are.
template <typename V, bool kAhead = false, int kRows, int kVecs, typename T, typename Part>
[[gnu::always_inline]] inline void multiply(const T* a, std::size_t row_stride, std::size_t k_stride,
                                            const T* b_row, const Panels<T>& B, std::size_t K,
                                            V (&acc)[kRows][kVecs], Part part) {
  const std::size_t panel_stride = kAhead ? V::width : B.panel_stride;  // in its place: side by side
  constexpr int kGroups = (kRows + 2) / 3;
  const T* group[kGroups];
  unrolled<kGroups>([&]<int g>() { group[g] = a + std::size_t(3 * g) * row_stride; });
  for (std::size_t k = 0; k < K; ++k) {
    V b[kVecs];
    unrolled<kVecs>([&]<int v>() __attribute__((always_inline)) {
      const T* const lane = b_row + std::size_t(v) * panel_stride;
      b[v] = load<V>(lane, part_of<v, kVecs>(part));
      if constexpr (kAhead) __builtin_prefetch(lane + kStepsAhead * B.k_stride, 0, 3);
    });
    if constexpr (kAhead) __builtin_prefetch(group[0] + 2 * kStepsAhead * k_stride, 0, 3);
    unrolled<kRows>([&]<int r>() __attribute__((always_inline)) {
      const typename V::Splat scalar = V::splat(group[r / 3][std::size_t(r % 3) * row_stride]);
      unrolled<kVecs>([&]<int v>() { acc[r][v] = fma(scalar, b[v], acc[r][v]); });
    });
    unrolled<kGroups>([&]<int g>() { group[g] += k_stride; });
    b_row += B.k_stride;
  }
}

/// kRows rows by kVecs Vecs of C, B from its panel `panel`. The last Vec may be partial, and `b_part` says
/// whether B ends there too: packed panels are padded.
template <typename V, int kRows, int kVecs, typename T, typename Part, typename PartOfB>
[[gnu::always_inline]] inline void tile(const Product<T>& p, std::size_t row, std::size_t col,
                                        std::size_t panel, Part part, PartOfB b_part) {
  T* const c = p.C.data + row * p.C.stride + col;
  const auto at = [&]<int r, int v>() __attribute__((always_inline)) {
    return c + std::size_t(r) * p.C.stride + std::size_t(v) * V::width;
  };
  V acc[kRows][kVecs];
  if (p.at_start && p.epilogue.bias != nullptr) {
    for_each_sum<kRows, kVecs>([&]<int r, int v>() __attribute__((always_inline)) {
      acc[r][v] = V::set1(p.epilogue.bias[row + std::size_t(r)]);
    });
  } else if (p.at_start) {
    for_each_sum<kRows, kVecs>([&]<int r, int v>()
                                   __attribute__((always_inline)) { acc[r][v] = V::set1(T{0}); });
  } else {
    for_each_sum<kRows, kVecs>([&]<int r, int v>() __attribute__((always_inline)) {
      acc[r][v] = load<V>(at.template operator()<r, v>(), part_of<v, kVecs>(part));
    });
  }
  const auto multiply_by = [&]<bool kAhead>() __attribute__((always_inline)) {
    multiply<V, kAhead>(p.a.data, p.a.row_stride, p.a.k_stride, p.B.data + panel * p.B.panel_stride, p.B, p.K,
                        acc, b_part);
  };
  if (has_loop_ahead<V, kRows, kVecs> && p.B.ahead) {
    multiply_by.template operator()<has_loop_ahead<V, kRows, kVecs>>();
  } else {
    multiply_by.template operator()<false>();
  }
  if (p.at_end) finish<V>(p.epilogue, row, col, acc, part);
  for_each_sum<kRows, kVecs>([&]<int r, int v>() __attribute__((always_inline)) {
    store(acc[r][v], at.template operator()<r, v>(), part_of<v, kVecs>(part));
  });
}

}  // namespace
}  // namespace mlpbench::simd
