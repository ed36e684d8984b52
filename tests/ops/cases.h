#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "backends/operations/operands.h"
#include "tests/support/guarded_buffer.h"

namespace mlpbench::test {

/// What one call is tried on.
struct Case {
  CallSpec spec;
  Placement placement = {};
  Data data = Data::real;
  std::uint32_t seed = 0;
};

/// "relu, 10x30x455, integers, seed 7, on cache lines, ..."
std::string to_string(const Operation& operation, const Case& what);

/// Functions `n` of an operation, in turn.
CallSpec spec_of(const Operation& operation, const LayerShape& shape, std::size_t n);

/// Shapes from the widths of the vectors, those of the experiments and larger ones. An operation that uses
/// units, inputs and batch gets `random` more of a fixed seed, each with one of its functions and placements,
/// drawn. The others are small enough to be tried with all functions, and those on vectors in all placements.
std::vector<Case> cases_of(const Operation& operation, std::size_t random);

}  // namespace mlpbench::test
