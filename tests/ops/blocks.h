#pragma once

#include <string>
#include <vector>

#include "core/backend.h"

namespace mlpbench::test {

/// Everything in which `backend` breaks what core/backend.h promises of blocks, one line each, at most
/// `limit` of them. For backends whose entry says block_invariant.
template <typename T>
std::vector<std::string> block_failures(const Backend<T>& backend, std::size_t limit = 10);

}  // namespace mlpbench::test
