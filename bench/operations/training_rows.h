#pragma once

#include <span>

#include "bench/operations/suite.h"

namespace mlpbench {

/// The rows of bench_training for `backends`, in both precisions:
///
///   epoch/EXPERIMENT/batchN               breast_cancer, moons, planar, regression, digits, by their trainers
///   epoch/28-10-1_1M_rows/batch1024       a million samples
///   step/NETWORK/batchN                   one step on one batch
///   ladder/breast_cancer/batch455/RUNG    the same step from plain loops to the fused one, float32
///
/// `elements` are samples: cycles/element are cycles a sample.
void add_training_rows(Suite& suite, std::span<const BackendEntry> backends);

}  // namespace mlpbench
