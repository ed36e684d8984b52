// The probes compute what they say and report what they measured; how fast is no test.

#include <atomic>
#include <cmath>
#include <filesystem>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include "bench/probes/ceilings.h"
#include "bench/probes/kernel_table.h"
#include "core/matrix.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

constexpr ProbeOptions kShort{.threads = 1, .trials = 3, .seconds_per_trial = 1e-5};

void check_rate(const Summary& rate) {
  CHECK(rate.lowest > 0.0);
  CHECK(rate.lowest <= rate.median);
  CHECK(rate.median <= rate.highest);
  CHECK(std::isfinite(rate.highest));
}

/// The number of chains follows from the flop of a round, `each` of an element.
template <typename T>
void check_arithmetic(Isa isa, double (*arithmetic)(std::size_t, T, T), std::size_t flop_per_round) {
  const bool fused = isa != Isa::baseline;
  const std::size_t width = (isa == Isa::avx512 ? 64 : isa == Isa::avx2 ? 32 : 16) / sizeof(T);
  const std::size_t chains = flop_per_round / width / (fused ? 2 : 1);
  // Chain i starts at i + 1; three rounds of x = 2 x + 1 make it 8 x + 7. The baseline doubles the even
  // chains and adds 1 to the odd ones.
  double expected = 0.0;
  for (std::size_t i = 0; i < chains; ++i) {
    const double x = static_cast<double>(i + 1);
    expected += static_cast<double>(width) * (fused ? 8 * x + 7 : i % 2 == 0 ? 8 * x : x + 3);
  }
  CHECK(arithmetic(3, T{2}, T{1}) == expected);
}

}  // namespace

TEST_CASE("the loops of the probes do all of the work that is counted") {
  for (const Isa isa : known_isas()) {
    if (!unusable_probe(isa).empty()) continue;
    INFO(to_string(isa));
    const probes::KernelTable& kernels = probes::kernels_of(isa);
    check_arithmetic<float>(isa, kernels.arithmetic_float32, kernels.flop_per_round_float32);
    check_arithmetic<double>(isa, kernels.arithmetic_float64, kernels.flop_per_round_float64);

    constexpr std::size_t kSize = 192;
    AlignedBuffer<double> a(kSize), b(kSize), c(kSize);
    for (std::size_t j = 0; j < kSize; ++j) {
      // Every number is read: the bits of a single one come back, after an odd number of times.
      b.data()[j] = 1.5;
      CHECK(kernels.read(b.data(), kSize, 3) == 1.5);
      b.data()[j] = 0.0;
    }
    for (std::size_t j = 0; j < kSize; ++j) {
      b.data()[j] = static_cast<double>(j), c.data()[j] = static_cast<double>(2 * j + 1);
    }
    kernels.triad(a.data(), b.data(), c.data(), 0.5, kSize, 1);
    for (std::size_t j = 0; j < kSize; ++j) REQUIRE(a.data()[j] == b.data()[j] + 0.5 * c.data()[j]);
  }
}

TEST_CASE("an FMA probe gives a positive rate, on one and on two threads, or the reason why not") {
  for (const Isa isa : known_isas()) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      INFO(to_string(isa) << " " << to_string(dtype));
      if (!unusable_probe(isa).empty()) {
        CHECK_THROWS_AS(fma_peak(isa, dtype, kShort), std::invalid_argument);
        continue;
      }
      check_rate(fma_peak(isa, dtype, kShort));
      ProbeOptions two = kShort;
      two.threads = 2;
      check_rate(fma_peak(isa, dtype, two));
    }
  }
  CHECK(unusable_probe(Isa::baseline) == "");
  const ScopedVariable hidden("MLPBENCH_MAX_ISA", "baseline");
  const bool arm = architecture() == "aarch64";
  CHECK(unusable_probe(arm ? Isa::neon : Isa::avx2)
            .starts_with(arm ? "this CPU lacks NEON (hidden" : "this CPU lacks AVX2"));
  CHECK(unusable_probe(arm ? Isa::avx2 : Isa::neon) ==
        std::string("this CPU lacks ") + (arm ? "x86-64" : "aarch64"));
  CHECK(Ceilings().best() == Isa::baseline);
}

TEST_CASE("every thread of a probe runs the body, as often as every other") {
  std::mutex mutex;
  std::set<std::size_t> threads;
  std::set<std::thread::id> ids;
  const Summary rate = measured_rate({.threads = 3, .trials = 2, .seconds_per_trial = 0.0}, 10.0,
                                     [&](std::size_t thread, std::size_t repetitions) {
                                       const std::lock_guard lock(mutex);
                                       threads.insert(thread);
                                       ids.insert(std::this_thread::get_id());
                                       return static_cast<double>(repetitions);
                                     });
  check_rate(rate);
  CHECK(threads == std::set<std::size_t>{0, 1, 2});
  CHECK(ids.size() >= 3);
  const ProbeBody nothing = [](std::size_t, std::size_t) { return 0.0; };
  CHECK_THROWS_AS(measured_rate({.threads = 0}, 1.0, nothing), std::invalid_argument);
  CHECK_THROWS_AS(measured_rate({.threads = 1, .trials = 0}, 1.0, nothing), std::invalid_argument);
}

TEST_CASE("the levels of memory are the data caches that the system names, then memory") {
  const TemporaryFolder folder;
  const auto cache = [&](const std::string& index, const char* level, const char* type, const char* size) {
    std::filesystem::create_directory(folder.file(index));
    folder.write(index + "/level", level);
    folder.write(index + "/type", type);
    folder.write(index + "/size", size);
  };
  cache("index0", "1\n", "Data\n", "48K\n");
  cache("index1", "1\n", "Instruction\n", "32K\n");
  cache("index2", "2\n", "Unified\n", "2M\n");
  cache("index3", "3\n", "Unified\n", "33554432\n");
  const std::vector<MemoryLevel> levels = memory_levels(folder.path());
  REQUIRE(levels.size() == 4);
  CHECK(levels[0].name == "L1");
  CHECK(levels[0].bytes == 48U << 10);
  CHECK(levels[1].name == "L2");
  CHECK(levels[1].bytes == 2U << 20);
  CHECK(levels[2].name == "L3");
  CHECK(levels[2].bytes == 32U << 20);
  CHECK(levels[3].name == "memory");
  CHECK(levels[3].bytes == 0);

  const std::vector<MemoryLevel> unknown = memory_levels(folder.file("none"));
  REQUIRE(unknown.size() == 1);
  CHECK(unknown[0].name == "memory");
}

TEST_CASE("every level has a bandwidth, and a footprint is looked up in the fastest that holds it") {
  const std::vector<Bandwidth> all = memory_bandwidth(kShort);
  REQUIRE(all.size() == memory_levels().size());
  for (const Bandwidth& level : all) {
    INFO(level.level.name);
    check_rate(level.read);
    check_rate(level.triad);
    check_rate(level.in_place);
    CHECK(level.working_set > 0);
    if (level.level.bytes > 0) CHECK(level.working_set <= level.level.bytes);
    // In the part of the last cache that a virtual machine really has.
    const bool is_last = all.size() > 2 && &level + 1 == &all.back();
    if (is_last) CHECK(level.working_set <= 4 * (&level - 1)->level.bytes);
  }
  const Ceilings ceilings;
  for (const Bandwidth& level : ceilings.bandwidth()) {
    const double bytes = level.level.bytes > 0 ? static_cast<double>(level.level.bytes) : 1e15;
    CHECK(ceilings.level_of(bytes).level.name == level.level.name);
  }
  check_rate(memory_bandwidth({.threads = 2, .trials = 1, .seconds_per_trial = 1e-5}).front().read);
}

TEST_CASE("a peak is the best of its probes, for each instruction set, precision and number of threads") {
  const Ceilings peaks;
  CHECK_FALSE(peaks.flops(Isa::baseline, DType::float32, 1));
  peaks.probe(Isa::baseline, DType::float32, 1);
  const std::optional<double> first = peaks.flops(Isa::baseline, DType::float32, 1);
  REQUIRE(first);
  CHECK(*first > 1e8);
  for (int i = 0; i < 3; ++i) {
    const double before = *peaks.flops(Isa::baseline, DType::float32, 1);
    peaks.probe(Isa::baseline, DType::float32, 1);
    CHECK(*peaks.flops(Isa::baseline, DType::float32, 1) >= before);
  }
  CHECK_FALSE(peaks.flops(Isa::baseline, DType::float64, 1));
  CHECK_FALSE(peaks.flops(Isa::baseline, DType::float32, 2));
  peaks.probe(Isa::baseline, DType::float32, 2);
  CHECK(peaks.flops(Isa::baseline, DType::float32, 2) > 1e8);
  if (!unusable_probe(Isa::avx512).empty()) {
    peaks.probe(Isa::avx512, DType::float32, 1);
    CHECK_FALSE(peaks.flops(Isa::avx512, DType::float32, 1));
  }
}
