#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/data/dataset.h"

namespace mlpbench {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
 public:
  void add(std::span<const std::byte> bytes);

  /// Of all bytes so far, as 64 hexadecimal digits. The object is used up.
  std::string hex();

 private:
  void take_block(const std::byte* block);

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::byte, 64> pending_{};
  std::size_t held_ = 0;      ///< bytes in pending_
  std::uint64_t length_ = 0;  ///< bytes in all
};

/// Of the numbers as little-endian float64, X row by row and then Y: in NumPy
/// sha256(X.tobytes() + Y.tobytes()), of both sets one after the other.
std::string sha256_of(const Dataset& first, const Dataset& second);

}  // namespace mlpbench
