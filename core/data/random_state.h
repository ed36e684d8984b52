#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/data/mersenne_twister.h"

namespace mlpbench {

/// NumPy's legacy generator, `numpy.random.RandomState`, bit for bit: the same seed gives the same doubles,
/// Gaussians and permutations. NumPy has frozen these streams (NEP 19), so they are a reference that does not
/// move.
///
/// The state is a 32-bit Mersenne Twister and at most one Gaussian kept for later. A copy continues exactly
/// where the original stands. One object must not be used by two threads at once.
///
/// The Gaussians need sums and products that are rounded one by one. random_state.cpp is therefore compiled
/// with -ffp-contract=off; a fused x1*x1 + x2*x2 changes about every eighth of them. They also need the C
/// library's log (NumPy calls it too).
class RandomState {
 public:
  /// The state of `numpy.random.RandomState(seed)` and of `numpy.random.seed(seed)`.
  explicit RandomState(std::uint32_t seed) : twister_(seed) {}

  /// Starts the stream of `seed` afresh; a kept Gaussian is forgotten.
  void seed(std::uint32_t seed);

  /// A double in [0, 1): (a * 2^26 + b) / 2^53. a is the upper 27 bits of one word and b the upper 26 bits of
  /// the next. `random_sample()`, `rand()`.
  double random_sample();

  /// Fills `out` in order: `random_sample(out.size())`.
  void random_sample(std::span<double> out);

  /// low + (high - low) * random_sample(), each operation rounded. `uniform(low, high)`.
  double uniform(double low, double high);

  /// A Gaussian of mean 0 and variance 1 by Marsaglia's polar method. Pairs x1, x2 = 2u - 1 are drawn until 0
  /// < r2 = x1^2 + x2^2 < 1. Then f = sqrt(-2 log(r2) / r2); f * x2 is returned and f * x1 kept for the next
  /// call. Only seed() forgets the kept one; the other draws leave it. `standard_normal()`, `randn()`.
  double standard_normal();

  /// Fills `out` in order: `standard_normal(out.size())`.
  void standard_normal(std::span<double> out);

  /// Leaves the stream where `count` calls of standard_normal() leave it, without the logarithms and roots.
  void skip_normal(std::size_t count);

  /// An integer in [0, max]: words cut to the bit length of max until one is <= max. The words have 32 bits
  /// where max has, else 64 (first word high). max = 0 draws nothing. NumPy's `random_interval`; also
  /// `randint(0, max + 1)`.
  std::uint64_t bounded(std::uint64_t max);

  /// Fisher-Yates from the end: for i = n-1 ... 1 swaps values[i] with values[bounded(i)]. Allocates nothing.
  /// `shuffle(values)`.
  void shuffle(std::span<std::size_t> values);

  /// The first `count` steps of shuffle(values), or all of them: places the last `count` values. Repeated on
  /// the values before them it goes on with the same shuffle. Allocates nothing.
  void shuffle_last(std::span<std::uint32_t> values, std::size_t count);

  /// 0 ... n-1, shuffled. `permutation(n)`.
  std::vector<std::size_t> permutation(std::size_t n);

 private:
  /// A point of the unit disc but for its centre, and r2 = x1^2 + x2^2.
  double draw_in_disc(double& x1, double& x2);

  /// targets[k] = bounded(bound - k) for k < n. Returns n, at most `count` and targets.size(). Words are
  /// rejected, so n may be less, even 0: call it again until all are drawn. bound > 0.
  std::size_t draw_targets(std::uint32_t bound, std::size_t count, std::span<std::uint32_t> targets);

  template <typename Index>
  void shuffle_steps(std::span<Index> values, std::size_t count);

  MersenneTwister twister_;
  std::optional<double> kept_normal_;
};

}  // namespace mlpbench
