// Vec<T> for any machine: sixteen bytes of lanes as a compiler vector, what every x86-64 and ARM64 has. The
// elementwise work of the blas backend runs on it; products do not, and fma() here is rounded twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace mlpbench::simd {
namespace {

template <typename T>
struct Vec {
  using Scalar = T;
  using Bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  typedef T Lanes __attribute__((vector_size(16)));
  typedef Bits Mask __attribute__((vector_size(16)));
  static constexpr bool has_fma = false;  ///< fma() rounds the product and the sum
  static constexpr std::size_t width = 16 / sizeof(T);

  Lanes v;

  static Vec set1(T x) { return {x - Lanes{}}; }
  static Vec load(const T* p) {
    Vec r;
    std::memcpy(&r.v, p, sizeof r.v);
    return r;
  }
  static Vec load_first(const T* p, std::size_t n) {
    Vec r{Lanes{}};
    std::memcpy(&r.v, p, n * sizeof(T));
    return r;
  }
  static Vec keep_first(Vec v, std::size_t n) {
    Vec r{Lanes{}};
    std::memcpy(&r.v, &v.v, n * sizeof(T));
    return r;
  }
  void store(T* p) const { std::memcpy(p, &v, sizeof v); }
  void store_first(T* p, std::size_t n) const { std::memcpy(p, &v, n * sizeof(T)); }

  friend Vec operator+(Vec a, Vec b) { return {a.v + b.v}; }
  friend Vec operator-(Vec a, Vec b) { return {a.v - b.v}; }
  friend Vec operator*(Vec a, Vec b) { return {a.v * b.v}; }
  friend Vec operator/(Vec a, Vec b) { return {a.v / b.v}; }
  friend Vec square_root(Vec a) {
    for (std::size_t i = 0; i < width; ++i)
      a.v[i] = sizeof(T) == 4 ? static_cast<T>(__builtin_sqrtf(static_cast<float>(a.v[i])))
                              : static_cast<T>(__builtin_sqrt(static_cast<double>(a.v[i])));
    return a;
  }
  friend Vec fma(Vec a, Vec b, Vec c) { return {a.v * b.v + c.v}; }
  friend Vec fnma(Vec a, Vec b, Vec c) { return {c.v - a.v * b.v}; }

  friend Mask less(Vec a, Vec b) { return a.v < b.v; }
  friend Mask equal(Vec a, Vec b) { return a.v == b.v; }
  friend Mask negative(Vec a) { return a.bits() < 0; }
  static Mask either(Mask a, Mask b) { return a | b; }
  static bool all_lanes(Mask m) {
    Bits lane[width];
    std::memcpy(lane, &m, sizeof m);
    Bits every = -1;
    for (const Bits bits : lane) every &= bits;
    return every != 0;
  }
  friend Vec select(Mask m, Vec yes, Vec no) { return from_bits((m & yes.bits()) | (~m & no.bits())); }
  friend Vec max_or_second(Vec a, Vec b) { return select(a.v > b.v, a, b); }
  friend Vec min_or_second(Vec a, Vec b) { return select(a.v < b.v, a, b); }

  friend Vec abs(Vec a) { return from_bits(a.bits() & ~set1(T(-0.0)).bits()); }
  /// |magnitude| with the sign of `sign`, for a magnitude whose sign bit is 0.
  friend Vec copy_sign(Vec magnitude, Vec sign) { return bit_or(magnitude, bit_and(sign, set1(T(-0.0)))); }

  /// What elementary.h asks of a set: here a fast path for ordinary numbers, and a test for them.
  static constexpr bool has_scalef = false;
  /// Whether every |x| < limit; NaN is not.
  static bool all_below(Vec x, T limit) { return all_lanes(less(abs(x), set1(limit))); }
  /// Whether every x is a positive normal number.
  static bool all_normal(Vec x) {
    return all_lanes(less(set1(std::numeric_limits<T>::min()), x)) &&
           all_lanes(less(x, set1(std::numeric_limits<T>::infinity())));
  }
  /// x = 2^exponent fraction, 3/4 <= fraction < 3/2, of positive normal numbers.
  static void split(Vec x, Vec& exponent, Vec& fraction) {
    constexpr int kMantissaBits = std::numeric_limits<T>::digits - 1;
    const Mask n = (x.bits() - set1(T(0.75)).bits()) >> kMantissaBits;
    fraction = from_bits(x.bits() - (n << kMantissaBits));
    exponent = {__builtin_convertvector(n, Lanes)};
  }

  friend Vec bit_and(Vec a, Vec b) { return from_bits(a.bits() & b.bits()); }
  friend Vec bit_or(Vec a, Vec b) { return from_bits(a.bits() | b.bits()); }
  friend Vec add_bits(Vec a, Vec b) { return from_bits(a.bits() + b.bits()); }
  template <int kCount>
  static Vec shift_left(Vec a) {
    return from_bits(a.bits() << kCount);
  }

  /// Sum of the lanes by halves: lane i + lane i + width/2, and so on.
  friend T sum_lanes(Vec a) {
    T lane[width];
    a.store(lane);
    for (std::size_t half = width / 2; half > 0; half /= 2) {
      for (std::size_t i = 0; i < half; ++i) lane[i] += lane[i + half];
    }
    return lane[0];
  }

 private:
  Mask bits() const { return reinterpret_cast<Mask>(v); }
  static Vec from_bits(Mask m) { return {reinterpret_cast<Lanes>(m)}; }
};

}  // namespace
}  // namespace mlpbench::simd
