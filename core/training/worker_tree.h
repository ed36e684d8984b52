#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/backend.h"
#include "core/training/step_ranks.h"

namespace mlpbench {

/// The sum of what K workers have, in a balanced tree over them. Worker k adds k + 1, then k + 2, k + 4 and
/// so on, where k is a multiple of twice the distance. The same bits wherever the workers are. Ranks have a
/// range of the workers each. A rank adds the subtrees that it has the whole of. Then each rank owns a part
/// of the elements. It gets what is left of all workers for that part, one array of each rank where their
/// ranges are powers of two. Then it completes the tree.
template <typename T>
class WorkerTree {
 public:
  /// `backend` adds. It must outlive the object.
  WorkerTree(const Backend<T>& backend, const StepRanks& ranks, std::size_t workers);

  /// Adds the elements [first, first + count) of this rank's workers, for its whole subtrees. On one rank
  /// these are all workers, and the sum is in the first one's elements.
  void add_own(std::span<T* const> workers, std::size_t first, std::size_t count) const noexcept;

  /// Leaves the sum of all workers times `share` on every rank. Overwrites the workers' elements.
  void over_ranks(std::span<T* const> workers, T share, std::span<T> mean);

 private:
  /// Worker `into` takes worker `from` in.
  struct Pair {
    std::size_t into, from;
  };

  const Backend<T>& backend_;
  const StepRanks ranks_;
  std::size_t workers_;
  IndexRange own_;                             ///< of the workers, this rank's
  std::vector<Pair> own_pairs_, other_pairs_;  ///< of add_own() and of over_ranks(), in the tree's order
  std::vector<std::size_t> left_;              ///< the workers that no rank has added, in their order
  AlignedBuffer<T> received_;
  std::vector<T*> parts_;  ///< of each worker that is left, of this rank's part of the elements
  std::vector<Communicator::Request> requests_;
  std::vector<std::size_t> ends_;
};

}  // namespace mlpbench
