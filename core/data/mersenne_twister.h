#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mlpbench {

/// The 32-bit Mersenne Twister MT19937, tempered a block of 624 words at a time:
///   M. Matsumoto, T. Nishimura: Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random
///   number generator, ACM Transactions on Modeling and Computer Simulation 8 (1998) 3-30.
/// The words are those of std::mt19937. A copy continues where the original stands.
class MersenneTwister {
 public:
  explicit MersenneTwister(std::uint32_t seed) noexcept { this->seed(seed); }

  /// Starts the stream of `seed` afresh: the authors' init_genrand.
  void seed(std::uint32_t seed) noexcept;

  /// The next word.
  std::uint32_t next() noexcept {
    if (drawn_ == kBlock) generate();
    return words_[drawn_++];
  }

  /// The next words of the block, at least one and at most 624, which stay to be drawn. Valid until a draw.
  std::span<const std::uint32_t> ahead() noexcept {
    if (drawn_ == kBlock) generate();
    return std::span(words_).subspan(drawn_);
  }

  /// Draws the first `count` words of ahead().
  void skip(std::size_t count) noexcept { drawn_ += count; }

 private:
  static constexpr std::size_t kBlock = 624;

  void generate() noexcept;

  std::uint32_t state_[kBlock];
  std::uint32_t words_[kBlock] = {};  ///< state_, tempered
  std::size_t drawn_ = kBlock;        ///< of words_
};

}  // namespace mlpbench
