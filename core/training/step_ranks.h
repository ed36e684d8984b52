#pragma once

#include <cstddef>

#include "core/chunks.h"
#include "core/training/communicator.h"
#include "core/training/shards.h"
#include "core/training/trainer.h"

namespace mlpbench {

/// What it has of the samples of a batch, in whole cache lines of them.
constexpr IndexRange samples_of_rank(std::size_t batch, std::size_t rank, std::size_t size) noexcept {
  const auto first = [&](std::size_t r) {
    return std::min(batch, first_of_rank(ceil_div(batch, kBlockSamples), r, size) * kBlockSamples);
  };
  return {first(rank), first(rank + 1) - first(rank)};
}

/// The ranks that share the steps of a run, and how they sum.
struct StepRanks {
  Communicator* all = nullptr;  ///< null: one rank
  Reduction reduction = Reduction::ordered;
  Shards shards = {};

  std::size_t size() const noexcept { return all == nullptr ? 1 : all->size(); }
  std::size_t rank() const noexcept { return all == nullptr ? 0 : all->rank(); }
  bool alone() const noexcept { return size() == 1; }
  bool ordered() const noexcept { return !alone() && reduction == Reduction::ordered; }
  bool free_order() const noexcept { return !alone() && reduction == Reduction::allreduce; }
};

}  // namespace mlpbench
