#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "experiments/numpy_print.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(),
                 kInf = std::numeric_limits<double>::infinity();

struct Case {
  const char* about;
  std::vector<double> values;
  std::size_t rows;  ///< 0: a one-dimensional array
  std::size_t columns;
  const char *float64, *float32;
};

// print(np.array(values)) and print(np.array(values, np.float32)) of NumPy 1.24.2.
const std::vector<Case> cases = {
    {"shortest digits, padded right",
     {0.1, 0.25, 3.0, 0.123456789},
     2,
     2,
     "[[0.1        0.25      ]\n [3.         0.12345679]]",
     "[[0.1        0.25      ]\n [3.         0.12345679]]"},
    {"signs widen the left",
     {-12.5, 3.25, 0.5, 100.0},
     2,
     2,
     "[[-12.5    3.25]\n [  0.5  100.  ]]",
     "[[-12.5    3.25]\n [  0.5  100.  ]]"},
    {"cut at 8 digits after the point",
     {0.123456785, 0.3333333333333333, 0.6666666666666666},
     0,
     3,
     "[0.12345678 0.33333333 0.66666667]",
     "[0.12345678 0.33333334 0.6666667 ]"},
    {"a tie goes to even",
     {0.001953125, 0.005859375},
     0,
     2,
     "[0.00195312 0.00585938]",
     "[0.00195312 0.00585938]"},
    {"carry into the whole part", {0.999999999, -3.0}, 0, 2, "[ 1. -3.]", "[ 1. -3.]"},
    {"whole numbers", {1.0, -2.0, 0.0}, 0, 3, "[ 1. -2.  0.]", "[ 1. -2.  0.]"},
    {"zeros", {0.0, -0.0}, 0, 2, "[ 0. -0.]", "[ 0. -0.]"},
    {"just below a ratio of 1000", {0.001, 1.0}, 0, 2, "[0.001 1.   ]", "[0.001 1.   ]"},
    {"just above a ratio of 1000",
     {0.001, 1.0000001},
     0,
     2,
     "[1.0000000e-03 1.0000001e+00]",
     "[1.0000000e-03 1.0000001e+00]"},
    {"the smallest below 1e-4", {9.999e-05, 0.05}, 0, 2, "[9.999e-05 5.000e-02]", "[9.999e-05 5.000e-02]"},
    {"the smallest at 1e-4", {0.0001, 0.05}, 0, 2, "[0.0001 0.05  ]", "[1.e-04 5.e-02]"},
    {"zero does not count as smallest", {0.0, 0.5}, 0, 2, "[0.  0.5]", "[0.  0.5]"},
    {"largest below 1e8",
     {99999999.0, 12345678.0},
     0,
     2,
     "[99999999. 12345678.]",
     "[1.0000000e+08 1.2345678e+07]"},
    {"largest at 1e8",
     {100000000.0, 12345678.0},
     0,
     2,
     "[1.0000000e+08 1.2345678e+07]",
     "[1.0000000e+08 1.2345678e+07]"},
    {"exponents of three digits",
     {1.5e-200, -25000000.0},
     0,
     2,
     "[ 1.5e-200 -2.5e+007]",
     "[        0. -25000000.]"},
    {"exponential with the true digits, not zeros",
     {107.202255, 90.6979523, 0.0022745512},
     0,
     3,
     "[1.07202255e+02 9.06979523e+01 2.27455120e-03]",
     "[1.07202255e+02 9.06979523e+01 2.27455120e-03]"},
    {"not a number", {kNan, 1.25, -0.5}, 0, 3, "[  nan  1.25 -0.5 ]", "[  nan  1.25 -0.5 ]"},
    {"infinite", {kInf, -kInf, 1.25}, 0, 3, "[ inf -inf 1.25]", "[ inf -inf 1.25]"},
    {"wider than the finite numbers", {kInf, -kInf, 1.0}, 0, 3, "[ inf -inf   1.]", "[ inf -inf   1.]"},
    {"only not finite", {-kNan, kInf}, 2, 1, "[[nan]\n [inf]]", "[[nan]\n [inf]]"},
    {"exponential with not finite",
     {kNan, 1e-09, -kInf},
     0,
     3,
     "[   nan 1.e-09   -inf]",
     "[   nan 1.e-09   -inf]"},
};

std::string text_of(const std::vector<double>& values, std::size_t rows, std::size_t columns, DType dtype) {
  if (rows == 0) return numpy_text(values, dtype);
  return numpy_text(MatrixView<const double>{values.data(), rows, columns, columns}, dtype);
}

/// arange(rows * columns) / 8.
std::string eighths(std::size_t rows, std::size_t columns) {
  std::vector<double> values(std::max<std::size_t>(rows, 1) * columns);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i) / 8;
  return text_of(values, rows, columns, DType::float64);
}

}  // namespace

TEST_CASE("arrays are printed as NumPy prints them", "[experiments][print]") {
  for (const Case& one : cases) {
    INFO(one.about);
    CHECK(text_of(one.values, one.rows, one.columns, DType::float64) == one.float64);
    CHECK(text_of(one.values, one.rows, one.columns, DType::float32) == one.float32);
  }
}

TEST_CASE("of more than 1000 numbers NumPy shows the ends", "[experiments][print]") {
  CHECK(eighths(0, 1001) == "[  0.      0.125   0.25  ... 124.75  124.875 125.   ]");
  CHECK(eighths(0, 1000).find("...") == std::string::npos);
  CHECK(eighths(3, 400) ==
        "[[0.00000e+00 1.25000e-01 2.50000e-01 ... 4.96250e+01 4.97500e+01\n  4.98750e+01]\n"
        " [5.00000e+01 5.01250e+01 5.02500e+01 ... 9.96250e+01 9.97500e+01\n  9.98750e+01]\n"
        " [1.00000e+02 1.00125e+02 1.00250e+02 ... 1.49625e+02 1.49750e+02\n  1.49875e+02]]");
  CHECK(eighths(700, 2) ==
        "[[0.00000e+00 1.25000e-01]\n [2.50000e-01 3.75000e-01]\n [5.00000e-01 6.25000e-01]\n ...\n"
        " [1.74250e+02 1.74375e+02]\n [1.74500e+02 1.74625e+02]\n [1.74750e+02 1.74875e+02]]");
}

TEST_CASE("a row of more than 75 characters goes on in a new line", "[experiments][print]") {
  CHECK(eighths(0, 20) ==
        "[0.    0.125 0.25  0.375 0.5   0.625 0.75  0.875 1.    1.125 1.25  1.375\n"
        " 1.5   1.625 1.75  1.875 2.    2.125 2.25  2.375]");
  CHECK(eighths(2, 20) ==
        "[[0.    0.125 0.25  0.375 0.5   0.625 0.75  0.875 1.    1.125 1.25  1.375\n"
        "  1.5   1.625 1.75  1.875 2.    2.125 2.25  2.375]\n"
        " [2.5   2.625 2.75  2.875 3.    3.125 3.25  3.375 3.5   3.625 3.75  3.875\n"
        "  4.    4.125 4.25  4.375 4.5   4.625 4.75  4.875]]");
}

TEST_CASE("the rows of a view need not be contiguous", "[experiments][print]") {
  const std::vector<double> values = {1, 2, kNan, 3, 4, kNan};
  CHECK(numpy_text(MatrixView<const double>{values.data(), 2, 2, 3}, DType::float64) ==
        "[[1. 2.]\n [3. 4.]]");
}

TEST_CASE("Python floats have their shortest digits, or 7 in float32", "[experiments][print]") {
  CHECK(python_text(0.9590413360683729, DType::float64) == "0.9590413360683729");
  CHECK(python_text(0.690769022988963, DType::float64) == "0.690769022988963");
  CHECK(python_text(12345678.9, DType::float64) == "12345678.9");
  CHECK(python_text(1e16, DType::float64) == "1e+16");
  CHECK(python_text(0.9590413360683729, DType::float32) == "0.9590413");
  CHECK(python_text(0.82, DType::float64) == "0.82");
  CHECK(python_text(1, DType::float64) == "1.0");
  CHECK(python_text(-3, DType::float32) == "-3.0");
  CHECK(python_text(1e-7, DType::float64) == "1e-07");
  CHECK(python_text(kNan, DType::float64) == "nan");
  CHECK(python_text(-kInf, DType::float64) == "-inf");
}
