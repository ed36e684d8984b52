#include "experiments/numpy_print.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>
#include <vector>

namespace mlpbench {
namespace {

constexpr std::size_t kPrecision = 8, kSummaryThreshold = 1000, kEdgeItems = 3, kLineWidth = 75;

/// One number as text, split where NumPy aligns: "-12", "345", and of "e-05" the sign and the digits.
struct Decimal {
  std::string whole, fraction, exponent_digits;
  char exponent_sign = '+';
};

/// "-1.5e-07" into its parts.
Decimal split(std::string_view number) {
  Decimal parts;
  if (const auto e = number.find('e'); e != number.npos) {
    parts.exponent_sign = number[e + 1];
    parts.exponent_digits = number.substr(e + 2);
    number = number.substr(0, e);
  }
  const auto point = number.find('.');
  parts.whole = number.substr(0, point);
  if (point != number.npos) parts.fraction = number.substr(point + 1);
  return parts;
}

/// std::to_chars. Without a precision the shortest digits that mean the number in its own type, with one the
/// exactly rounded digits, ties to even.
template <typename T, typename... Precision>
std::string chars(T value, std::chars_format format, Precision... precision) {
  char buffer[128];  // positional numbers are below 1e8 in magnitude and have at most 24 shortest digits
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value, format, precision...).ptr;
  return std::string(buffer, end);
}

/// The shortest digits, cut at 8 after the point, without trailing zeros.
template <typename T>
Decimal shortest(T value, bool scientific) {
  const std::chars_format format = scientific ? std::chars_format::scientific : std::chars_format::fixed;
  Decimal parts = split(chars(value, format));
  if (parts.fraction.size() > kPrecision) {
    parts = split(chars(value, format, static_cast<int>(kPrecision)));
    parts.fraction.erase(parts.fraction.find_last_not_of('0') + 1);
  }
  return parts;
}

/// The sign of a NaN is not shown.
template <typename T>
std::string_view not_finite(T value) {
  return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
}

/// How all numbers of one array are written: FloatingFormat.
template <typename T>
class NumpyFormat {
 public:
  explicit NumpyFormat(std::span<const T> values) {
    scientific_ = wants_scientific(values);
    for (const T value : values) {
      if (!std::isfinite(value)) continue;
      const Decimal parts = shortest(value, scientific_);
      left_ = std::max(left_, parts.whole.size());
      right_ = std::max(right_, parts.fraction.size());
      exponent_ = std::max(exponent_, parts.exponent_digits.size());
    }
    width_ = left_ + 1 + right_ + (scientific_ ? 2 + exponent_ : 0);
    for (const T value : values) {
      if (!std::isfinite(value)) widen_to(not_finite(value).size());
    }
  }

  std::string operator()(T value) const {
    if (!std::isfinite(value)) return fmt::format("{:>{}}", not_finite(value), width_);
    if (!scientific_) {
      const Decimal parts = shortest(value, false);
      return fmt::format("{:>{}}.{:<{}}", parts.whole, left_, parts.fraction, right_);
    }
    // Not the shortest digits filled up with zeros: NumPy goes on with the true ones to the common length.
    const Decimal parts = split(chars(value, std::chars_format::scientific, static_cast<int>(right_)));
    return fmt::format("{:>{}}.{}e{}{:0>{}}", parts.whole, left_, parts.fraction, parts.exponent_sign,
                       parts.exponent_digits, exponent_);
  }

 private:
  static bool wants_scientific(std::span<const T> values) {
    T largest = 0, smallest = std::numeric_limits<T>::infinity();
    for (const T value : values) {
      if (!std::isfinite(value) || value == 0) continue;
      largest = std::max(largest, std::abs(value));
      smallest = std::min(smallest, std::abs(value));
    }
    if (largest == 0) return false;
    // NumPy compares with a float64 limit but divides in the array's own precision.
    return largest >= T{1e8} || static_cast<double>(smallest) < 1e-4 || largest / smallest > T{1000};
  }

  void widen_to(std::size_t width) {
    if (width <= width_) return;
    left_ += width - width_;
    width_ = width;
  }

  bool scientific_ = false;
  std::size_t left_ = 0, right_ = 0, exponent_ = 0, width_ = 0;
};

/// The indices of one dimension that are shown; `gap` is where "..." goes, or past the end.
struct Shown {
  std::vector<std::size_t> indices;
  std::size_t gap;
};

Shown shown(std::size_t count, bool summary) {
  Shown result{{}, count};
  const bool cut = summary && count > 2 * kEdgeItems;
  for (std::size_t i = 0; i < count; ++i) {
    if (!cut || i < kEdgeItems || i >= count - kEdgeItems) result.indices.push_back(i);
  }
  if (cut) result.gap = kEdgeItems;
  return result;
}

/// "[" item " " item ... "]". A row that would be longer than kLineWidth goes on in a new line, below its
/// first number. `depth` is the number of brackets before that: 1, or 2 in a matrix.
template <typename Item>
std::string row_text(const Shown& items, std::size_t depth, Item item) {
  std::string text, line(depth, ' ');
  const auto append = [&](const std::string& word) {
    if (line.size() > depth && line.size() + word.size() > kLineWidth - depth) {
      text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
      line.assign(depth, ' ');
    }
    line += word + " ";
  };
  for (std::size_t i = 0; i < items.indices.size(); ++i) {
    if (i == items.gap) append("...");
    append(item(items.indices[i]));
  }
  if (line.size() > depth) line.pop_back();  // the blank behind the last word
  text += line;
  return "[" + text.substr(depth) + "]";
}

template <typename T>
std::string array_text(MatrixView<const double> values, bool one_dimensional) {
  const bool summary = values.rows * values.cols > kSummaryThreshold;
  const Shown rows = shown(values.rows, summary), columns = shown(values.cols, summary);
  std::vector<T> visible;
  for (const std::size_t i : rows.indices) {
    for (const std::size_t j : columns.indices) visible.push_back(static_cast<T>(values(i, j)));
  }
  const NumpyFormat<T> format{std::span<const T>(visible)};
  const auto row = [&](std::size_t i, std::size_t depth) {
    return row_text(columns, depth, [&](std::size_t j) { return format(static_cast<T>(values(i, j))); });
  };
  if (one_dimensional) return row(0, 1);
  std::string text = "[";
  for (std::size_t i = 0; i < rows.indices.size(); ++i) {
    if (i > 0) text += "\n ";
    if (i == rows.gap) text += "...\n ";
    text += row(rows.indices[i], 2);
  }
  return text + "]";
}

}  // namespace

std::string numpy_text(MatrixView<const double> values, DType dtype) {
  return (dtype == DType::float32 ? array_text<float> : array_text<double>)(values, false);
}

std::string numpy_text(std::span<const double> values, DType dtype) {
  const MatrixView<const double> row{values.data(), 1, values.size(), values.size()};
  return (dtype == DType::float32 ? array_text<float> : array_text<double>)(row, true);
}

std::string python_text(double value, DType dtype) {
  std::string text = dtype == DType::float32 ? fmt::format("{:.7g}", value) : fmt::format("{}", value);
  if (text.find_first_of(".en") == text.npos) text += ".0";  // as Python; 'n' is in nan and inf
  return text;
}

}  // namespace mlpbench
