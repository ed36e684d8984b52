#pragma once

#include <cstddef>

namespace mlpbench {

/// Asks the kernel for transparent huge pages under `bytes` at `p`, before they are first written. Random
/// reads of a large data set otherwise miss the translation buffers at every row. Below 4 MiB, and where the
/// kernel has none, nothing happens. The contents stay what they are. madvise(2), MADV_HUGEPAGE.
void advise_huge_pages(void* p, std::size_t bytes) noexcept;

}  // namespace mlpbench
