#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace mlpbench {

// A reader of the IDX files in which MNIST and sets of its shape (Fashion-MNIST, KMNIST, EMNIST) come
// (http://yann.lecun.com/exdb/mnist, "file formats"). All numbers are big-endian, of 32 bits:
//   images  0x00000803, number of images, rows, columns, then a byte a pixel, image after image, row after
//           row
//   labels  0x00000801, number of labels, then a byte a label
// Sizes are checked against the length of the file before anything is allocated. A reader then never takes
// more memory than the file is long.

inline constexpr std::size_t kMaxIdxPixels = std::size_t{1} << 20;  ///< of one image

/// Grey values, 0 to 255.
struct IdxImages {
  std::size_t count = 0, rows = 0, columns = 0;
  std::vector<std::uint8_t> bytes;

  std::size_t pixels() const noexcept { return rows * columns; }  ///< of one image
  std::span<const std::uint8_t> image(std::size_t i) const noexcept {
    return std::span(bytes).subspan(i * pixels(), pixels());
  }
};

/// Throws UserError, one line "FILE: what is wrong and what was expected", for a file that InputFile refuses.
/// Also for one that is compressed by gzip, or begins with another magic number. Also for a file that ends
/// before the last pixel or goes on after it, or has no image. Also for images of no or more than
/// kMaxIdxPixels pixels.
IdxImages read_idx_images(const std::string& path);

/// The same of the images `rows` alone of a file that holds `of`; UserError where it holds another number.
IdxImages read_idx_images(const std::string& path, const RowRange& rows, std::size_t of);

/// The labels, with the same conditions as all images.
std::vector<std::uint8_t> read_idx_labels(const std::string& path);

}  // namespace mlpbench
