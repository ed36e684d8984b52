#include "core/training/batches.h"

#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "support/error.h"

namespace mlpbench {

template <typename T>
void require_batches(const TrainingRun<T>& run, std::size_t workers) {
  const std::size_t size = run.options.batch_size, samples = run.samples();
  if (size == 0) throw UserError("--batch-size 0: must be at least 1");
  if (samples > std::numeric_limits<std::uint32_t>::max()) {
    throw UserError("the training data has " + std::to_string(samples) +
                    " samples: mini-batches take at most 4294967295");
  }
  if (size > samples || (!run.options.keep_incomplete_batch && workers > samples / size)) {
    const std::string times = workers == 1 ? "" : " for " + std::to_string(workers) + " workers";
    throw UserError("--batch-size " + std::to_string(size) + times + ": the training data has " +
                    std::to_string(samples) + " samples");
  }
  if (run.shards && size % run.shards.count != 0) {
    throw UserError("--batch-size " + std::to_string(size) + ": must be a multiple of --shards " +
                    std::to_string(run.shards.count));
  }
}

template <typename T>
Batches<T>::Batches(const TrainingRun<T>& run, std::size_t workers)
    : shards_(run.shards),
      features_(run.data.features()),
      one_hot_(run.data.Y.is_one_hot()),
      on_(static_cast<T>(run.options.smoothed(1.0, run.data.outputs()))),
      off_(static_cast<T>(run.options.smoothed(0.0, run.data.outputs()))),
      stream_(run.stream),
      size_(workers * run.options.batch_size) {
  require_batches(run, workers);
  const std::size_t samples = run.data.samples(), outputs = run.data.outputs();
  data_ = Matrix<T>(samples, gathered_stride<T>(features_ + (one_hot_ ? 1 : outputs)));
  const auto rounded = [](double value) { return static_cast<T>(value); };
  for (std::size_t i = 0; i < samples; ++i) {
    T* const targets =
        std::transform(run.data.X.row(i), run.data.X.row(i) + features_, data_.row(i), rounded);
    if (one_hot_) {
      *targets = static_cast<T>(run.data.Y.class_of(i));
    } else {
      for (std::size_t k = 0; k < outputs; ++k)
        targets[k] = rounded(run.options.smoothed(run.data.Y(i, k), outputs));
    }
  }
  const std::size_t all = run.samples();
  trained_ = run.options.keep_incomplete_batch ? all : all / size_ * size_;
  order_.resize(samples);
  next_.resize(samples);
  std::iota(next_.begin(), next_.end(), std::uint32_t{0});
  left_ = samples;
}

/// order_ becomes batch after batch the rows of the own shards.
template <typename T>
void Batches<T>::shuffle_shards() {
  std::size_t row = 0;  // of data_
  for (std::size_t s = 0; s < shards_.count; ++s) {
    RandomState stream(static_cast<std::uint32_t>(stream_.bounded(0xFFFFFFFF)));
    if (s < shards_.own.first || s >= shards_.own.end()) continue;
    const std::size_t rows = range_of_rank(shards_.samples, s, shards_.count).count;
    const std::span<std::uint32_t> shard = std::span(next_).subspan(row, rows);
    std::iota(shard.begin(), shard.end(), static_cast<std::uint32_t>(row));
    stream.shuffle_last(shard, rows);
    const std::size_t share = size_ / shards_.count;
    for (std::size_t b = 0; b < ceil_div(shards_.samples, size_); ++b) {
      const std::size_t in_batch = std::min(size_, shards_.samples - b * size_);
      const std::size_t place = b * shards_.own_of(size_).count + first_of_rank(in_batch, s, shards_.count) -
                                shards_.own_of(in_batch).first;
      std::copy_n(shard.begin() + static_cast<std::ptrdiff_t>(b * share),
                  range_of_rank(in_batch, s, shards_.count).count,
                  order_.begin() + static_cast<std::ptrdiff_t>(place));
    }
    row += rows;
  }
}

template <typename T>
void Batches<T>::shuffle() noexcept {
  if (shards_) return shuffle_shards();
  draw_ahead(left_);
  std::swap(order_, next_);
  std::iota(next_.begin(), next_.end(), std::uint32_t{0});
  left_ = next_.size();
}

template <typename T>
void Batches<T>::draw_ahead(std::size_t count) noexcept {
  if (shards_) return;
  stream_.shuffle_last(std::span(next_).first(left_), count);
  left_ -= std::min(count, left_);
}

template void require_batches(const TrainingRun<float>&, std::size_t);
template void require_batches(const TrainingRun<double>&, std::size_t);
template class Batches<float>;
template class Batches<double>;

}  // namespace mlpbench
