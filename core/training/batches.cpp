#include "core/training/batches.h"

#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "support/error.h"

namespace mlpbench {

template <typename T>
void require_batches(const TrainingRun<T>& run, std::size_t workers) {
  const std::size_t size = run.options.batch_size, samples = run.data.samples();
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
}

template <typename T>
Batches<T>::Batches(const TrainingRun<T>& run, std::size_t workers)
    : features_(run.data.features()),
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
  trained_ = run.options.keep_incomplete_batch ? samples : samples / size_ * size_;
  order_.resize(samples);
  next_.resize(samples);
  std::iota(next_.begin(), next_.end(), std::uint32_t{0});
  left_ = samples;
}

template <typename T>
void Batches<T>::shuffle() noexcept {
  draw_ahead(left_);
  std::swap(order_, next_);
  std::iota(next_.begin(), next_.end(), std::uint32_t{0});
  left_ = next_.size();
}

template <typename T>
void Batches<T>::draw_ahead(std::size_t count) noexcept {
  stream_.shuffle_last(std::span(next_).first(left_), count);
  left_ -= std::min(count, left_);
}

template void require_batches(const TrainingRun<float>&, std::size_t);
template void require_batches(const TrainingRun<double>&, std::size_t);
template class Batches<float>;
template class Batches<double>;

}  // namespace mlpbench
