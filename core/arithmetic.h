#pragma once

#include <cstddef>

namespace mlpbench {

/// n / size, rounded up.
constexpr std::size_t ceil_div(std::size_t n, std::size_t size) noexcept { return (n + size - 1) / size; }

/// n, rounded up to a multiple of `to`.
constexpr std::size_t round_up(std::size_t n, std::size_t to) noexcept { return ceil_div(n, to) * to; }

}  // namespace mlpbench
