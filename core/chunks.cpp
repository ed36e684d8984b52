#include "core/chunks.h"

#include <algorithm>
#include <bit>

namespace mlpbench {
namespace {

/// Elements: 320 KiB of float32, 640 KiB of float64.
constexpr std::size_t kCached = 80 * 1024;

constexpr std::size_t kMin = 256, kMax = 1024;

/// Threads that get equal shares, where there are as many chunks.
constexpr std::size_t kSharers = 16;

constexpr std::size_t shareable(std::size_t chunks) {
  return chunks <= kSharers ? std::bit_ceil(chunks) : round_up(chunks, kSharers);
}

}  // namespace

std::size_t Chunks::most_samples(const NetworkSpec& network) noexcept {
  const std::size_t cached = kCached / std::max<std::size_t>(2 * network.unit_count(), 1);
  return cached < kMin ? kMax : std::min(std::bit_floor(cached), kMax);
}

Chunks::Chunks(const NetworkSpec& network, std::size_t batch) noexcept
    : batch_(batch),
      count_(shareable(ceil_div(batch, most_samples(network)))),
      width_(round_up(ceil_div(batch, count_), kBlockSamples)) {
  count_ = std::max<std::size_t>(ceil_div(batch, std::max<std::size_t>(width_, 1)), 1);  // but for empty ones
}

}  // namespace mlpbench
