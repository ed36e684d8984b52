#include "core/data/random_state.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace mlpbench {
namespace {

/// Swaps of a shuffle whose targets are drawn and prefetched ahead.
constexpr std::size_t kAhead = 256;

/// Bytes that a second-level cache holds: values within are not asked for, which would cost 0.3 ns each.
constexpr std::size_t kNear = std::size_t{1} << 20;

}  // namespace

void RandomState::seed(std::uint32_t seed) {
  twister_.seed(seed);
  kept_normal_.reset();
}

double RandomState::random_sample() {
  const std::uint32_t high = twister_.next() >> 5;
  const std::uint32_t low = twister_.next() >> 6;
  return (high * 0x1p26 + low) * 0x1p-53;  // exact, so no rounding can differ from NumPy's division
}

void RandomState::random_sample(std::span<double> out) {
  for (double& value : out) value = random_sample();
}

double RandomState::uniform(double low, double high) {
  const double width = high - low;
  return low + width * random_sample();
}

void RandomState::skip_normal(std::size_t count) {
  if (count == 0) return;
  if (kept_normal_) {
    kept_normal_.reset();
    --count;
  }
  for (; count >= 2; count -= 2) {
    double x1, x2;
    draw_in_disc(x1, x2);
  }
  if (count == 1) standard_normal();
}

double RandomState::draw_in_disc(double& x1, double& x2) {
  double r2;
  do {
    x1 = 2.0 * random_sample() - 1.0;
    x2 = 2.0 * random_sample() - 1.0;
    r2 = x1 * x1 + x2 * x2;
  } while (r2 >= 1.0 || r2 == 0.0);
  return r2;
}

double RandomState::standard_normal() {
  if (kept_normal_) return *std::exchange(kept_normal_, std::nullopt);
  double x1, x2;
  const double r2 = draw_in_disc(x1, x2);
  const double f = std::sqrt(-2.0 * std::log(r2) / r2);
  kept_normal_ = f * x1;
  return f * x2;
}

void RandomState::standard_normal(std::span<double> out) {
  for (double& value : out) value = standard_normal();
}

std::uint64_t RandomState::bounded(std::uint64_t max) {
  if (max == 0) return 0;
  const std::uint64_t mask = ~std::uint64_t{0} >> std::countl_zero(max);
  const bool fits32 = max <= std::numeric_limits<std::uint32_t>::max();
  for (;;) {
    std::uint64_t word = twister_.next();
    if (!fits32) word = word << 32 | twister_.next();
    word &= mask;
    if (word <= max) return word;
  }
}

// NumPy's random_interval (numpy/random/src/distributions, legacy stream) for bounds that fall by one. bound
// ... mask / 2 + 1 share a mask. A word is accepted at most once, so `words` cannot fill more than their
// number of targets. Each is written, and the place moves on where it is accepted, without a branch.
std::size_t RandomState::draw_targets(std::uint32_t bound, std::size_t count,
                                      std::span<std::uint32_t> targets) {
  const std::uint32_t mask = ~std::uint32_t{0} >> std::countl_zero(bound);
  const std::span<const std::uint32_t> words = twister_.ahead();
  const std::size_t drawn = std::min({words.size(), targets.size(), count, std::size_t{bound - mask / 2}});
  std::uint32_t* next = targets.data();
  for (const std::uint32_t word : words.first(drawn)) {
    const std::uint32_t target = word & mask;
    *next = target;
    const bool accepted = target <= bound;
    next += accepted;
    bound -= accepted;
  }
  twister_.skip(drawn);
  return static_cast<std::size_t>(next - targets.data());
}

template <typename Index>
void RandomState::shuffle_steps(std::span<Index> values, std::size_t count) {
  if (values.empty()) return;
  std::size_t i = values.size() - 1;
  count = std::min(count, i);
  for (; count > 0 && i > std::numeric_limits<std::uint32_t>::max(); --count, --i) {
    std::swap(values[i], values[bounded(i)]);
  }
  std::uint32_t targets[kAhead];
  const bool far = values.size_bytes() > kNear;
  while (count > 0) {
    const std::size_t drawn = draw_targets(static_cast<std::uint32_t>(i), count, targets);
    for (std::size_t k = 0; far && k < drawn; ++k) __builtin_prefetch(&values[targets[k]], 1);
    for (std::size_t k = 0; k < drawn; ++k, --i) std::swap(values[i], values[targets[k]]);
    count -= drawn;
  }
}

void RandomState::shuffle(std::span<std::size_t> values) { shuffle_steps(values, values.size()); }

void RandomState::shuffle_last(std::span<std::uint32_t> values, std::size_t count) {
  shuffle_steps(values, count);
}

std::vector<std::size_t> RandomState::permutation(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffle(order);
  return order;
}

}  // namespace mlpbench
