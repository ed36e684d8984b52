#include "tests/support/guarded_buffer.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <map>
#include <new>

namespace mlpbench::test {
namespace {

std::size_t page_size() {
  static const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  return size;
}

/// Guarded pages that are not in use, by their size. Mapping new ones for every operand of some 100 000 calls
/// would take longer than the calls. The tests that use them have one thread.
std::map<std::size_t, std::vector<std::byte*>>& spare_pages() {
  static std::map<std::size_t, std::vector<std::byte*>> pages;
  return pages;
}

std::byte* map_pages(std::size_t bytes) {
  const std::size_t page = page_size();
  void* mapping = mmap(nullptr, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapping == MAP_FAILED) throw std::bad_alloc();
  std::byte* begin = static_cast<std::byte*>(mapping) + page;
  if (mprotect(begin, bytes, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  return begin;
}

}  // namespace

GuardedPages::GuardedPages(std::size_t bytes)
    : bytes_(std::max<std::size_t>(1, (bytes + page_size() - 1) / page_size()) * page_size()) {
  std::vector<std::byte*>& spare = spare_pages()[bytes_];
  if (spare.empty()) {
    begin_ = map_pages(bytes_);
  } else {
    begin_ = spare.back();
    spare.pop_back();
  }
}

GuardedPages::~GuardedPages() { spare_pages()[bytes_].push_back(begin_); }

std::span<const Placement> all_placements() {
  using enum Placement::Where;
  static constexpr std::array placements = {
      Placement{cache_lines, 0, 0}, Placement{at_end, 0, 0},   Placement{at_start, 0, 0},
      Placement{off_line, 1, 0},    Placement{at_end, 0, 1},   Placement{cache_lines, 0, 16},
      Placement{off_line, 3, 5},    Placement{at_start, 0, 7}, Placement{off_line, 2, 8},
  };
  return placements;
}

std::string to_string(const Placement& placement) {
  const std::string padding = ", rows " + std::to_string(placement.padding) + " elements apart";
  switch (placement.where) {
    case Placement::Where::cache_lines:
      return "on cache lines" + padding;
    case Placement::Where::at_end:
      return "before an unmapped page" + padding;
    case Placement::Where::at_start:
      return "behind an unmapped page" + padding;
    case Placement::Where::off_line:
      break;
  }
  return std::to_string(placement.offset) + " elements off a cache line" + padding;
}

}  // namespace mlpbench::test
