#include "bench/probes/memory.h"

#include <algorithm>
#include <stdexcept>

#include "bench/probes/fma.h"
#include "bench/probes/kernels.h"
#include "core/kernel_files.h"
#include "core/matrix.h"

namespace mlpbench {
namespace {

/// What one thread reads: the half of a private cache, so that the stack and the other arrays stay in it too.
/// Threads share the last cache, and may share any.
std::size_t working_set(const std::vector<MemoryLevel>& levels, std::size_t l, std::size_t threads) {
  constexpr std::size_t kLeast = std::size_t{1} << 12, kMemory = std::size_t{1} << 26;
  const std::size_t largest_cache = levels.size() > 1 ? levels[levels.size() - 2].bytes : 0;
  if (levels[l].bytes == 0) return std::max(kMemory, std::min(4 * largest_cache, 4 * kMemory));
  const bool shared = l + 2 == levels.size();
  const std::size_t half = levels[l].bytes / 2 / (shared ? threads : 1);
  return std::max(kLeast, half / kLeast * kLeast);
}

/// The three arrays of the triad; the reading loop runs over all of them as one.
struct Arrays {
  AlignedBuffer<double> memory;
  std::size_t third;

  explicit Arrays(std::size_t bytes) : memory(bytes / sizeof(double)), third(memory.size() / 3 / 64 * 64) {}
};

Bandwidth probe(const MemoryLevel& level, std::size_t bytes, ProbeOptions options,
                const probes::KernelTable& kernels) {
  std::vector<Arrays> arrays;
  for (std::size_t t = 0; t < options.threads; ++t) arrays.emplace_back(bytes);
  const std::size_t size = arrays[0].memory.size(), third = arrays[0].third;

  Bandwidth result{level, bytes, {}, {}};
  result.read = measured_rate(
      options, static_cast<double>(size * sizeof(double)),
      [&](std::size_t t, std::size_t n) { return kernels.read(arrays[t].memory.data(), size, n); });
  result.triad = measured_rate(options, static_cast<double>(3 * third * sizeof(double)),
                               [&](std::size_t t, std::size_t n) {
                                 double* a = arrays[t].memory.data();
                                 kernels.triad(a, a + third, a + 2 * third, 0.5, third, n);
                                 return a[0];
                               });
  return result;
}

}  // namespace

std::vector<MemoryLevel> memory_levels(const std::string& folder) {
  std::vector<MemoryLevel> levels;
  for (int index = 0;; ++index) {
    const std::string cache = folder + "/index" + std::to_string(index) + "/";
    const std::string type = first_line(cache + "type");
    if (type.empty()) break;
    const std::size_t bytes = cache_bytes(first_line(cache + "size"));
    if (type != "Instruction" && bytes > 0) levels.push_back({"L" + first_line(cache + "level"), bytes});
  }
  std::sort(levels.begin(), levels.end(),
            [](const MemoryLevel& a, const MemoryLevel& b) { return a.bytes < b.bytes; });
  levels.push_back({"memory", 0});
  return levels;
}

Bandwidth level_bandwidth(std::size_t level, const ProbeOptions& options) {
  Isa isa = best_isa();
  while (!unusable_probe(isa).empty()) isa = static_cast<Isa>(static_cast<int>(isa) - 1);
  const std::vector<MemoryLevel> levels = memory_levels();
  if (level >= levels.size()) throw std::invalid_argument("there is no such level of memory");
  return probe(levels[level], working_set(levels, level, options.threads), options, probes::kernels_of(isa));
}

std::vector<Bandwidth> memory_bandwidth(const ProbeOptions& options) {
  std::vector<Bandwidth> all;
  const std::size_t levels = memory_levels().size();
  for (std::size_t l = 0; l < levels; ++l) all.push_back(level_bandwidth(l, options));
  return all;
}

}  // namespace mlpbench
