#pragma once

#include <span>

#include "bench/operations/suite.h"

namespace mlpbench {

/// The rows of bench_ops for `backends`: every operation of core/backend.h in both precisions at the shapes
/// of the experiments and of wide networks, named OPERATION/FUNCTION/SHAPE, and the elementary functions of
/// backends that have kernels of their own (backends/simd). Shapes are UNITSxINPUTSxBATCH for the products,
/// OUTPUTSxBATCH for the output delta, the number of parameters for the update.
void add_operation_rows(Suite& suite, std::span<const BackendEntry> backends);

}  // namespace mlpbench
