#include <sys/mman.h>

#include <fstream>
#include <numeric>
#include <sstream>
#include <string>

#include "core/training/batch.h"
#include "core/training/gather.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/support/skip.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

/// Gathers columns [first, first + count) of a batch from `rows` samples, whose numbers all differ.
template <typename T>
void check_gather(std::size_t features, std::size_t outputs, std::size_t rows, std::size_t first,
                  std::size_t count, std::size_t next = 0) {
  CAPTURE(sizeof(T), features, outputs, rows, first, count, next);
  Matrix<T> data(rows, gathered_stride<T>(features + outputs));
  for (std::size_t n = 0; n < rows; ++n) {
    for (std::size_t j = 0; j < features + outputs; ++j) data(n, j) = static_cast<T>(n * 100 + j + 1);
  }
  std::vector<std::uint32_t> samples(count + next);
  for (std::size_t n = 0; n < count + next; ++n)
    samples[n] = static_cast<std::uint32_t>((n * 7919 + 3) % rows);
  Batch<T> batch(features, outputs, first + count + 1);
  const std::span<const std::uint32_t> known(samples);
  gather_rows(data, known.first(count), first, batch.rows().view(), known.subspan(count));
  const MatrixView<T> X = batch.X(), Y = batch.Y();
  REQUIRE(X.rows == features);
  REQUIRE(Y.rows == outputs);
  const auto expected = [&](std::size_t column, std::size_t j) {
    return column < first || column == first + count ? T{0}
                                                     : static_cast<T>(samples[column - first] * 100 + j + 1);
  };
  bool right = true;
  for (std::size_t n = 0; n <= first + count; ++n) {
    for (std::size_t j = 0; j < features; ++j) right = right && X(j, n) == expected(n, j);
    for (std::size_t j = 0; j < outputs; ++j) right = right && Y(j, n) == expected(n, features + j);
  }
  CHECK(right);
}

/// The flags of the mapping that holds `p`, from /proc/self/smaps.
std::string mapping_flags(const void* p) {
  const auto address = reinterpret_cast<std::uintptr_t>(p);
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0, end = 0;
    char dash = 0;
    std::istringstream range(line);
    if (range >> std::hex >> begin >> dash >> end && dash == '-') inside = begin <= address && address < end;
    if (inside && line.starts_with("VmFlags:")) return line + " ";
  }
  return {};
}

/// Whether /proc/self/smaps shows that huge pages were asked for. An emulator drops the advice.
bool shows_advice() {
  constexpr std::size_t kBytes = std::size_t{4} << 20;
  void* const p = mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(p != MAP_FAILED);
  REQUIRE(madvise(p, kBytes, MADV_HUGEPAGE) == 0);
  const bool shown = mapping_flags(p).find(" hg ") != std::string::npos;
  munmap(p, kBytes);
  return shown;
}

}  // namespace

TEST_CASE("gathered columns are the samples, and no other column is written") {
  for (const std::size_t features : Sizes{1, 2, 3, 4, 5, 13, 28, 64}) {
    for (const std::size_t outputs : Sizes{1, 2, 10}) {
      for (const std::size_t count : Sizes{0, 1, 7, 8, 9, 32, 45}) {
        for (const std::size_t first : Sizes{0, 3}) {
          check_gather<float>(features, outputs, 100, first, count);
          check_gather<double>(features, outputs, 100, first, count);
        }
      }
    }
  }
  check_gather<float>(28, 1, 10'000, 0, 1000);  // more than a second-level cache: prefetched
  check_gather<double>(28, 1, 10'000, 5, 39);
  check_gather<double>(28, 1, 10'000, 0, 33, 100);
}

TEST_CASE("more samples than 32 bits can number are refused") {
  Example example(10);
  example.data = {Matrix<double>(std::size_t{1} << 32, 0), Matrix<double>(std::size_t{1} << 32, 0)};
  for (const TrainerEntry& trainer : all_trainers()) {
    if (!trainer.uses_batches) continue;
    INFO(trainer.name);
    TrainingOptions options;
    options.batch_size = 32;
    CHECK_THROWS_AS(train(trainer.name, reference_backend<double>(), example, options), UserError);
  }
}

TEST_CASE("large buffers ask for huge pages, small ones do not") {
  if (!std::ifstream("/sys/kernel/mm/transparent_hugepage/enabled")) return;  // a kernel without them
  const AlignedBuffer<float> large(std::size_t{16} << 20), small(1000);
  if (!shows_advice())
    return skip("/proc/self/smaps does not show that huge pages were asked for, as under an emulator");
  CHECK(mapping_flags(large.data() + large.size() / 2).find(" hg ") != std::string::npos);
  CHECK(mapping_flags(small.data()).find(" hg ") == std::string::npos);
}

}  // namespace mlpbench::test
