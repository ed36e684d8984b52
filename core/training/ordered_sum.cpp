#include "core/training/ordered_sum.h"

#include <algorithm>

#include "core/training/shards.h"

namespace mlpbench {

template <typename T>
void OrderedSum<T>::operator()(Communicator& ranks, std::span<const std::size_t> counts,
                               std::span<const T* const> addends, std::span<T> sum) {
  const std::size_t most = *std::max_element(counts.begin(), counts.end());
  if (sum_path(most, ranks.size()) == SumPath::owners) {
    begin(ranks, counts, addends, sum);
    end(ranks);
  } else {
    by_chain(ranks, addends, sum);
  }
}

template <typename T>
void OrderedSum<T>::begin(Communicator& ranks, std::span<const std::size_t> counts,
                          std::span<const T* const> addends, std::span<T> sum) {
  const std::size_t size = ranks.size(), own = ranks.rank();
  counts_ = counts, addends_ = addends, sum_ = sum;
  const std::size_t length = range_of_rank(sum.size(), own, size).count;
  std::size_t others = 0;
  for (std::size_t r = 0; r < size; ++r) others += r == own ? 0 : counts[r];
  if (received_.size() < others * length) received_ = AlignedBuffer<T>(others * length);
  // The others' addends of this rank's part, in the order of the sum.
  for (std::size_t r = 0, place = 0; r < size; ++r) {
    for (std::size_t n = 0; r != own && n < counts[r]; ++n, place += length) {
      const std::span<T> received = received_.span().subspan(place, length);
      arriving_.push_back(ranks.receive(std::as_writable_bytes(received), r));
    }
  }
  for (std::size_t step = 1; step < size; ++step) {
    const std::size_t r = (own + step) % size;
    const IndexRange part = range_of_rank(sum.size(), r, size);
    for (const T* addend : addends)
      leaving_.push_back(ranks.send(std::as_bytes(std::span(addend + part.first, part.count)), r));
  }
}

template <typename T>
void OrderedSum<T>::end(Communicator& ranks) {
  const std::size_t size = ranks.size(), own = ranks.rank();
  for (std::size_t step = 1; step < size; ++step) {
    const std::size_t r = (own + step) % size;
    const IndexRange theirs = range_of_rank(sum_.size(), r, size);
    coming_back_.push_back(
        ranks.receive(std::as_writable_bytes(sum_.subspan(theirs.first, theirs.count)), r));
  }
  const IndexRange range = range_of_rank(sum_.size(), own, size);
  const std::span<T> part = sum_.subspan(range.first, range.count);
  bool begun = false;
  const auto take = [&](const T* addend) {
    begun ? backend_.accumulate(part, std::span(addend, part.size()))
          : static_cast<void>(std::copy_n(addend, part.size(), part.data()));
    begun = true;
  };
  for (std::size_t r = 0, n = 0; r < size; ++r) {
    if (r == own) {
      for (const T* addend : addends_) take(addend + range.first);
    } else {
      for (std::size_t i = 0; i < counts_[r]; ++i, ++n) {
        ranks.wait(arriving_[n]);
        take(received_.data() + n * part.size());
      }
    }
  }
  for (std::size_t step = 1; step < size; ++step)
    leaving_.push_back(ranks.send(std::as_bytes(part), (own + step) % size));
  arriving_.clear();
  wait_all(ranks);
}

/// Rank r is `lag` segments ahead of the sums that come back, which the last rank has made when r's next
/// segments reach it.
template <typename T>
void OrderedSum<T>::by_chain(Communicator& ranks, std::span<const T* const> addends, std::span<T> sum) {
  const std::size_t own = ranks.rank(), last = ranks.size() - 1, lag = last - own;
  const std::size_t length = kChainSegmentBytes / sizeof(T), segments = ceil_div(sum.size(), length);
  if (received_.size() < sum.size()) received_ = AlignedBuffer<T>(sum.size());
  const auto segment = [&](std::span<T> of, std::size_t s) {
    return of.subspan(s * length, std::min(length, of.size() - s * length));
  };
  const std::span<T> partial = received_.span().first(sum.size());
  for (std::size_t s = 0; s < segments; ++s) {
    if (own > 0) arriving_.push_back(ranks.receive(std::as_writable_bytes(segment(partial, s)), own - 1));
    if (own < last) coming_back_.push_back(ranks.receive(std::as_writable_bytes(segment(sum, s)), own + 1));
  }
  for (std::size_t s = 0; s < segments + lag; ++s) {
    if (s < segments) {
      const std::span<T> now = segment(partial, s);
      if (own > 0) ranks.wait(arriving_[s]);
      for (std::size_t n = 0; n < addends.size(); ++n) {
        const T* const addend = addends[n] + s * length;
        own == 0 && n == 0 ? static_cast<void>(std::copy_n(addend, now.size(), now.data()))
                           : backend_.accumulate(now, std::span(addend, now.size()));
      }
      if (own < last) {
        leaving_.push_back(ranks.send(std::as_bytes(now), own + 1));
      } else {
        std::copy(now.begin(), now.end(), segment(sum, s).begin());
      }
    }
    if (s < lag) continue;
    if (own < last) ranks.wait(coming_back_[s - lag]);
    if (own > 0) leaving_.push_back(ranks.send(std::as_bytes(segment(sum, s - lag)), own - 1));
  }
  arriving_.clear();
  coming_back_.clear();
  wait_all(ranks);
}

/// What is left under way.
template <typename T>
void OrderedSum<T>::wait_all(Communicator& ranks) {
  for (const Communicator::Request request : coming_back_) ranks.wait(request);
  for (const Communicator::Request request : leaving_) ranks.wait(request);
  coming_back_.clear();
  leaving_.clear();
}

template class OrderedSum<float>;
template class OrderedSum<double>;

}  // namespace mlpbench
