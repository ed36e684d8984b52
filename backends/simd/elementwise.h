// What happens to single elements: activations, their derivatives, the losses, sums of rows, the update.
// Written once over a Vec. Lanes are samples, so a layer with few units wastes none; sample n of a row always
// meets lane n % Vec::width, so sums over samples do not depend on how many registers a Vec is.
//
// Included by kernels.cpp files after their vec.h; everything has internal linkage.
#pragma once

#include "backends/simd/elementary.h"
#include "core/activation.h"
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

/// The activations as types, so that a loop is compiled for one of them. apply() is act(z); backward() is
/// dA * act'(z), from a = act(z).
struct Identity {
  template <typename V>
  [[gnu::always_inline]] static V apply(V z) {
    return z;
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V, V dA) {
    return dA;
  }
};
struct Sigmoid {
  template <typename V>
  [[gnu::always_inline]] static V apply(V z) {
    return sigmoid(z);
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    return dA * (a * (V::set1(1) - a));
  }
};
struct Tanh {
  template <typename V>
  [[gnu::always_inline]] static V apply(V z) {
    return tanh(z);
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    return dA * fnma(a, a, V::set1(1));
  }
};
struct Relu {
  template <typename V>
  [[gnu::always_inline]] static V apply(V z) {
    return max_or_second(V::set1(0), z);  // in this order NaN stays NaN
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    return select(less(V::set1(0), a), dA, V::set1(0));
  }
};
struct Elu {
  template <typename V>
  [[gnu::always_inline]] static V apply(V z) {
    return select(less(V::set1(0), z), z, expm1_of_negative(min_or_second(V::set1(0), z)));
  }
  template <typename V>
  [[gnu::always_inline]] static V backward(V a, V dA) {
    return select(less(V::set1(0), a), dA, dA * (a + V::set1(1)));
  }
};

/// body(Identity{}), body(Sigmoid{}), ...: one switch outside of the loops. Softmax is not elementwise and
/// counts as the identity.
template <typename Body>
inline void with_activation(Activation activation, Body body) {
  switch (activation) {
    case Activation::sigmoid:
      return body(Sigmoid{});
    case Activation::tanh:
      return body(Tanh{});
    case Activation::relu:
      return body(Relu{});
    case Activation::elu:
      return body(Elu{});
    case Activation::identity:
    case Activation::softmax:
      return body(Identity{});
  }
}

/// Softmax of each column, in place. The maximum, the sum and the quotient run over registers of different
/// rows: lanes are samples, so nothing is summed across lanes.
template <typename V, typename T>
inline void softmax_columns(MatrixView<T> A) {
  for_each_vec<V>(A.cols, [&](std::size_t j, auto part) {
    V largest = V::set1(-static_cast<T>(__builtin_inff()));
    for (std::size_t u = 0; u < A.rows; ++u) {
      largest = max_or_second(largest, load<V>(A.data + u * A.stride + j, part));
    }
    V sum = V::set1(0);
    for (std::size_t u = 0; u < A.rows; ++u) {
      T* a = A.data + u * A.stride + j;
      const V e = exp(load<V>(a, part) - largest);
      store(e, a, part);
      sum = sum + e;
    }
    for (std::size_t u = 0; u < A.rows; ++u) {
      T* a = A.data + u * A.stride + j;
      store(load<V>(a, part) / sum, a, part);
    }
  });
}

/// A = act(A) in place.
template <typename V, typename T>
inline void activate(Activation activation, MatrixView<T> A) {
  if (activation == Activation::softmax) return softmax_columns<V>(A);
  if (activation == Activation::identity) return;
  with_activation(activation, [&](auto act) {
    for (std::size_t u = 0; u < A.rows; ++u) {
      T* a = A.data + u * A.stride;
      for_each_vec<V>(A.cols,
                      [&](std::size_t j, auto part) { store(act.apply(load<V>(a + j, part)), a + j, part); });
    }
  });
}

/// dZ = dA * act'(Z), from A = act(Z), dA in place.
template <typename V, typename T>
inline void multiply_by_derivative(Activation activation, MatrixView<const T> A, MatrixView<T> dA) {
  if (activation == Activation::identity) return;
  with_activation(activation, [&](auto act) {
    for (std::size_t u = 0; u < dA.rows; ++u) {
      const T* a = A.data + u * A.stride;
      T* d = dA.data + u * dA.stride;
      for_each_vec<V>(dA.cols, [&](std::size_t j, auto part) {
        store(act.backward(load<V>(a + j, part), load<V>(d + j, part)), d + j, part);
      });
    }
  });
}

/// The losses as types: of() is the loss of one output a against its target y.
template <typename V>
[[gnu::always_inline]] inline V clipped_log(V x) {
  return log(max_or_second(V::set1(Constants<typename V::Scalar>::smallest_normal), x));
}
struct BinaryCrossEntropy {
  template <typename V>
  [[gnu::always_inline]] static V of(V a, V y, V log_epsilon) {
    const V zero = V::set1(0), one = V::set1(1);
    const V if_hit = a + log_epsilon, if_miss = (one - a) + log_epsilon;
    const auto is_one = equal(y, one);
    // Labels of 0 and 1 leave one of the two terms, the other being an exact 0: a logarithm less.
    if (V::all_lanes(V::either(is_one, equal(y, zero)))) {
      return zero - clipped_log(select(is_one, if_hit, if_miss));
    }
    return zero - (y * clipped_log(if_hit) + (one - y) * clipped_log(if_miss));
  }
};
struct SoftmaxCrossEntropy {
  template <typename V>
  [[gnu::always_inline]] static V of(V a, V y, V log_epsilon) {
    return V::set1(0) - y * clipped_log(a + log_epsilon);
  }
};
struct SquaredError {
  template <typename V>
  [[gnu::always_inline]] static V of(V a, V y, V) {
    return (a - y) * (a - y);
  }
};

template <typename V, typename LossType, typename Act, typename T>
inline double loss_and_delta(LossType loss, Act act, T log_epsilon, MatrixView<const T> A,
                             MatrixView<const T> Y, MatrixView<T> dZ) {
  V sum = V::set1(0);
  for (std::size_t k = 0; k < A.rows; ++k) {
    for_each_vec<V>(A.cols, [&](std::size_t j, auto part) {
      const V a = load<V>(A.data + k * A.stride + j, part);
      const V y = load<V>(Y.data + k * Y.stride + j, part);
      sum = sum + keep(loss.of(a, y, V::set1(log_epsilon)), part);
      store(act.backward(a, a - y), dZ.data + k * dZ.stride + j, part);
    });
  }
  return static_cast<double>(sum_lanes(sum));
}

/// The loss summed over the batch, and dZ of the last layer: see Backend::output_delta. The derivative of a
/// cross-entropy is A - Y for its own activation, which is Identity's backward().
template <typename V, typename T>
inline double output_delta(Loss loss, T log_epsilon, Activation activation, MatrixView<const T> A,
                           MatrixView<const T> Y, MatrixView<T> dZ) {
  if (loss == Loss::binary_cross_entropy) {
    return loss_and_delta<V>(BinaryCrossEntropy{}, Identity{}, log_epsilon, A, Y, dZ);
  }
  if (loss == Loss::softmax_cross_entropy) {
    return loss_and_delta<V>(SoftmaxCrossEntropy{}, Identity{}, log_epsilon, A, Y, dZ);
  }
  double sum = 0;
  with_activation(activation,
                  [&](auto act) { sum = loss_and_delta<V>(SquaredError{}, act, log_epsilon, A, Y, dZ); });
  return sum;
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

template <typename V, typename Entry, typename T, std::size_t... c, std::size_t... s>
inline void update_by(const UpdateRule<T>& rule, T* theta, const T* gradient, std::size_t size,
                      MatrixView<T> state, std::index_sequence<c...>, std::index_sequence<s...>) {
  const V coefficients[] = {V::set1(rule.coefficients[c])...};
  for_each_vec<V>(size, [&](std::size_t j, auto part) {
    V parameter = load<V>(theta + j, part);
    V buffers[sizeof...(s) + 1] = {load<V>(state.data + s * state.stride + j, part)...};
    Entry::update(coefficients, load<V>(gradient + j, part), parameter, buffers[s]...);
    store(parameter, theta + j, part);
    (store(buffers[s], state.data + s * state.stride + j, part), ...);
  });
}

/// See Backend::update.
template <typename V, typename T>
inline void update(const UpdateRule<T>& rule, T* theta, const T* gradient, std::size_t size,
                   MatrixView<T> state) {
  with_optimiser(rule.optimiser, Optimisers{}, [&]<typename Entry>(Entry) {
    update_by<V, Entry>(rule, theta, gradient, size, state,
                        std::make_index_sequence<Entry::coefficient_count>(),
                        std::make_index_sequence<Entry::state_buffers>());
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
