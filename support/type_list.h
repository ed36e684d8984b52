#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>

namespace mlpbench {

/// Types that are listed in one place, and counted from 0. Kernels use it: nothing in here becomes a symbol
/// of its own.
template <typename First, typename... Rest>
struct TypeList {
  static constexpr std::size_t size = 1 + sizeof...(Rest);

  template <std::size_t kIndex>
  using At = std::tuple_element_t<kIndex, std::tuple<First, Rest...>>;

  /// The position of a type that is listed.
  template <typename Type>
  static constexpr std::size_t index() {
    if constexpr (std::is_same_v<Type, First>) {
      return 0;
    } else {
      return 1 + TypeList<Rest...>::template index<Type>();
    }
  }

  /// 0, 1, ..., as values of an enumeration.
  template <typename Enum>
  static constexpr std::array<Enum, size> values() {
    std::array<Enum, size> all{};
    for (std::size_t i = 0; i < size; ++i) all[i] = static_cast<Enum>(i);
    return all;
  }

  /// body(Type{}) for the type at `index`, which must be less than size: a switch outside of a loop.
  template <typename Body>
  [[gnu::always_inline]] static constexpr decltype(auto) visit(std::size_t index, Body&& body) {
    if constexpr (sizeof...(Rest) > 0) {
      if (index != 0) return TypeList<Rest...>::visit(index - 1, body);
    }
    return body(First{});
  }
};

}  // namespace mlpbench
