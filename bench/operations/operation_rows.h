#pragma once

#include <span>

#include "bench/operations/suite.h"

namespace mlpbench {

/// The rows of bench_ops for `backends`: the timed calls of every operation (backends/operations) in both
/// precisions, named OPERATION/FUNCTION/SHAPE.
void add_operation_rows(Suite& suite, std::span<const BackendEntry> backends);

}  // namespace mlpbench
