// Where a second thread begins to pay: what the parallel threshold's model says, and what is.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "bench/results/document.h"
#include "bench/studies/study.h"
#include "core/training/parallel_step.h"

namespace mlpbench {

/// The batch from which a step that is shared by blocks and tiles is faster than a serial one, by
/// shared_step_seconds() with a serial step of batch * sample_seconds and batch * exchange_seconds for the
/// bytes exchanged:
///   s / P + 2 f + x (1 - 1 / P) < s   where   batch > 2 f P / ((P - 1) (sample_seconds - exchange_seconds)).
/// In samples, a whole number only by chance; nothing where exchanging takes longer than computing: then no
/// batch is large enough. std::invalid_argument with fewer than two threads or a sample_seconds that is not
/// positive.
std::optional<double> break_even_batch(double sample_seconds, double exchange_seconds, std::size_t threads,
                                       double fork_join);

/// How many times faster a shared step of these parts is by the model: s / shared_step_seconds().
/// `threads` as many as can run.
double predicted_speedup(double serial_seconds, std::size_t threads, StepParts parts, double fork_join);

/// Says of each point of a sweep whether it pays, and from which sizes on all do: by the model, and as
/// measured.
void conclude(CrossoverFact& sweep);

/// A sweep of each backend over batches (28-64-64-1) and over widths (28-w-w-1 at batch 256). Checks every
/// size (check()), then times its serial step and, beside it, the shared one whatever the threshold says
/// (StudySetting::measure()). Throws Interrupted.
std::vector<CrossoverFact> measure_crossover(const std::vector<const BackendEntry*>& backends,
                                             std::size_t threads, const StudySetting& setting);

}  // namespace mlpbench
