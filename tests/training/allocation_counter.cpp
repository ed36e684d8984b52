#include "tests/training/allocation_counter.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MLPBENCH_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define MLPBENCH_SANITIZED 1
#endif
#endif

namespace mlpbench::test {
namespace {

std::atomic<std::size_t> count = 0, bytes = 0;

}  // namespace

std::size_t allocations() noexcept { return count; }
std::size_t allocated_bytes() noexcept { return bytes; }

#if defined(__GLIBC__) && !defined(MLPBENCH_SANITIZED)
bool counts_allocations() noexcept { return true; }
void count_one(std::size_t size) noexcept {
  ++count;
  bytes += size;
}
#else
bool counts_allocations() noexcept { return false; }
#endif

}  // namespace mlpbench::test

#if defined(__GLIBC__) && !defined(MLPBENCH_SANITIZED)

// A definition in the program goes before that of the C library, for the shared libraries too. The names that
// the C library keeps for this purpose do the work.
extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) noexcept {
  mlpbench::test::count_one(size);
  return __libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) noexcept {
  mlpbench::test::count_one(number * size);
  return __libc_calloc(number, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  mlpbench::test::count_one(size);
  return __libc_realloc(memory, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  mlpbench::test::count_one(size);
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  mlpbench::test::count_one(size);
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  mlpbench::test::count_one(size);
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr && size > 0 ? ENOMEM : 0;
}

}  // extern "C"

#endif
