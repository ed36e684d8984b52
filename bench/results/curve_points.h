#pragma once

#include <cstddef>
#include <vector>

namespace mlpbench {

/// Which of `epochs` epochs, counted from 1, a curve of at most `most` points shows: all of them where they
/// fit, else the first and the last and between them equal steps of a logarithmic axis, but one epoch at
/// least, so that none of the first is missing. Ascending, each once. `most` must be above 1.
std::vector<std::size_t> curve_points(std::size_t epochs, std::size_t most);

}  // namespace mlpbench
