#include "core/data/random_state.h"

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace mlpbench {

void RandomState::seed(std::uint32_t seed) {
  engine_.seed(seed);
  kept_normal_.reset();
}

double RandomState::random_sample() {
  const std::uint32_t high = next32() >> 5;
  const std::uint32_t low = next32() >> 6;
  return (high * 0x1p26 + low) * 0x1p-53;  // exact, so no rounding can differ from NumPy's division
}

void RandomState::random_sample(std::span<double> out) {
  for (double& value : out) value = random_sample();
}

double RandomState::uniform(double low, double high) {
  const double width = high - low;
  return low + width * random_sample();
}

double RandomState::standard_normal() {
  if (kept_normal_) return *std::exchange(kept_normal_, std::nullopt);
  double x1, x2, r2;
  do {
    x1 = 2.0 * random_sample() - 1.0;
    x2 = 2.0 * random_sample() - 1.0;
    r2 = x1 * x1 + x2 * x2;
  } while (r2 >= 1.0 || r2 == 0.0);
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
    std::uint64_t word = next32();
    if (!fits32) word = word << 32 | next32();
    word &= mask;
    if (word <= max) return word;
  }
}

void RandomState::shuffle(std::span<std::size_t> values) {
  for (std::size_t i = values.size(); i-- > 1;) std::swap(values[i], values[bounded(i)]);
}

std::vector<std::size_t> RandomState::permutation(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffle(order);
  return order;
}

}  // namespace mlpbench
