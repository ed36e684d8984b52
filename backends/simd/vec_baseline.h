// Vec<T> for any machine: sixteen bytes of lanes as a compiler vector, what every x86-64 and ARM64 has. The
// elementwise work of the blas backend runs on it; products do not, and fma() here is rounded twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace mlpbench::simd {
namespace {

template <typename T>
struct Vec {
  using Scalar = T;
  using Bits = std::conditional_t<sizeof(T) == 4, std::int32_t, std::int64_t>;
  typedef T Lanes __attribute__((vector_size(16)));
  typedef Bits Mask __attribute__((vector_size(16)));
  typedef std::make_unsigned_t<Bits> UnsignedMask __attribute__((vector_size(16)));
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

  friend Vec bit_and(Vec a, Vec b) { return from_bits(a.bits() & b.bits()); }
  friend Vec bit_or(Vec a, Vec b) { return from_bits(a.bits() | b.bits()); }
  friend Vec add_bits(Vec a, Vec b) { return from_bits(a.bits() + b.bits()); }
  template <int kCount>
  static Vec shift_left(Vec a) {
    return from_bits(a.bits() << kCount);
  }
  template <int kCount>
  static Vec shift_right(Vec a) {
    return from_bits(reinterpret_cast<Mask>(reinterpret_cast<UnsignedMask>(a.bits()) >> kCount));
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
