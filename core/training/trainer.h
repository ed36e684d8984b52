#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/backend.h"
#include "core/data/dataset.h"
#include "core/data/random_state.h"
#include "core/training/communicator.h"
#include "core/training/held_out.h"
#include "core/training/run_state.h"
#include "core/training/shards.h"
#include "support/subnormals.h"

namespace mlpbench {

/// How hogwild touches the shared weights (train_hogwild).
enum class HogwildForm { strict, fast };

/// What becomes of the state of a local-sgd worker's optimiser when the weights are averaged.
enum class LocalState { keep, reset };

/// How ranks sum gradients.
enum class Reduction {
  ordered,   ///< over the chunks in their order: the bits of one rank
  allreduce  ///< by MPI_Allreduce, in its order, each rank's chunks first
};

/// What a user may set of a training run.
struct TrainerSettings {
  std::size_t epochs = 0;
  double learning_rate = 0.0;
  std::size_t batch_size = 32;         ///< samples of one step; full-batch training ignores it
  bool keep_incomplete_batch = false;  ///< train on the last samples % batch_size samples too, or drop them
  OptimiserSpec optimiser = {};

  /// Training has the targets (1 - label_smoothing) y + label_smoothing / outputs of each one-hot y, and
  /// evaluation has y: C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna, Rethinking the Inception
  /// architecture for computer vision, CVPR 2016, section 7.
  double label_smoothing = 0.0;

  std::size_t threads = 1;      ///< of the parallel trainers; more than the CPUs are allowed
  bool force_parallel = false;  ///< also where a step is too short to share (above_parallel_threshold())

  Reduction reduction = Reduction::ordered;  ///< of the trainers whose ranks share single steps

  std::size_t shards = 0;  ///< that full-batch and sync cut the data into (Shards); 0: they do not

  std::size_t workers = 4;      ///< local-sgd: K, the logical workers, for any number of threads
  std::size_t local_steps = 8;  ///< local-sgd: H, steps of a worker between two averages
  std::size_t sync_epochs = 0;  ///< local-sgd: the first epochs average after every step
  LocalState local_state = LocalState::keep;

  HogwildForm hogwild_form = HogwildForm::strict;
  std::string_view ensemble_of = "mini-batch";  ///< ensemble: the serial trainer of the members

  /// The mode of all arithmetic of the run, in every thread that takes part. flush changes no result that is
  /// normal, but for what subnormal operands would have added to it.
  Subnormals subnormals = Subnormals::flush;
};

struct TrainingOptions : TrainerSettings {
  bool sum_gradients = false;      ///< the gradients of a batch are summed instead of averaged
  std::uint32_t dropout_seed = 0;  ///< of the masks

  Target target;          ///< ends the run early
  Validation validation;  ///< keeps the best weights, may end the run early

  const Checkpoints* checkpoints = nullptr;  ///< null: none are kept; those of the first rank count

  /// The processes that train together, all with the same run; null: this one alone. What a run decides, all
  /// ranks decide alike, and all end with the same parameters and losses.
  Communicator* ranks = nullptr;

  /// Ends the run when it becomes true, within the step or the evaluation under way, which is abandoned. May
  /// be null. It must not become false again while the run lasts.
  const std::atomic<bool>* interrupt = nullptr;
  const std::atomic<bool>* also_interrupt = nullptr;  ///< between two steps: another member has failed

  /// Called between epochs, at most about a hundred times a run, never while the clock runs. May be empty.
  std::function<void(std::size_t epochs_done)> progress;

  /// Of a batch in an epoch, counted from 0; all samples in their order without `samples`.
  DropoutPlace place(std::size_t epoch, std::span<const std::uint32_t> samples = {}) const noexcept {
    return {dropout_seed, static_cast<std::uint32_t>(epoch), samples};
  }

  /// What training has in place of a target y of a sample with so many of them.
  double smoothed(double y, std::size_t outputs) const noexcept {
    if (label_smoothing == 0.0) return y;
    return (1.0 - label_smoothing) * y + label_smoothing / static_cast<double>(outputs);
  }

  /// What the gradients of a batch are multiplied by: 1 for a sum over its samples, 1 / samples for a mean.
  template <typename T>
  T gradient_scale(std::size_t samples) const noexcept {
    return sum_gradients ? T{1} : T{1} / static_cast<T>(samples);
  }
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
  Shards shards = {};  ///< where the data are cut: `data` has the samples of the own ones

  std::size_t samples() const noexcept { return shards ? shards.samples : data.samples(); }  ///< of all ranks
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

  std::size_t threads = 1;  ///< that the steps ran on: 1 below the parallel threshold

  std::size_t ranks = 1;         ///< that had a part of the work
  std::uint64_t bytes_sent = 0;  ///< by this rank, to the others

  /// Ended by TrainingOptions::interrupt; the last epoch is incomplete and left out.
  bool interrupted = false;

  std::optional<TargetReport> target;          ///< when one was set
  std::optional<ValidationReport> validation;  ///< when there were held-out data for it

  /// hogwild, strict: how often a worker overwrote an element that another had changed since it was read. A
  /// lower bound: the last look is a few instructions before the write.
  std::optional<std::uint64_t> lost_updates;
};

/// A way to train. `train` throws WrongResult, naming the epoch, when a loss is NaN or infinite;
/// std::bad_alloc.
struct TrainerEntry {
  std::string_view name;
  std::string_view about;
  bool uses_batches;   ///< reads TrainingOptions::batch_size
  bool parallel;       ///< reads TrainingOptions::threads
  bool deterministic;  ///< leaves the same bits on any number of threads, on a backend with block_invariant

  /// The trainer whose bits it leaves on one thread, may be itself; empty: that of an ensemble's members.
  std::string_view equivalent_to;

  /// Threads share single steps, where these are long enough (above_parallel_threshold()). Without it the
  /// bits of a deterministic trainer do not depend on block_invariant either.
  bool has_parallel_threshold = false;

  bool shares_ranks =
      false;  ///< reads TrainingOptions::ranks; others train on the first rank, all have its result

  bool runs_members = false;  ///< trains whole runs of TrainingOptions::ensemble_of, one a thread

  bool stateless = false;  ///< takes only optimisers that keep no state

  /// The command line's options for this trainer that not all trainers have: "--workers".
  std::span<const std::string_view> options = {};

  bool reads(std::string_view option) const noexcept {
    return std::find(options.begin(), options.end(), option) != options.end();
  }

  TrainingTrace (*train_float32)(const TrainingRun<float>&);
  TrainingTrace (*train_float64)(const TrainingRun<double>&);

  TrainingTrace train(const TrainingRun<float>& run) const;
  TrainingTrace train(const TrainingRun<double>& run) const;
};

/// A trainer or predict_epochs() changes the calling thread's MXCSR (aarch64: FPCR) while it runs. The bits
/// FTZ and DAZ (FZ) are as TrainerSettings::subnormals says, also while progress() is called. They are as
/// before when the call returns or throws. The run's other threads have its mode in the run's tasks alone. A
/// library's own threads (OpenBLAS's) keep the mode of the thread that made them.
std::span<const TrainerEntry> all_trainers();

/// What trains nothing, to time inference alone: an epoch is predict_epochs()'s forward pass. Not one of
/// all_trainers().
inline constexpr std::string_view kPredict = "predict";

/// UserError lists the trainers when there is none of that name. Knows kPredict too.
const TrainerEntry& find_trainer(std::string_view name);

/// One of all_trainers(), for an option.
const TrainerEntry& find_trainer(std::string_view option, std::string_view name);

/// Gradient descent on all samples at once, one update an epoch:
///   theta = theta - learning_rate * (1/m) sum_samples d loss / d theta.
/// On several threads as train_sync() does it, with all samples as the batch.
template <typename T>
TrainingTrace train_full_batch(const TrainingRun<T>& run);

/// Serial mini-batch stochastic gradient descent, the reference of every parallel trainer. Each epoch
/// shuffles 0..m-1 afresh (numpy.random.shuffle of arange(m), drawn from the run's stream) and takes
/// batch_size samples a step in that order.
template <typename T>
TrainingTrace train_mini_batch(const TrainingRun<T>& run);

/// Data-parallel mini-batch gradient descent, one update a batch: train_mini_batch() with every step spread
/// over the threads by ParallelStep. The same weights and losses, bit for bit, on any number of threads, on
/// backends with block_invariant. Below the parallel threshold (above_parallel_threshold()) it is
/// train_mini_batch().
template <typename T>
TrainingTrace train_sync(const TrainingRun<T>& run);

/// Hogwild: each thread takes the next batch of the epoch's order and computes its gradient from the weights
/// as they are. It subtracts the gradient from weights that the others are changing too, without a lock. With
/// one thread this is train_mini_batch() bit for bit; with more, runs differ, and only their statistics are
/// promised. The threads meet at the end of an epoch. F. Niu, B. Recht, C. Re, S. Wright: Hogwild!, NIPS
/// 2011; with batches as in S. Sallinen, N. Satish, M. Smelyanskiy, S. Sury, C. Re: High performance parallel
/// stochastic gradient descent in shared memory, IPDPS 2016. UserError for an optimiser that keeps a state:
/// see require_stateless().
///   strict   Every access to what is shared is a relaxed atomic one of one element. A thread copies the
///            weights, computes on the copy, and applies the backend's update to runs of 256 elements that it
///            reads and writes so. Free of data races; counts lost updates of weights.
///   fast     The backend reads and updates the shared weights themselves with its vector instructions. A
///            data race to the language. It relies on compilers that do not look through virtual calls, and
///            on processors that never tear an aligned element of 4 or 8 bytes, with any instruction:
///            Intel SDM, volume 3, 10.1.1; Arm ARM for A-profile, B2.2.1, where every element of a vector is
///            single-copy atomic. aarch64 may reorder accesses to two elements, which x86-64 hardly does:
///            updates are then seen later and in another order, as the theory allows.
template <typename T>
TrainingTrace train_hogwild(const TrainingRun<T>& run);

/// Local SGD: K logical workers start an epoch's rounds from the same weights. They take H steps of one batch
/// each on weights of their own. These are then averaged,
///   theta = (1/K) sum_k theta_k, the sum a balanced tree over k,
/// until the epoch's samples are used up; the last round may be shorter. Step h of a round has the next K
/// batches of the shuffled order, worker k the k-th. So H = 1 is sync with batches of K * batch_size but for
/// rounding, and K = 1 is mini-batch, bit for bit. Samples that do not fill K batches are dropped or, with
/// keep_incomplete_batch, make a last step whose shares differ by one at most. A worker has an optimiser's
/// state of its own, which is not averaged. Averaging leaves it, as local momentum is in Lin et al., or, with
/// LocalState::reset, sets it to 0. The bits depend on K, H and the batch, never on the threads.
/// `sync_epochs` epochs with H = 1 come first: post-local SGD.
///   S. Stich: Local SGD converges fast and communicates little, ICLR 2019 (arXiv 2018).
///   T. Lin, S. Stich, K. Patel, M. Jaggi: Don't use large mini-batches, use local SGD, ICLR 2020 (arXiv
///   2018).
/// UserError when K batches are more than the data and incomplete ones are dropped.
template <typename T>
TrainingTrace train_local_sgd(const TrainingRun<T>& run);

/// Trains all `runs` with `trainer`, serially each and options.threads of the first at a time. A run has the
/// bits that it has alone: they share nothing that changes. Each has its own backend, data, weights and
/// stream, which may be the same object only where it is const. When one throws, the others stop and the
/// exception says which member it was, counted from 0. Only the first run's progress is reported.
template <typename T>
std::vector<TrainingTrace> train_ensemble(std::span<const TrainingRun<T>> runs, const TrainerEntry& trainer);

/// The ensemble of one, of options.ensemble_of.
template <typename T>
TrainingTrace train_ensemble(const TrainingRun<T>& run);

/// Inference: every epoch is one forward pass over all samples, at most a chunk of them at once. The
/// parameters stay what they are, and the trace has no losses.
template <typename T>
TrainingTrace predict_epochs(const TrainingRun<T>& run);

/// Throws UserError, naming `trainer`, when the optimiser keeps a state beside the parameters. Threads
/// without locks would mix the states of several updates; nobody has shown what such an optimiser does.
void require_stateless(const OptimiserSpec& optimiser, std::string_view trainer);

/// Throws UserError when a batch of run.options for each of `workers` would not fit the data, or its size is
/// 0.
template <typename T>
void require_batches(const TrainingRun<T>& run, std::size_t workers = 1);

/// Outputs of the network for every sample of `X`, (outputs x samples) in float64. They are computed for at
/// most `batch` and at most a chunk's samples at a time. In the thread's mode of subnormals. An empty matrix
/// once `interrupt`, which may be null, became true.
template <typename T>
Matrix<double> predict_all(const Backend<T>& backend, const NetworkSpec& network, const Parameters<T>& theta,
                           const Matrix<double>& X, std::size_t batch = 1024,
                           const std::atomic<bool>* interrupt = nullptr);

}  // namespace mlpbench
