#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "backends/registry.h"

namespace mlpbench::test {

/// Everything in which `backend` breaks the contract of core/backend.h, one line each, at most `limit` of
/// them. A line has the operation, the shape, and where the result differs from that of the naive backend.
/// Empty for a right backend. An access outside of a matrix may end the process instead.
///
/// The same check is run on every usable backend (test_conformance.cpp) and on backends that are wrong on
/// purpose (test_wrong_backends.cpp). So it is known what it cannot see.
///
/// `exceptions`: what the library behind the backend breaks. If it skips factors of zero, NaN and infinity
/// must propagate through the others. If it rounds by placement, bits may change with it; values are compared
/// with the reference in all placements.
template <typename T>
std::vector<std::string> conformance_failures(const Backend<T>& backend, std::size_t limit = 10,
                                              const Exceptions& exceptions = {});

/// Everything in which `backend` breaks what core/backend.h promises of blocks, as above. For backends whose
/// entry says block_invariant.
template <typename T>
std::vector<std::string> block_failures(const Backend<T>& backend, std::size_t limit = 10);

}  // namespace mlpbench::test
