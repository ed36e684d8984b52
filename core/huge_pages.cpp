#include "core/huge_pages.h"

#include <sys/mman.h>

#include <cstdint>

namespace mlpbench {

void advise_huge_pages(void* p, std::size_t bytes) noexcept {
  constexpr std::size_t kLeast = std::size_t{4} << 20, kPage = 4096;
  if (bytes < kLeast) return;
  const std::size_t skipped = -reinterpret_cast<std::uintptr_t>(p) % kPage;
  madvise(static_cast<std::byte*>(p) + skipped, (bytes - skipped) / kPage * kPage, MADV_HUGEPAGE);
}

}  // namespace mlpbench
