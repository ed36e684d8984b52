#include "bench/simulation/shared_memory.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <system_error>

namespace mlpbench {
namespace {

/// Larger buffers are rare and get memory of their own.
constexpr std::size_t kLeast = std::size_t{128} << 10, kMost = std::size_t{64} << 20;

/// In front of every aligned array: how to free it. As large as the largest alignment, which is a page's for
/// what is shared.
struct Header {
  void* start;
  std::size_t mapped;  ///< bytes; 0: malloc's
};

int shared_file = -1;

}  // namespace

SharedMemory::SharedMemory() {
  shared_file = ::memfd_create("shared buffers", MFD_CLOEXEC);
  if (shared_file < 0 || ::ftruncate(shared_file, static_cast<off_t>(kMost)) != 0)
    throw std::system_error(errno, std::generic_category(), "memory of the simulated ranks");
}

SharedMemory::~SharedMemory() {
  ::close(shared_file);
  shared_file = -1;
}

}  // namespace mlpbench

// The program's own aligned new: AlignedBuffer is the only one that calls it with so many bytes.
void* operator new(std::size_t size, std::align_val_t alignment) {
  using namespace mlpbench;
  constexpr std::size_t kPage = 4096;
  const auto align = static_cast<std::size_t>(alignment);
  if (shared_file >= 0 && size >= kLeast && size + kPage <= kMost && align <= kPage) {
    void* const start = ::mmap(nullptr, size + kPage, PROT_READ | PROT_WRITE,
                               MAP_SHARED | MAP_NORESERVE | MAP_POPULATE, shared_file, 0);
    if (start == MAP_FAILED) throw std::bad_alloc();
    // The page of the header must be its own.
    void* const own =
        ::mmap(start, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (own == MAP_FAILED) throw std::bad_alloc();
    std::byte* const data = static_cast<std::byte*>(start) + kPage;
    ::new (data - sizeof(Header)) Header{start, size + kPage};
    return data;
  }
  const std::size_t room = align > sizeof(Header) ? align : (sizeof(Header) + align - 1) / align * align;
  void* const start = std::aligned_alloc(align, (size + room + align - 1) / align * align);
  if (start == nullptr) throw std::bad_alloc();
  std::byte* const data = static_cast<std::byte*>(start) + room;
  ::new (data - sizeof(Header)) Header{start, 0};
  return data;
}

void operator delete(void* data, std::align_val_t) noexcept {
  if (data == nullptr) return;
  const auto* const header =
      reinterpret_cast<const mlpbench::Header*>(static_cast<std::byte*>(data) - sizeof(mlpbench::Header));
  header->mapped == 0 ? std::free(header->start) : static_cast<void>(::munmap(header->start, header->mapped));
}

void operator delete(void* data, std::size_t, std::align_val_t alignment) noexcept {
  operator delete(data, alignment);
}
