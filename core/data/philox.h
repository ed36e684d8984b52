#pragma once

#include <cstddef>
#include <cstdint>

namespace mlpbench {

/// Philox4x32-10 on kLanes counters at once, in place: words[w][lane] are the four words of a counter and
/// become four random words. The same counter and key give the same words, so whoever needs the n-th random
/// number computes it without those before. J. Salmon, M. Moraes, R. Dror, D. Shaw, Parallel random numbers:
/// as easy as 1, 2, 3, SC 2011, section 3.3.
template <std::size_t kLanes>
void philox(std::uint32_t (&words)[4][kLanes], std::uint32_t key0, std::uint32_t key1) noexcept {
  for (int round = 0; round < 10; ++round) {
    for (std::size_t n = 0; n < kLanes; ++n) {
      const std::uint64_t first = std::uint64_t{0xD2511F53} * words[0][n],
                          second = std::uint64_t{0xCD9E8D57} * words[2][n];
      words[0][n] = static_cast<std::uint32_t>(second >> 32) ^ words[1][n] ^ key0;
      words[1][n] = static_cast<std::uint32_t>(second);
      words[2][n] = static_cast<std::uint32_t>(first >> 32) ^ words[3][n] ^ key1;
      words[3][n] = static_cast<std::uint32_t>(first);
    }
    key0 += 0x9E3779B9;
    key1 += 0xBB67AE85;
  }
}

}  // namespace mlpbench
