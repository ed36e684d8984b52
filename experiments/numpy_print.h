#pragma once

#include <span>
#include <string>

#include "core/matrix.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// The text of a NumPy array, as `print(array)` shows it with NumPy's default options (1.14 and newer):
///   - the shortest decimals that mean the number in `dtype`, cut (rounded to even) at 8 after the point,
///     without trailing zeros;
///   - scientific notation for all numbers when the largest magnitude is >= 1e8, the smallest but zero
///     < 1e-4, or their ratio > 1000;
///   - every number padded left and, in positional notation, right to the common width of the array;
///   - of more than 1000 numbers the first and the last three in each dimension, with "..." between;
///   - each row of a matrix on a line of its own, and rows of more than 75 characters on several.
/// Source: numpy/core/arrayprint.py, FloatingFormat and _formatArray. `values` are numbers of `dtype`.
std::string numpy_text(MatrixView<const double> values, DType dtype);

/// The same for a one-dimensional array: "[0.80533842 0.92689883]".
std::string numpy_text(std::span<const double> values, DType dtype);

/// A number as Python prints a float: the shortest digits that mean it, 16 or 17 for most. In float32 it has
/// 7 significant digits. The digits after the twelfth are rounding noise that no two orders of summation
/// share.
std::string python_text(double value, DType dtype);

}  // namespace mlpbench
