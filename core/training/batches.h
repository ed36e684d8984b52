#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/training/batch.h"
#include "core/training/gather.h"
#include "core/training/trainer.h"

namespace mlpbench {

/// The batches of a run's epochs. Every epoch draws a new order of all samples, RandomState::shuffle() of 0
/// ... n-1, and cuts it into batches of the same size. What is left is a shorter last batch with
/// keep_incomplete_batch, or dropped.
///
/// Where the data are cut (Shards), every epoch draws a seed for each shard, by bounded(2^32 - 1).
/// RandomState(seed) shuffles the shard. A batch takes the next samples of each shard.
template <typename T>
class Batches {
 public:
  /// A batch holds run.options.batch_size samples for each of `workers`. UserError as require_batches().
  explicit Batches(const TrainingRun<T>& run, std::size_t workers = 1);

  std::size_t count() const noexcept { return ceil_div(trained_, size_); }  ///< of an epoch
  std::size_t size(std::size_t batch) const noexcept { return std::min(size_, trained_ - batch * size_); }

  /// The optimiser of the run, of so many updates an epoch.
  Optimiser<T> optimiser(const TrainingRun<T>& run) const {
    return {run.options.optimiser,
            run.options.learning_rate,
            run.network,
            {run.options.epochs, count(), trained_}};
  }

  /// The samples of a batch, in the order of the epoch that shuffle() began. Where the data are cut, those of
  /// this rank's shards.
  std::span<const std::uint32_t> samples(std::size_t batch) const noexcept {
    if (shards_) return std::span(order_).subspan(batch * shards_.own_of(size_).count, own_size(batch));
    return std::span(order_).subspan(batch * size_, size(batch));
  }
  std::size_t own_size(std::size_t batch) const noexcept {
    return shards_ ? shards_.own_of(size(batch)).count : size(batch);
  }

  /// Those of the batches after it.
  std::span<const std::uint32_t> samples_after(std::size_t batch) const noexcept {
    return std::span(order_).first(trained_).subspan(batch * size_ + size(batch));
  }

  /// Begins the next epoch.
  void shuffle() noexcept;

  /// The order of the next epoch, as far as it is drawn: see RunState.
  void visit_state(const StateVisitor& visit) {
    if (shards_) return;  // which begin every epoch by seeds of the run's stream
    visit("next_order", std::as_writable_bytes(std::span(next_)));
    visit("next_order_left", bytes_of(left_));
  }

  /// Draws the places of `count` samples of the order after this one. Drawing takes about 3 ns a sample: on
  /// many threads a part of the time that training on it takes.
  void draw_ahead(std::size_t count) noexcept;

  /// Writes `samples`, rounded to T, into the columns of `batch` from `column` on. A thread that gathers all
  /// batches in their order says what comes `next`, which is then on its way to the cache.
  void gather(std::span<const std::uint32_t> samples, Batch<T>& batch, std::size_t column = 0,
              std::span<const std::uint32_t> next = {}) const noexcept {
    if (!one_hot_) return gather_rows(data_, samples, column, batch.rows().view(), next);
    gather_rows(data_, samples, column, batch.rows().view().row_range(0, features_ + 1), next);
    expand_one_hot(column, samples.size(), on_, off_, batch.Y());
  }

 private:
  void shuffle_shards();

  Shards shards_;
  Matrix<T> data_;  ///< a sample's features and its targets, or its class, in one row, rounded to T
  std::size_t features_;
  bool one_hot_;
  T on_, off_;  ///< of a one-hot target
  RandomState& stream_;
  std::size_t size_, trained_;
  std::vector<std::uint32_t> order_, next_;
  std::size_t left_;  ///< of next_, those at the front that have not been drawn
};

/// The gradients of batches, and what one thread needs to compute them.
template <typename T>
class BatchGradients {
 public:
  explicit BatchGradients(const TrainingRun<T>& run)
      : run_(run),
        batch_(run.data.features(), run.data.outputs(), run.options.batch_size),
        workspace_(run.backend, run.network, run.options.batch_size, run.options.interrupt) {}

  /// Of the loss at theta for at most batch_size `samples` of an epoch, into gradients(). Returns the loss, a
  /// sum over them; NaN and no gradients once the run was interrupted. `next` as in Batches::gather().
  double operator()(const Parameters<T>& theta, const Batches<T>& batches, std::size_t epoch,
                    std::span<const std::uint32_t> samples,
                    std::span<const std::uint32_t> next = {}) noexcept {
    const std::size_t count = samples.size();
    workspace_.set_place(run_.options.place(epoch, samples));
    batches.gather(samples, batch_, 0, next);
    return run_.backend.gradients(run_.network, theta, batch_.X().columns(0, count),
                                  batch_.Y().columns(0, count),
                                  run_.options.template gradient_scale<T>(count), workspace_);
  }

  const Parameters<T>& gradients() noexcept { return workspace_.gradients(); }

  /// Whether the call that returned `loss` was abandoned.
  bool abandoned(double loss) const noexcept { return std::isnan(loss) && workspace_.interrupted(); }

 private:
  const TrainingRun<T>& run_;
  Batch<T> batch_;
  Workspace<T> workspace_;
};

}  // namespace mlpbench
