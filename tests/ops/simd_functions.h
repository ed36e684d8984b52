#pragma once

#include <vector>

#include "backends/registry.h"
#include "tests/ops/elementary.h"

namespace mlpbench::test {

/// exp, log, tanh and sigmoid of a SIMD backend's kernels by themselves, to 2 units in the last place. Empty
/// for the other backends.
template <typename T>
std::vector<Elementary<T>> simd_functions(const BackendEntry& backend);

}  // namespace mlpbench::test
