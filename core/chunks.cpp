#include "core/chunks.h"

#include <algorithm>
#include <bit>

namespace mlpbench {
namespace {

/// Elements: half a megabyte of float32.
constexpr std::size_t kCached = 128 * 1024;

constexpr std::size_t kFewest = 256, kMost = 1024;

constexpr std::size_t parts(std::size_t n, std::size_t size) { return (n + size - 1) / size; }

}  // namespace

std::size_t Chunks::most_samples(const NetworkSpec& network) noexcept {
  std::size_t units = 0;
  for (const LayerSpec& layer : network.layers) units += layer.units;
  const std::size_t cached = kCached / std::max<std::size_t>(2 * units, 1);
  return cached < kFewest ? kMost : std::min(std::bit_floor(cached), kMost);
}

// The last chunk is never empty: (count - 1) * width <= (count - 1) * most_samples() < batch.
Chunks::Chunks(const NetworkSpec& network, std::size_t batch) noexcept
    : batch_(batch),
      count_(std::max<std::size_t>(parts(batch, most_samples(network)), 1)),
      width_(parts(parts(batch, count_), kBlockSamples) * kBlockSamples) {}

}  // namespace mlpbench
