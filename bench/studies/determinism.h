// What the one order of all sums costs: the shared step against one that adds gradients as they come.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/studies/throughput.h"

namespace mlpbench {

/// A case on a backend and a number of threads. Seconds of one step, one value a round.
struct DeterminismRow {
  std::string name;
  const BackendEntry* backend = nullptr;
  std::size_t threads = 2;
  std::string wrong;  ///< why it was not timed, or empty
  std::vector<double> fixed_order, free_order;
};

/// Times two steps on the same batch, which stays where it is, in turns. Fixed order: ParallelStep, whose
/// bits do not depend on the threads. Free order, what data-parallel training usually does: each thread takes
/// the gradients of a part of the batch with the backend's whole step, adds them to the sum of all, slice by
/// slice under a lock, in the order of arrival; then the weights are updated. Before the clock starts each is
/// compared with naive, as every case here is. One row a synthetic case of `sync`, at the smallest of
/// options.threads. UserError for a backend that does not exist.
std::vector<DeterminismRow> measure_determinism(const ScalingOptions& options);

/// An aligned table: medians, and the paired ratio fixed / free with its 95 % interval; above 1 the fixed
/// order costs.
std::string determinism_text(const std::vector<DeterminismRow>& rows);

nlohmann::ordered_json determinism_json(const std::vector<DeterminismRow>& rows);

}  // namespace mlpbench
