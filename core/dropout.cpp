#include "core/dropout.h"

#include <algorithm>

#include "core/data/philox.h"

namespace mlpbench {

template <typename T>
void draw_masks(double rate, std::size_t layer, const DropoutPlace& place, MatrixView<T> masks) noexcept {
  constexpr std::size_t kLanes = 16;
  const auto dropped_below = static_cast<std::uint32_t>(rate * 0x1p32);
  const T kept = static_cast<T>(1.0 / (1.0 - rate));
  std::uint32_t words[4][kLanes];
  for (std::size_t first = 0; first < masks.cols; first += kLanes) {
    const std::size_t lanes = std::min(kLanes, masks.cols - first);
    std::uint32_t samples[kLanes] = {};
    for (std::size_t n = 0; n < lanes; ++n) samples[n] = place.sample(first + n);
    for (std::size_t u = 0; u < masks.rows; u += 4) {
      std::fill_n(words[0], kLanes, static_cast<std::uint32_t>(u / 4));
      std::fill_n(words[1], kLanes, static_cast<std::uint32_t>(layer));
      std::copy_n(samples, kLanes, words[2]);
      std::fill_n(words[3], kLanes, place.epoch);
      philox(words, place.seed, 0);
      for (std::size_t w = 0; w < std::min<std::size_t>(4, masks.rows - u); ++w) {
        T* const mask = masks.row(u + w) + first;
        for (std::size_t n = 0; n < lanes; ++n) mask[n] = words[w][n] < dropped_below ? T{0} : kept;
      }
    }
  }
}

template <typename T>
void multiply_by_masks(MatrixView<const T> A, MatrixView<const T> masks, MatrixView<T> product) noexcept {
  for (std::size_t u = 0; u < A.rows; ++u) {
    const T *const a = A.row(u), *const mask = masks.row(u);
    T* const p = product.row(u);
    for (std::size_t n = 0; n < A.cols; ++n) p[n] = a[n] * mask[n];
  }
}

template void draw_masks(double, std::size_t, const DropoutPlace&, MatrixView<float>) noexcept;
template void draw_masks(double, std::size_t, const DropoutPlace&, MatrixView<double>) noexcept;
template void multiply_by_masks(MatrixView<const float>, MatrixView<const float>, MatrixView<float>) noexcept;
template void multiply_by_masks(MatrixView<const double>, MatrixView<const double>,
                                MatrixView<double>) noexcept;

}  // namespace mlpbench
