#pragma once

#include <span>
#include <string>

#include "core/matrix.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// The text of a NumPy array on one line, as `print(array)` shows it with NumPy's default options (1.14 and
/// newer):
///   - the shortest decimals that mean the number in `dtype`, cut (rounded to even) at 8 after the point,
///     without trailing zeros;
///   - scientific notation for all numbers when the largest magnitude is >= 1e8, the smallest but zero
///     < 1e-4, or their ratio > 1000;
///   - every number padded left and, in positional notation, right to the common width of the array;
///   - of more than 1000 numbers the first and the last three in each dimension, with "..." between.
/// Where NumPy breaks a line this puts one space: "[[0.6144307 ] [0.62712197]]".
/// Source: numpy/core/arrayprint.py, FloatingFormat and _formatArray. `values` are numbers of `dtype`.
std::string numpy_text(MatrixView<const double> values, DType dtype);

/// The same for a one-dimensional array: "[0.80533842 0.92689883]".
std::string numpy_text(std::span<const double> values, DType dtype);

/// A number where the notebook prints a Python float in full, 16 digits: 12 significant ones, or 7 in
/// float32. The others are rounding noise that no two summation orders share.
std::string python_text(double value, DType dtype);

}  // namespace mlpbench
