#include "backends/libxsmm/kernels.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace mlpbench {
namespace {

template <typename T>
ProductKernels<T> compile(const ProductShape& shape) {
  const T alpha = 1, beta = (shape.gemm_flags & LIBXSMM_GEMM_FLAG_BETA_0) != 0 ? T{0} : T{1};
  const libxsmm_blasint lda = shape.copies_A ? shape.m : shape.lda;
  const int prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
  ProductKernels<T> kernels;
  if constexpr (std::is_same_v<T, float>) {
    kernels.multiply = libxsmm_smmdispatch(shape.m, shape.n, shape.k, &lda, &shape.ldb, &shape.ldc, &alpha,
                                           &beta, &shape.gemm_flags, &prefetch);
  } else {
    kernels.multiply = libxsmm_dmmdispatch(shape.m, shape.n, shape.k, &lda, &shape.ldb, &shape.ldc, &alpha,
                                           &beta, &shape.gemm_flags, &prefetch);
  }
  if (shape.copies_A) {
    const auto size = [](libxsmm_blasint n) { return static_cast<unsigned>(n); };
    libxsmm_descriptor_blob blob;
    kernels.transpose = libxsmm_dispatch_trans(
        libxsmm_trans_descriptor_init(&blob, sizeof(T), size(shape.k), size(shape.m), size(shape.m)));
  }
  return kernels;
}

/// Two sizes in each word; the products' upper bits depend on all lower ones.
std::size_t bucket_of(const ProductShape& shape, int bits) {
  const auto word = [](int high, int low) {
    return std::uint64_t{static_cast<std::uint32_t>(high)} << 32 | static_cast<std::uint32_t>(low);
  };
  const std::uint64_t sum = word(shape.m, shape.n) * 0x9e3779b97f4a7c15u +
                            word(shape.k, shape.lda) * 0xc2b2ae3d27d4eb4fu +
                            word(shape.ldb, shape.ldc) * 0x165667b19e3779f9u +
                            word(shape.gemm_flags, shape.copies_A) * 0x27d4eb2f165667c5u;
  return static_cast<std::size_t>(sum >> (64 - bits));
}

}  // namespace

template <typename T>
const ProductKernels<T>& kernels_of(const ProductShape& shape) {
  // Chains that only grow, at the front: a reader needs no lock, and an entry stays where it is.
  struct Entry {
    ProductShape shape;
    ProductKernels<T> kernels;
    const Entry* next;
  };
  constexpr int kBits = 10;
  static std::array<std::atomic<const Entry*>, 1 << kBits> buckets;
  std::atomic<const Entry*>& first = buckets[bucket_of(shape, kBits)];
  for (const Entry* entry = first.load(std::memory_order_acquire); entry != nullptr; entry = entry->next) {
    if (entry->shape == shape) return entry->kernels;
  }
  auto* const entry = new Entry{shape, compile<T>(shape), first.load(std::memory_order_relaxed)};
  while (!first.compare_exchange_weak(entry->next, entry, std::memory_order_release)) {
  }
  return entry->kernels;
}

template const ProductKernels<float>& kernels_of<float>(const ProductShape&);
template const ProductKernels<double>& kernels_of<double>(const ProductShape&);

}  // namespace mlpbench
