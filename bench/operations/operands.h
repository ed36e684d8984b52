#pragma once

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "bench/operations/work.h"
#include "core/agree.h"
#include "core/matrix.h"

namespace mlpbench {

/// Numbers from [lowest, highest), the same on every machine and library.
template <typename T>
void fill_uniform(MatrixView<T> matrix, double lowest, double highest, std::mt19937& random) {
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.cols; ++j) {
      matrix(i, j) = static_cast<T>(lowest + (highest - lowest) * 0x1p-32 *
                                                 static_cast<double>(static_cast<std::uint32_t>(random())));
    }
  }
}

/// What the operations of one layer are given: weights of the size that training starts with, so that sums
/// stay near 1 and no activation saturates.
template <typename T>
struct LayerOperands {
  LayerShape shape;
  Matrix<T> W;   ///< (units x inputs), dense as in Parameters
  Matrix<T> b;   ///< (1 x units)
  Matrix<T> X;   ///< (inputs x batch), within (0, 1): also what a ReLU or a sigmoid leaves
  Matrix<T> dZ;  ///< (units x batch)

  explicit LayerOperands(LayerShape s)
      : shape(s),
        W(s.units, s.inputs),
        b(1, s.units),
        X(Matrix<T>::padded(s.inputs, s.batch)),
        dZ(Matrix<T>::padded(s.units, s.batch)) {
    std::mt19937 random(20260101);
    const double size = 1.0 / std::sqrt(static_cast<double>(s.inputs));
    fill_uniform(W.view(), -size, size, random);
    fill_uniform(b.view(), -0.1, 0.1, random);
    fill_uniform(X.view(), 0.01, 0.99, random);
    fill_uniform(dZ.view(), -0.5, 0.5, random);
  }
};

/// A value that is made once for each key and shared from then on: operands, and what naive makes of them.
template <typename Value, typename Make>
std::shared_ptr<const Value> made_once(const std::string& key, Make make) {
  static std::map<std::string, std::shared_ptr<const Value>> known;
  std::shared_ptr<const Value>& value = known[key];
  if (value == nullptr) value = std::make_shared<const Value>(make());
  return value;
}

inline std::string to_string(LayerShape s) {
  return std::to_string(s.units) + "x" + std::to_string(s.inputs) + "x" + std::to_string(s.batch);
}

template <typename T>
std::shared_ptr<const LayerOperands<T>> layer_operands(LayerShape shape) {
  return made_once<LayerOperands<T>>(to_string(shape), [shape] { return LayerOperands<T>(shape); });
}

/// The absolute values of `matrix`: what bounds the rounding errors of a sum of products.
template <typename T>
Matrix<T> absolute(const Matrix<T>& matrix) {
  Matrix<T> result(matrix.rows(), matrix.cols());
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < matrix.cols(); ++j) result(i, j) = std::abs(matrix(i, j));
  }
  return result;
}

template <typename T>
double largest(const Matrix<T>& matrix) {
  double most = 0.0;
  for (std::size_t i = 0; i < matrix.rows(); ++i) {
    for (std::size_t j = 0; j < matrix.cols(); ++j) {
      most = std::max(most, std::abs(static_cast<double>(matrix(i, j))));
    }
  }
  return most;
}

/// What the naive backend leaves, and how far another may be from it.
template <typename T>
struct Expected {
  Matrix<T> first, second;  ///< second: db, or the loss; may be empty
  Tolerance tolerance;
  Tolerance second_tolerance = {};

  /// An empty string when both agree, else where and how they differ.
  std::string problem(const char* what, MatrixView<const T> actual) const {
    const std::string differs = disagreement<T>(actual, first.view(), tolerance);
    return differs.empty() ? "" : std::string(what) + ": " + differs;
  }
  std::string problem(const char* what, MatrixView<const T> actual, const char* second_what,
                      MatrixView<const T> second_actual) const {
    const std::string differs = problem(what, actual);
    if (!differs.empty()) return differs;
    const std::string second_differs = disagreement<T>(second_actual, second.view(), second_tolerance);
    return second_differs.empty() ? "" : std::string(second_what) + ": " + second_differs;
  }
};

}  // namespace mlpbench
