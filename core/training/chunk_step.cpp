#include "core/training/chunk_step.h"

namespace mlpbench {
namespace {

/// Chunks of a round for each thread: with one, a thread that the system holds back holds back all others.
constexpr std::size_t kChunksPerThread = 4;

/// Elements that one thread adds in less time than a fork and join.
constexpr std::size_t kAddedAlone = 32 * 1024;

/// A range of weights is a multiple of so many: whole lines, so that two threads never write the same one.
constexpr std::size_t kRange = kThreadAlignment / sizeof(float);

}  // namespace

template <typename T>
ChunkStep<T>::ChunkStep(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch,
                        ThreadPool& pool, const std::atomic<bool>* interrupt)
    : backend_(backend), network_(network), pool_(pool), sum_(network) {
  const Chunks chunks(network, batch);
  for (std::size_t thread_id = 0; thread_id < pool.threads(); ++thread_id) {
    workspaces_.push_back(
        std::make_unique<Workspace<T>>(backend, network, Chunks::most_samples(network), interrupt));
  }
  for (std::size_t n = 0; n < std::min(chunks.count(), pool.threads() * kChunksPerThread); ++n) {
    kept_.push_back(std::make_unique<Kept>(network));
  }
}

/// Adds the gradients of the first `count` kept chunks to the sum, which begins with the first of them
/// `at_start`, and updates the weights `at_end`.
template <typename T>
void ChunkStep<T>::add(Parameters<T>& theta, const OptimiserStep<T>& optimiser, std::size_t count,
                       bool at_start, bool at_end) {
  const bool updates = at_end && !optimiser.clips();  // a clipped update waits for the whole sum
  for_each_range(count, [&](std::size_t first, std::size_t length) {
    const auto range = [&](Parameters<T>& of) { return of.all().subspan(first, length); };
    Parameters<T>& sum = at_start ? kept_[0]->gradient : sum_;
    for (std::size_t n = at_start ? 1 : 0; n < count; ++n) {
      backend_.accumulate(range(sum), range(kept_[n]->gradient));
    }
    if (updates) {
      backend_.update_range(optimiser, theta, sum, first, length);
    } else if (at_start) {
      std::copy_n(range(sum).begin(), length, range(sum_).begin());
    }
  });
  if (!at_end || updates) return;
  const OptimiserStep<T> clipped = optimiser.clipped(sum_.all());
  for_each_range(1, [&](std::size_t first, std::size_t length) {
    backend_.update_range(clipped, theta, sum_, first, length);
  });
}

/// body(first, length) for ranges of all parameters, shared out unless work on so many summands is short.
template <typename T>
template <typename Body>
void ChunkStep<T>::for_each_range(std::size_t summands, Body body) {
  const std::size_t size = sum_.all().size();
  if (size * summands <= kAddedAlone) return body(0, size);
  const std::size_t ranges = pool_.threads() * kChunksPerThread;
  const std::size_t length = round_up(ceil_div(size, ranges), kRange);
  pool_.for_each(ceil_div(size, length), [&](std::size_t task, std::size_t) {
    body(task * length, std::min(length, size - task * length));
  });
}

template class ChunkStep<float>;
template class ChunkStep<double>;

}  // namespace mlpbench
