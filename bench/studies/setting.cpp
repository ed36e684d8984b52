#include "bench/studies/setting.h"

#include <charconv>
#include <cmath>

namespace mlpbench {

double rounded(double value, int digits) {
  if (!std::isfinite(value)) return value;
  char text[32];
  const auto end =
      std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, digits - 1).ptr;
  double result = 0.0;
  std::from_chars(text, end, result);
  return result;
}

}  // namespace mlpbench
