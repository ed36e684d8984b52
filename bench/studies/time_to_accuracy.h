// What parallelism costs in learning: accuracy, and time to a target, over seeds.
#pragma once

#include <limits>
#include <vector>

#include "bench/results/document.h"
#include "bench/studies/study.h"

namespace mlpbench {

/// What a run that ended without meeting its target took to meet it.
inline constexpr double kNotReached = std::numeric_limits<double>::infinity();

/// Of numbers that may be kNotReached, which is above every other: a median is infinite when half of the
/// seeds did not reach the target. `values` must not be empty.
RangeOfSeeds range_to_target(const std::vector<double>& values);

/// Trains those of `experiments` that a target is known for (breast_cancer, moons, digits) with full-batch,
/// mini-batch, sync, hogwild (strict and fast) and local-sgd on each seed, the trainers in random order
/// within a seed: once for all epochs, once to the target. Parallel trainers have two threads where there are
/// two CPUs. Throws Interrupted between two trainings.
std::vector<TargetFact> time_to_accuracy(const std::vector<const Experiment*>& experiments,
                                         const BackendEntry& backend, const StudySetting& setting);

}  // namespace mlpbench
