#pragma once

#include <string>

namespace mlpbench {

/// Takes the functions that Armadillo calls from the suite's OpenBLAS. Empty, or why they cannot be had.
std::string bind_armadillo_blas();

}  // namespace mlpbench
