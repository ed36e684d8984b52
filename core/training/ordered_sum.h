#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/backend.h"
#include "core/training/communicator.h"

namespace mlpbench {

/// How an OrderedSum moves the addends.
///   owners   Rank r owns the r-th part of the elements. Each rank sends its addends' parts to their owners,
///            which add them, and each owner sends its sums to all. A rank that has `most` addends sends
///            (most + 1) (P - 1) / P times the elements to the P - 1 others.
///   chain    In segments, one on its way behind the other: a rank adds its addends to what the rank before
///            it has sent and sends that on; the last rank's sums go back from rank to rank. At most twice
///            the elements, however many addends a rank has.
enum class SumPath { owners, chain };

/// Bytes of a segment of the chain: 2.7 MB become 11 of them. Each segment wakes each rank twice. On 4 ranks
/// of 2 loaded cores, segments of 64 KiB took twice as long as these (421 and 202 ms for 2.7 MB).
inline constexpr std::size_t kChainSegmentBytes = 256 * 1024;

/// Owners, whose messages are few, as long as a rank sends at most 2.2 times the elements.
constexpr SumPath sum_path(std::size_t most, std::size_t ranks) noexcept {
  return 10 * (most + 1) * (ranks - 1) <= 22 * ranks ? SumPath::owners : SumPath::chain;
}

/// Sums over the ranks whose bits do not depend on the ranks:
///   sum = (((a_0 + a_1) + a_2) + ...)
/// rounded after each addition. The addends of rank 0 come first, in their order, then those of rank 1, and
/// so on.
template <typename T>
class OrderedSum {
 public:
  /// `backend` adds. It must outlive the object.
  explicit OrderedSum(const Backend<T>& backend) : backend_(backend) {}

  /// Leaves the sum on every rank. The first call plans the memory. Rank r has counts[r] addends, and at
  /// least one of the ranks has one. `addends` are this rank's, of as many elements as `sum`, which overlaps
  /// none of them.
  void operator()(Communicator& ranks, std::span<const std::size_t> counts, std::span<const T* const> addends,
                  std::span<T> sum);

  /// The two halves of a sum by owners, for work between them. Sums of several objects may be under way. All
  /// of them begin() before the first may end(). They end in the order in which they began. What `counts`
  /// and `addends` refer to is still there at the end.
  void begin(Communicator& ranks, std::span<const std::size_t> counts, std::span<const T* const> addends,
             std::span<T> sum);
  void end(Communicator& ranks);

 private:
  void by_chain(Communicator& ranks, std::span<const T* const> addends, std::span<T> sum);
  void wait_all(Communicator& ranks);

  const Backend<T>& backend_;
  std::span<const std::size_t> counts_;  ///< of the sum under way, and so on
  std::span<const T* const> addends_;
  std::span<T> sum_;
  AlignedBuffer<T> received_;                    ///< addends, or sums, of other ranks
  std::vector<Communicator::Request> arriving_,  ///< one after the other
      leaving_, coming_back_;
};

}  // namespace mlpbench
