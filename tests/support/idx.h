#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>

namespace mlpbench::test {

/// The bytes of an IDX file: the 32-bit numbers, big-endian, and what follows them.
inline std::string idx(std::initializer_list<std::uint32_t> header, const std::string& items) {
  std::string bytes;
  for (const std::uint32_t number : header) {
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(number >> shift & 0xFF);
  }
  return bytes + items;
}

/// Images of 4 x 4 pixels in three classes: class k has its bright pixels in row k, over a little noise.
struct SmallImages {
  std::string images, labels;

  explicit SmallImages(std::uint32_t count) {
    std::string pixels, classes;
    std::uint32_t noise = 1;
    for (std::uint32_t i = 0; i < count; ++i) {
      const std::uint32_t label = i % 3;
      classes += static_cast<char>(label);
      for (std::uint32_t p = 0; p < 16; ++p) {
        noise = noise * 1664525 + 1013904223;  // Numerical Recipes' generator
        pixels += static_cast<char>((p / 4 == label ? 190 : 0) + (noise >> 26));
      }
    }
    images = idx({0x803, count, 4, 4}, pixels);
    labels = idx({0x801, count}, classes);
  }
};

}  // namespace mlpbench::test
