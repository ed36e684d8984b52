#pragma once

#include <cstddef>

namespace mlpbench::test {

/// How often this program, with the libraries that it uses, has asked for memory. It counts malloc, calloc,
/// realloc and the aligned ones; operator new ends in them. All threads count.
std::size_t allocations() noexcept;

/// How much it has asked for, in bytes; what was given back is not taken off.
std::size_t allocated_bytes() noexcept;

/// Whether allocations() counts. Not where a sanitizer has put its own malloc, and not without the GNU C
/// library.
bool counts_allocations() noexcept;

}  // namespace mlpbench::test
