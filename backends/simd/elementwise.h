// What happens to single elements: activations, their derivatives, the losses, sums of rows, the update.
// Written once over a Vec. Lanes are samples, so a layer with few units wastes none. Sample n of a row always
// meets lane n % Vec::width, so sums over samples do not depend on how many registers a Vec is.
//
// Included by kernels_*.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/activation_functions.h"
#include "core/loss.h"
#include "core/matrix_view.h"
#include "core/optimisers/list.h"

namespace mlpbench::simd {
namespace {

/// How much of a Vec is there: all of it, or the first lanes at the end of a row.
struct Whole {};
struct First {
  std::size_t lanes;
};

template <typename V, typename T>
[[gnu::always_inline]] inline V load(const T* p, Whole) {
  return V::load(p);
}
template <typename V, typename T>
[[gnu::always_inline]] inline V load(const T* p, First part) {
  return V::load_first(p, part.lanes);
}
template <typename V, typename T>
[[gnu::always_inline]] inline void store(V v, T* p, Whole) {
  v.store(p);
}
template <typename V, typename T>
[[gnu::always_inline]] inline void store(V v, T* p, First part) {
  v.store_first(p, part.lanes);
}

/// v in the lanes that are there, 0 in the others.
template <typename V>
[[gnu::always_inline]] inline V keep(V v, Whole) {
  return v;
}
template <typename V>
[[gnu::always_inline]] inline V keep(V v, First part) {
  return V::keep_first(v, part.lanes);
}

/// body(offset, part) for every Vec of a row of `size` elements.
template <typename V, typename Body>
inline void for_each_vec(std::size_t size, Body body) {
  std::size_t j = 0;
  for (; j + V::width <= size; j += V::width) body(j, Whole{});
  if (j < size) body(j, First{size - j});
}

/// A = act(Z). A may be Z. Lanes are samples, so nothing is summed across lanes in a function of all units.
template <typename V, typename T>
inline void activate(Activation activation, MatrixView<const T> Z, MatrixView<T> A) {
  visit(activation, [&](auto act) {
    using Act = decltype(act);
    constexpr bool copies = Act::info.cost == Cost::none || Act::info.last_layer_only;
    if (!copies || A.data != Z.data) {
      for (std::size_t u = 0; u < A.rows; ++u) {
        const T* z = Z.data + u * Z.stride;
        T* a = A.data + u * A.stride;
        for_each_vec<V>(A.cols, [&](std::size_t j, auto part) {
          store(Act::forward(load<V>(z + j, part)), a + j, part);
        });
      }
    }
    if constexpr (Act::info.last_layer_only) {
      for_each_vec<V>(A.cols, [&](std::size_t j, auto part) {
        Act::template forward_units<V>(
            A.rows, [&](std::size_t u) { return load<V>(A.data + u * A.stride + j, part); },
            [&](std::size_t u, V a) { store(a, A.data + u * A.stride + j, part); });
      });
    }
  });
}

/// dZ = dA * act'(Z), from what was saved for it, dA in place.
template <typename V, typename T>
inline void multiply_by_derivative(Activation activation, MatrixView<const T> saved, MatrixView<T> dA) {
  visit(activation, [&](auto act) {
    using Act = decltype(act);
    if constexpr (Act::info.cost != Cost::none) {
      for (std::size_t u = 0; u < dA.rows; ++u) {
        const T* s = saved.data + u * saved.stride;
        T* d = dA.data + u * dA.stride;
        for_each_vec<V>(dA.cols, [&](std::size_t j, auto part) {
          store(Act::backward(load<V>(s + j, part), load<V>(d + j, part)), d + j, part);
        });
      }
    }
  });
}

/// See output_delta(). The derivative is that of Act, from A or, where Act needs it, from Z.
template <typename V, typename Of, typename Act, typename T>
inline double loss_and_delta(const LossSpec& loss, MatrixView<const T> A, MatrixView<const T> Y,
                             MatrixView<T> dZ, MatrixView<const T> Z) {
  const LossSpec spec = loss;  // which dZ cannot alias
  V sum = V::set1(0);
  for (std::size_t k = 0; k < A.rows; ++k) {
    for_each_vec<V>(A.cols, [&](std::size_t j, auto part) {
      const V a = load<V>(A.data + k * A.stride + j, part);
      const V y = load<V>(Y.data + k * Y.stride + j, part);
      V saved = a;
      if constexpr (Act::info.needs_z) saved = load<V>(Z.data + k * Z.stride + j, part);
      sum = sum + keep(Of::value(a, y, spec), part);
      store(Act::backward(saved, Of::delta(a, y, spec)), dZ.data + k * dZ.stride + j, part);
    });
  }
  return static_cast<double>(sum_lanes(sum));
}

/// The loss summed over the batch, and dZ of the last layer: see Backend::output_delta.
template <typename V, typename T>
inline double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                           MatrixView<const T> Y, MatrixView<T> dZ, MatrixView<const T> Z) {
  return visit(loss.kind, activation, [&](auto of, auto act) {
    return loss_and_delta<V, decltype(of), decltype(act)>(loss, A, Y, dZ, Z);
  });
}

/// Every element of row u of Z = b[u]. std::fill_n cost OpenBLAS's step of regression 1 % more in float64.
template <typename V, typename T>
inline void broadcast(std::span<const T> b, MatrixView<T> Z) {
  for (std::size_t u = 0; u < Z.rows; ++u) {
    const V value = V::set1(b[u]);
    for_each_vec<V>(Z.cols, [&](std::size_t j, auto part) { store(value, Z.data + u * Z.stride + j, part); });
  }
}

/// db[u] = scale * sum of row u of dZ. The rows are few or the time is elsewhere: one sum at a time.
template <typename V, typename T>
inline void scaled_row_sums(MatrixView<const T> dZ, T scale, T* db) {
  for (std::size_t u = 0; u < dZ.rows; ++u) {
    V sum = V::set1(0);
    for_each_vec<V>(
        dZ.cols, [&](std::size_t j, auto part) { sum = sum + load<V>(dZ.data + u * dZ.stride + j, part); });
    db[u] = scale * sum_lanes(sum);
  }
}

template <typename V, typename Entry, bool kRegularised, typename T, std::size_t... c, std::size_t... s>
inline void update_by(const UpdateRule<T>& rule, T* theta, const T* gradient, std::size_t size,
                      MatrixView<T> state, std::index_sequence<c...>, std::index_sequence<s...>) {
  const V coefficients[] = {V::set1(rule.coefficients[c])...};
  const Regulariser<V> regulariser{V::set1(rule.regulariser.clip), V::set1(rule.regulariser.l2),
                                   V::set1(rule.regulariser.decay)};
  for_each_vec<V>(size, [&](std::size_t j, auto part) {
    V parameter = load<V>(theta + j, part), own = load<V>(gradient + j, part);
    V buffers[sizeof...(s) + 1] = {load<V>(state.data + s * state.stride + j, part)...};
    if constexpr (kRegularised) regulariser.apply(own, parameter);
    Entry::update(coefficients, own, parameter, buffers[s]...);
    store(parameter, theta + j, part);
    (store(buffers[s], state.data + s * state.stride + j, part), ...);
  });
}

/// See Backend::update.
template <typename V, typename T>
inline void update(const UpdateRule<T>& rule, T* theta, const T* gradient, std::size_t size,
                   MatrixView<T> state) {
  with_optimiser(rule.optimiser, Optimisers{}, [&]<typename Entry>(Entry) {
    const auto update = [&]<bool kRegularised>() {
      update_by<V, Entry, kRegularised>(rule, theta, gradient, size, state,
                                        std::make_index_sequence<Entry::coefficient_count>(),
                                        std::make_index_sequence<Entry::state_buffers>());
    };
    rule.regulariser.is_neutral() ? update.template operator()<false>() : update.template operator()<true>();
  });
}

/// sum += addend.
template <typename V, typename T>
inline void accumulate(T* sum, const T* addend, std::size_t size) {
  for_each_vec<V>(size, [&](std::size_t j, auto part) {
    store(load<V>(sum + j, part) + load<V>(addend + j, part), sum + j, part);
  });
}

}  // namespace
}  // namespace mlpbench::simd
