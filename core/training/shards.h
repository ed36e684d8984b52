#pragma once

#include <cstddef>

#include "core/chunks.h"
#include "core/training/communicator.h"

namespace mlpbench {

/// [first, first + count).
struct IndexRange {
  std::size_t first = 0, count = 0;

  constexpr std::size_t end() const noexcept { return first + count; }
};

/// What rank `rank` of `size` has of `count` things.
constexpr IndexRange range_of_rank(std::size_t count, std::size_t rank, std::size_t size) noexcept {
  const std::size_t first = first_of_rank(count, rank, size);
  return {first, first_of_rank(count, rank + 1, size) - first};
}

/// Training data cut into `count` shards of consecutive samples, whose sizes differ by one at most, before
/// anybody knows how many ranks there are. Every batch takes its share of each shard. Columns
/// range_of_rank(n, s, count) of a batch of n samples are those of shard s. Gradients and loss are summed
/// within a shard, over its chunks, and then over the shards in their order. So the bits depend on the number
/// of shards alone. A rank has a range of the shards and holds the samples of no others.
struct Shards {
  std::size_t count = 0;    ///< 0: the data are not cut
  std::size_t samples = 0;  ///< of all
  IndexRange own = {};      ///< those whose samples this rank has

  explicit operator bool() const noexcept { return count != 0; }

  /// The samples of the own shards among `of_all`: of the data, or of a batch.
  IndexRange own_of(std::size_t of_all) const noexcept {
    const std::size_t first = first_of_rank(of_all, own.first, count);
    return {first, first_of_rank(of_all, own.end(), count) - first};
  }
};

/// The shards that rank `rank` of `size` has.
constexpr Shards shards_of_rank(std::size_t count, std::size_t samples, std::size_t rank,
                                std::size_t size) noexcept {
  return {count, samples, range_of_rank(count, rank, size)};
}

/// What the gradients of a batch are summed over: its Chunks, or its part of each shard. Columns are those
/// that this rank has.
class BatchParts {
 public:
  BatchParts(const NetworkSpec& network, std::size_t batch, const Shards& shards) noexcept
      : chunks_(network, batch), shards_(shards), batch_(batch) {}

  std::size_t count() const noexcept { return shards_ ? shards_.count : chunks_.count(); }
  std::size_t first(std::size_t part) const noexcept {
    if (!shards_) return chunks_.first(part);
    return first_of_rank(batch_, part, shards_.count) -
           first_of_rank(batch_, shards_.own.first, shards_.count);
  }
  std::size_t samples(std::size_t part) const noexcept {
    return shards_ ? range_of_rank(batch_, part, shards_.count).count : chunks_.samples(part);
  }
  template <typename T>
  MatrixView<T> part(MatrixView<T> batch, std::size_t number) const noexcept {
    return batch.columns(first(number), samples(number));
  }

 private:
  Chunks chunks_;
  Shards shards_;
  std::size_t batch_;
};

}  // namespace mlpbench
