#include "bench/probes/probes.h"

#include <algorithm>
#include <stdexcept>

#include "bench/probes/kernel_table.h"
#include "core/matrix.h"
#include "support/kernel_files.h"

namespace mlpbench {
namespace {

/// What one thread reads: the half of a private cache, so that the stack and the other arrays stay in it too.
/// Threads share the last cache, and may share any. It is at most four times the cache before it. A virtual
/// machine names the whole cache of its host, 480 MiB, and has an unknown part of it.
std::size_t working_set(const std::vector<MemoryLevel>& levels, std::size_t l, std::size_t threads) {
  constexpr std::size_t kLeast = std::size_t{1} << 12, kMemory = std::size_t{1} << 26;
  const std::size_t largest_cache = levels.size() > 1 ? levels[levels.size() - 2].bytes : 0;
  if (levels[l].bytes == 0) return std::max(kMemory, std::min(4 * largest_cache, 4 * kMemory));
  const bool shared = l + 2 == levels.size();
  std::size_t bytes = levels[l].bytes / 2 / (shared ? threads : 1);
  if (shared && l > 0) bytes = std::min(bytes, 4 * levels[l - 1].bytes);
  return std::max(kLeast, bytes / kLeast * kLeast);
}

/// The memory of a level, an array for each thread, and the loops over it.
class LevelProbe {
 public:
  LevelProbe(std::size_t level, const ProbeOptions& options) : options_(options) {
    const std::vector<MemoryLevel> levels = memory_levels();
    if (level >= levels.size()) throw std::invalid_argument("there is no such level of memory");
    level_ = levels[level];
    bytes_ = working_set(levels, level, options.threads);
    for (std::size_t t = 0; t < options.threads; ++t) arrays_.emplace_back(bytes_ / sizeof(double));
  }

  Summary read() {
    const std::size_t size = arrays_[0].size();
    return measured_rate(
        options_, static_cast<double>(size * sizeof(double)),
        [&](std::size_t t, std::size_t n) { return kernels_.read(arrays_[t].data(), size, n); });
  }

  /// In thirds of the array, or in place in halves of it.
  Summary triad(bool in_place) {
    const std::size_t size = arrays_[0].size() / (in_place ? 2 : 3) / 64 * 64;
    return measured_rate(options_, static_cast<double>(3 * size * sizeof(double)),
                         [&](std::size_t t, std::size_t n) {
                           double* a = arrays_[t].data();
                           double* b = in_place ? a : a + size;
                           kernels_.triad(a, b, b + size, 0.5, size, n);
                           return a[0];
                         });
  }

  Bandwidth all() { return {level_, bytes_, read(), triad(false), triad(true)}; }

 private:
  ProbeOptions options_;
  MemoryLevel level_;
  std::size_t bytes_ = 0;
  std::vector<AlignedBuffer<double>> arrays_;
  const probes::KernelTable& kernels_ = probes::kernels_of(probed_isa(best_isa()));
};

}  // namespace

const probes::KernelTable& probes::kernels_of(Isa isa) {
  switch (isa) {
    case Isa::avx512:
      return avx512_kernels;
    case Isa::avx2:
      return avx2_kernels;
    case Isa::neon:
      return neon_kernels;
    case Isa::baseline:
      break;
  }
  return baseline_kernels;
}

std::string unusable_probe(Isa isa) {
  const std::string missing = missing_feature(isa);
  if (!missing.empty()) return "this CPU lacks " + missing;
  return probes::kernels_of(isa).read == nullptr ? "the compiler does not take its flags" : "";
}

Isa probed_isa(Isa isa) {
  while (isa != Isa::baseline && !unusable_probe(isa).empty())
    isa = static_cast<Isa>(static_cast<int>(isa) - 1);
  return isa;
}

Summary fma_peak(Isa isa, DType dtype, const ProbeOptions& options) {
  if (const std::string reason = unusable_probe(isa); !reason.empty()) throw std::invalid_argument(reason);
  const probes::KernelTable& kernels = probes::kernels_of(isa);
  // A repetition is many rounds, so that the call and the reading of the clock do not count.
  constexpr std::size_t kRounds = 4096;
  if (dtype == DType::float32) {
    return measured_rate(options, static_cast<double>(kRounds * kernels.flop_per_round_float32),
                         [&](std::size_t, std::size_t repetitions) {
                           return kernels.arithmetic_float32(kRounds * repetitions, 1.0F, 0.0F);
                         });
  }
  return measured_rate(options, static_cast<double>(kRounds * kernels.flop_per_round_float64),
                       [&](std::size_t, std::size_t repetitions) {
                         return kernels.arithmetic_float64(kRounds * repetitions, 1.0, 0.0);
                       });
}

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

std::vector<Bandwidth> memory_bandwidth(const ProbeOptions& options) {
  std::vector<Bandwidth> all;
  const std::size_t levels = memory_levels().size();
  for (std::size_t l = 0; l < levels; ++l) all.push_back(LevelProbe(l, options).all());
  return all;
}

Summary reading_bandwidth(std::size_t level, const ProbeOptions& options) {
  return LevelProbe(level, options).read();
}

}  // namespace mlpbench
