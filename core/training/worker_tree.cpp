#include "core/training/worker_tree.h"

#include <algorithm>

namespace mlpbench {

template <typename T>
WorkerTree<T>::WorkerTree(const Backend<T>& backend, const StepRanks& ranks, std::size_t workers)
    : backend_(backend),
      ranks_(ranks),
      workers_(workers),
      own_(range_of_rank(workers, ranks.rank(), ranks.size())) {
  std::vector<bool> added(workers);
  for (std::size_t apart = 1; apart < workers; apart *= 2) {
    for (std::size_t k = 0; k + apart < workers; k += 2 * apart) {
      // The subtrees of both end before worker k + 2 apart.
      std::size_t rank = 0;
      while (first_of_rank(workers, rank + 1, ranks.size()) <= k) ++rank;
      if (std::min(k + 2 * apart, workers) > first_of_rank(workers, rank + 1, ranks.size())) {
        other_pairs_.push_back({k, k + apart});
      } else {
        added[k + apart] = true;
        if (rank == ranks.rank()) own_pairs_.push_back({k - own_.first, k + apart - own_.first});
      }
    }
  }
  for (std::size_t k = 0; k < workers; ++k) {
    if (!added[k]) left_.push_back(k);
  }
  for (Pair& pair : other_pairs_) {  // places in left_
    const auto place = [&](std::size_t k) {
      return static_cast<std::size_t>(std::lower_bound(left_.begin(), left_.end(), k) - left_.begin());
    };
    pair = {place(pair.into), place(pair.from)};
  }
}

template <typename T>
void WorkerTree<T>::add_own(std::span<T* const> workers, std::size_t first,
                            std::size_t count) const noexcept {
  for (const Pair& pair : own_pairs_) {
    backend_.accumulate(std::span(workers[pair.into] + first, count),
                        std::span(workers[pair.from] + first, count));
  }
}

template <typename T>
void WorkerTree<T>::over_ranks(std::span<T* const> workers, T share, std::span<T> mean) {
  Communicator& ranks = *ranks_.all;
  const auto elements_of = [&](std::size_t r) { return range_of_rank(mean.size(), r, ranks.size()); };
  const IndexRange own = elements_of(ranks.rank());
  if (received_.size() < left_.size() * own.count) received_ = AlignedBuffer<T>(left_.size() * own.count);
  requests_.clear();
  parts_.clear();
  std::size_t rank = 0;
  for (const std::size_t k : left_) {
    while (first_of_rank(workers_, rank + 1, ranks.size()) <= k) ++rank;
    if (rank == ranks.rank()) {
      parts_.push_back(workers[k - own_.first] + own.first);
    } else {
      parts_.push_back(received_.data() + parts_.size() * own.count);
      requests_.push_back(ranks.receive(std::as_writable_bytes(std::span(parts_.back(), own.count)), rank));
    }
  }
  for (std::size_t step = 1; step < ranks.size(); ++step) {
    const std::size_t to = (ranks.rank() + step) % ranks.size();
    for (const std::size_t k : left_) {
      if (k < own_.first || k >= own_.first + own_.count) continue;
      const IndexRange part = elements_of(to);
      requests_.push_back(
          ranks.send(std::as_bytes(std::span(workers[k - own_.first] + part.first, part.count)), to));
    }
  }
  for (const Communicator::Request request : requests_) ranks.wait(request);
  for (const Pair& pair : other_pairs_) {
    backend_.accumulate(std::span(parts_[pair.into], own.count), std::span(parts_[pair.from], own.count));
  }
  for (std::size_t i = 0; i < own.count; ++i) mean[own.first + i] = parts_.front()[i] * share;
  ends_.clear();
  for (std::size_t r = 0; r < ranks.size(); ++r)
    ends_.push_back((elements_of(r).first + elements_of(r).count) * sizeof(T));
  ranks.gather(std::as_writable_bytes(mean), ends_);
}

template class WorkerTree<float>;
template class WorkerTree<double>;

}  // namespace mlpbench
