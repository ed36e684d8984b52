#include "core/data/mersenne_twister.h"

namespace mlpbench {
namespace {

constexpr std::size_t kMiddle = 397;  ///< The distance of the recurrence's third term.

/// The upper bit of one word and the lower 31 of the next, times the recurrence's matrix A.
std::uint32_t twist(std::uint32_t word, std::uint32_t next) noexcept {
  const std::uint32_t joined = (word & 0x80000000U) | (next & 0x7FFFFFFFU);
  return joined >> 1 ^ ((0U - (next & 1U)) & 0x9908B0DFU);
}

std::uint32_t temper(std::uint32_t word) noexcept {
  word ^= word >> 11;
  word ^= word << 7 & 0x9D2C5680U;
  word ^= word << 15 & 0xEFC60000U;
  return word ^ word >> 18;
}

}  // namespace

void MersenneTwister::seed(std::uint32_t seed) noexcept {
  state_[0] = seed;
  for (std::uint32_t i = 1; i < kBlock; ++i) {
    state_[i] = 1812433253U * (state_[i - 1] ^ state_[i - 1] >> 30) + i;
  }
  drawn_ = kBlock;
}

// Every loop reads words that it does not write, or that are 227 words behind: compilers vectorise all three.
void MersenneTwister::generate() noexcept {
  constexpr std::size_t kBehind = kBlock - kMiddle, kLast = kBlock - 1;
  for (std::size_t i = 0; i < kBehind; ++i) state_[i] = state_[i + kMiddle] ^ twist(state_[i], state_[i + 1]);
  for (std::size_t i = kBehind; i < kLast; ++i) {
    state_[i] = state_[i - kBehind] ^ twist(state_[i], state_[i + 1]);
  }
  state_[kLast] = state_[kMiddle - 1] ^ twist(state_[kLast], state_[0]);
  for (std::size_t i = 0; i < kBlock; ++i) words_[i] = temper(state_[i]);
  drawn_ = 0;
}

}  // namespace mlpbench
