#include "core/training/chunk_step.h"

namespace mlpbench {
namespace {

/// Chunks of a round for each thread: with one, a thread that the system holds back holds back all others.
constexpr std::size_t kChunksPerThread = 4;

/// Elements that one thread adds in less time than a fork and join.
constexpr std::size_t kAddedAlone = 32 * 1024;

/// Bytes of the gradients that a rank keeps.
constexpr std::size_t kKeptBytes = std::size_t{1} << 30;

/// Bytes that make a message of their own: 10 GbE moves them in 14 us, and a message costs its ranks 1 us
/// each.
constexpr std::size_t kShortestMessage = 16 * 1024;

/// A range of weights is a multiple of so many: whole lines, so that two threads never write the same one.
constexpr std::size_t kRange = kThreadAlignment / sizeof(float);

/// The chunks of a round for one rank.
std::size_t kept_chunks(std::size_t chunks, const StepRanks& ranks, std::size_t threads,
                        std::size_t gradient_bytes) {
  const std::size_t few = threads * kChunksPerThread;
  return ranks.ordered()
             ? std::min(ceil_div(chunks, ranks.size()), std::max(few, kKeptBytes / gradient_bytes))
             : std::min(chunks, few);
}

}  // namespace

template <typename T>
ChunkStep<T>::ChunkStep(const Backend<T>& backend, const NetworkSpec& network, std::size_t batch,
                        ThreadPool& pool, const std::atomic<bool>* interrupt, const StepRanks& ranks)
    : backend_(backend), network_(network), pool_(pool), ranks_(ranks), batch_(batch), sum_(network) {
  const std::size_t chunks =
      ranks.shards ? ranks.shards.count : Chunks(network, samples_of_rank(batch).count).count();
  const std::size_t longest =
      ranks.shards ? ceil_div(batch, ranks.shards.count) : Chunks::most_samples(network);
  const std::size_t kept = ranks.shards && ranks.ordered()
                               ? ranks.shards.own.count
                               : kept_chunks(chunks, ranks, pool.threads(), sum_.all().size_bytes());
  round_ = !ranks.ordered() ? kept : ranks.shards ? chunks : kept * ranks.size();
  for (std::size_t thread_id = 0; thread_id < pool.threads(); ++thread_id) {
    workspaces_.push_back(std::make_unique<Workspace<T>>(backend, network, longest, interrupt));
  }
  for (std::size_t n = 0; n < kept; ++n) kept_.push_back(std::make_unique<Kept>(network));
  if (round_ < chunks && ranks.ordered()) before_ = Parameters<T>(network);
  if (ranks.ordered()) plan_buckets();
}

/// One bucket for each layer whose messages, one of each pair of ranks, are long enough. Layers that have
/// less join the one before them. Only the thread that opened the ranks may send, so several threads have one
/// bucket. So has what goes by the chain: that is pipelined by itself.
template <typename T>
void ChunkStep<T>::plan_buckets() {
  const std::size_t most = kept_.size() + (before_.all().empty() ? 0 : 1);
  const bool early =
      pool_.threads() == 1 && !ranks_.shards && sum_path(most, ranks_.size()) == SumPath::owners;
  std::size_t end = sum_.all().size();
  for (std::size_t l = sum_.layers(); l-- > 0;) {
    const std::size_t first = static_cast<std::size_t>(sum_.W(l).data - sum_.all().data());
    const std::size_t shortest = kShortestMessage * ranks_.size() / sizeof(T);
    if (l > 0 && (!early || end - first < shortest || first < shortest)) continue;
    buckets_.push_back({l, {first, end - first}, OrderedSum<T>(backend_)});
    end = first;
  }
}

/// The gradients and the loss of a chunk, or of a shard's part of the batch, which is a sum over its chunks.
template <typename T>
void ChunkStep<T>::differentiate(const Parameters<T>& theta, MatrixView<const T> X, MatrixView<const T> Y,
                                 T gradient_scale, Kept& kept, Workspace<T>& workspace) noexcept {
  if (!ranks_.shards) {
    kept.loss = backend_.chunk_gradients(network_, theta, X, Y, gradient_scale, kept.gradient, workspace);
    return;
  }
  kept.loss = backend_.gradients(network_, theta, X, Y, gradient_scale, workspace);
  std::swap(kept.gradient, workspace.gradients());
}

template <typename T>
IndexRange ChunkStep<T>::samples_of_rank(std::size_t batch) const noexcept {
  if (!ranks_.free_order()) return {0, batch};
  return mlpbench::samples_of_rank(batch, ranks_.rank(), ranks_.size());
}

template <typename T>
IndexRange ChunkStep<T>::chunks_of_rank(std::size_t in_round) const noexcept {
  if (!ranks_.ordered()) return {0, in_round};
  return range_of_rank(in_round, ranks_.rank(), ranks_.size());
}

/// Adds to `loss` the losses of the ranks' chunks, `of_all` together and `own` of this rank, in their order.
/// False, on all ranks, where one was interrupted.
template <typename T>
bool ChunkStep<T>::add_losses(std::size_t of_all, std::size_t own, double& loss) {
  const std::size_t size = ranks_.size();
  losses_.assign(of_all + size, 0.0);
  ends_.resize(size);
  for (std::size_t r = 0; r < size; ++r)
    ends_[r] = (first_of_rank(of_all, r + 1, size) + r + 1) * sizeof(double);
  double* const mine = losses_.data() + first_of_rank(of_all, ranks_.rank(), size) + ranks_.rank();
  *mine = workspaces_.front()->interrupted() ? 1.0 : 0.0;
  for (std::size_t n = 0; n < own; ++n) mine[n + 1] = kept_[n]->loss;
  ranks_.all->gather(std::as_writable_bytes(std::span(losses_)), ends_);
  bool stop = false;
  const double* next = losses_.data();
  for (std::size_t r = 0; r < size; ++r) {
    stop = *next++ != 0.0 || stop;
    for (std::size_t n = range_of_rank(of_all, r, size).count; n > 0; --n) loss += *next++;
  }
  ranks_.all->set_stopping(stop);
  return !stop;
}

/// What the sum over the ranks is of: that of the rounds before and the ranks' kept chunks. Gradients of
/// shards are at their places once they are made, those of chunks always.
template <typename T>
void ChunkStep<T>::plan_sum(std::size_t in_round, bool at_start) {
  const std::size_t size = ranks_.size();
  counts_.resize(size);
  for (std::size_t r = 0; r < size; ++r) counts_[r] = range_of_rank(in_round, r, size).count;
  if (!at_start) {
    ++counts_[0];
    before_.assign(sum_);
  }
  for (Bucket& bucket : buckets_) {
    bucket.addends.clear();
    const auto add = [&](const Parameters<T>& gradient) {
      bucket.addends.push_back(gradient.all().data() + bucket.elements.first);
    };
    if (!at_start && ranks_.rank() == 0) add(before_);
    for (std::size_t n = 0; n < chunks_of_rank(in_round).count; ++n) add(kept_[n]->gradient);
  }
  begun_ = 0;
}

/// Begins to sum the buckets whose gradients are made, those of `layer` among them.
template <typename T>
void ChunkStep<T>::begin_sums(std::size_t layer) {
  for (; begun_ < buckets_.size() && buckets_[begun_].layer >= layer; ++begun_) {
    Bucket& bucket = buckets_[begun_];
    bucket.sum.begin(*ranks_.all, counts_, bucket.addends,
                     sum_.all().subspan(bucket.elements.first, bucket.elements.count));
  }
}

/// Leaves the sum on all ranks.
template <typename T>
void ChunkStep<T>::add_over_ranks() {
  if (!begins_early()) {
    buckets_.front().sum(*ranks_.all, counts_, buckets_.front().addends, sum_.all());
    return;
  }
  begin_sums(0);
  for (Bucket& bucket : buckets_) bucket.sum.end(*ranks_.all);
}

/// By the sum.
template <typename T>
void ChunkStep<T>::update(Parameters<T>& theta, const OptimiserStep<T>& optimiser) {
  const OptimiserStep<T> clipped = optimiser.clipped(sum_.all());
  for_each_range(1, [&](std::size_t first, std::size_t length) {
    backend_.update_range(clipped, theta, sum_, first, length);
  });
}

/// Adds the gradients of the first `count` kept chunks to the sum, which begins with the first of them
/// `at_start`, and updates the weights `at_end`.
template <typename T>
void ChunkStep<T>::add(Parameters<T>& theta, const OptimiserStep<T>& optimiser, std::size_t count,
                       bool at_start, bool at_end) {
  const bool updates = at_end && ranks_.alone() && !optimiser.clips();  // else that waits for the whole sum
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
  if (at_end && ranks_.alone() && !updates) update(theta, optimiser);
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
