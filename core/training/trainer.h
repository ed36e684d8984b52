#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "core/backend.h"
#include "core/data/dataset.h"
#include "core/data/random_state.h"

namespace mlpbench {

struct TrainingOptions {
  std::size_t epochs = 0;
  double learning_rate = 0.0;
  std::size_t batch_size = 0;          ///< samples of one step; full-batch training ignores it
  bool keep_incomplete_batch = false;  ///< train on the last samples % batch_size samples too, or drop them
  bool sum_gradients = false;          ///< the gradients of a batch are summed instead of averaged

  /// Called between epochs, at most about a hundred times a run, never while the clock runs. May be empty.
  std::function<void(std::size_t epochs_done)> progress;
};

/// One training run. `theta` holds the initial parameters and receives the trained ones; `stream` continues
/// where the initial parameters left it and supplies the order of the samples.
template <typename T>
struct TrainingRun {
  const Backend<T>& backend;
  const NetworkSpec& network;
  const Dataset& data;
  const TrainingOptions& options;
  Parameters<T>& theta;
  RandomState& stream;
};

struct TrainingTrace {
  /// What the notebooks print: full batch, the loss of all samples before each update; mini-batch, the loss
  /// of the epoch's last batch before its update. Means over samples.
  std::vector<double> loss_per_epoch;

  /// Mini-batch: the mean over all samples that the epoch trained on. Empty for full batch, where the two
  /// agree.
  std::vector<double> mean_loss_per_epoch;

  /// Wall-clock seconds of the epochs: the steps, and for mini-batches drawing the order and gathering the
  /// samples. Casting and laying out the data, planning memory and reporting progress are outside.
  double seconds = 0.0;

  std::size_t samples_trained = 0;  ///< forward-backward passes of one sample, over all epochs
};

/// A way to train. `train` throws WrongResult, naming the epoch, when a loss is NaN or infinite;
/// std::bad_alloc.
struct TrainerEntry {
  std::string_view name;
  std::string_view about;
  bool uses_batches;  ///< reads TrainingOptions::batch_size
  TrainingTrace (*train_float32)(const TrainingRun<float>&);
  TrainingTrace (*train_float64)(const TrainingRun<double>&);

  TrainingTrace train(const TrainingRun<float>& run) const { return train_float32(run); }
  TrainingTrace train(const TrainingRun<double>& run) const { return train_float64(run); }
};

std::span<const TrainerEntry> all_trainers();

/// UserError lists the trainers when there is none of that name.
const TrainerEntry& find_trainer(std::string_view name);

/// Gradient descent on all samples at once, one update an epoch:
///   theta = theta - learning_rate * (1/m) sum_samples d loss / d theta.
template <typename T>
TrainingTrace train_full_batch(const TrainingRun<T>& run);

/// Serial mini-batch stochastic gradient descent, the reference of every parallel trainer. Each epoch
/// shuffles 0..m-1 afresh (numpy.random.shuffle of arange(m), drawn from the run's stream) and takes
/// batch_size samples a step in that order.
template <typename T>
TrainingTrace train_mini_batch(const TrainingRun<T>& run);

/// Outputs of the network for every sample of `data`, (outputs x samples) in float64, computed `batch`
/// samples at a time.
template <typename T>
Matrix<double> predict_all(const Backend<T>& backend, const NetworkSpec& network, const Parameters<T>& theta,
                           const Matrix<double>& X, std::size_t batch = 1024);

}  // namespace mlpbench
