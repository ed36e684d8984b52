#pragma once

#include <cstddef>
#include <initializer_list>

namespace mlpbench::test {

/// To loop over: `for (const std::size_t batch : Sizes{1, 7, 32})`.
using Sizes = std::initializer_list<std::size_t>;

}  // namespace mlpbench::test
