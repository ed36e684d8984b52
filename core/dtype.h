#pragma once

#include <cstddef>
#include <string_view>

namespace mlpbench {

/// The precision of a run.
enum class DType { float32, float64 };

constexpr std::string_view to_string(DType dtype) noexcept {
  return dtype == DType::float32 ? "float32" : "float64";
}

/// That of T, float or double.
template <typename T>
inline constexpr DType kDTypeOf = sizeof(T) == sizeof(float) ? DType::float32 : DType::float64;

/// 4 or 8.
constexpr std::size_t element_bytes(DType dtype) noexcept {
  return dtype == DType::float32 ? sizeof(float) : sizeof(double);
}

}  // namespace mlpbench
