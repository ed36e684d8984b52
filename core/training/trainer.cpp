#include "core/training/trainer.h"

#include <array>
#include <string>

#include "core/training/batch.h"
#include "core/training/rank_results.h"
#include "support/error.h"
#include "support/find_named.h"

namespace mlpbench {

namespace {

constexpr std::string_view kSharedSteps[] = {"--force-parallel", "--reduction", "--shards"};
constexpr std::string_view kLocalSgd[] = {"--workers", "--local-steps", "--sync-epochs", "--local-state"};
constexpr std::string_view kHogwild[] = {"--hogwild-form"};
constexpr std::string_view kEnsemble[] = {"--members", "--ensemble-of"};

template <typename T>
TrainingTrace train_with(const TrainerEntry& trainer, TrainingTrace (*train)(const TrainingRun<T>&),
                         const TrainingRun<T>& run) {
  if (run.shards && !trainer.reads("--shards"))
    throw UserError("--shards: is for trainer full-batch or sync, not for " + std::string(trainer.name));
  if (run.shards && run.shards.own.count != run.shards.count && run.options.ranks == nullptr)
    throw UserError("--shards: only all ranks together have all of them");
  if (run.shards && run.options.reduction == Reduction::allreduce)
    throw UserError("--reduction allreduce: sums over --shards are in their order");
  Communicator* const ranks = run.options.ranks;
  if (ranks == nullptr) return train(run);
  const std::uint64_t before = ranks->bytes_sent();
  TrainingTrace trace = trainer.shares_ranks ? train(run) : train_on_first_rank(run, train);
  trace.bytes_sent = ranks->bytes_sent() - before;
  return trace;
}

}  // namespace

TrainingTrace TrainerEntry::train(const TrainingRun<float>& run) const {
  return train_with(*this, train_float32, run);
}
TrainingTrace TrainerEntry::train(const TrainingRun<double>& run) const {
  return train_with(*this, train_float64, run);
}

std::span<const TrainerEntry> all_trainers() {
  static constexpr std::array entries = {
      TrainerEntry{.name = "full-batch",
                   .about = "gradient descent on all samples, one update an epoch",
                   .uses_batches = false,
                   .parallel = true,
                   .deterministic = true,
                   .equivalent_to = "full-batch",
                   .has_parallel_threshold = true,
                   .shares_ranks = true,
                   .options = kSharedSteps,
                   .train_float32 = train_full_batch<float>,
                   .train_float64 = train_full_batch<double>},
      TrainerEntry{.name = "mini-batch",
                   .about = "serial stochastic gradient descent, one update a batch",
                   .uses_batches = true,
                   .parallel = false,
                   .deterministic = true,
                   .equivalent_to = "mini-batch",
                   .train_float32 = train_mini_batch<float>,
                   .train_float64 = train_mini_batch<double>},
      TrainerEntry{.name = "sync",
                   .about = "mini-batch with every step shared by the threads; the same bits",
                   .uses_batches = true,
                   .parallel = true,
                   .deterministic = true,
                   .equivalent_to = "mini-batch",
                   .has_parallel_threshold = true,
                   .shares_ranks = true,
                   .options = kSharedSteps,
                   .train_float32 = train_sync<float>,
                   .train_float64 = train_sync<double>},
      TrainerEntry{.name = "hogwild",
                   .about = "threads take batches and update shared weights without locks",
                   .uses_batches = true,
                   .parallel = true,
                   .deterministic = false,
                   .equivalent_to = "mini-batch",
                   .shares_ranks = true,  // to refuse them
                   .stateless = true,
                   .options = kHogwild,
                   .train_float32 = train_hogwild<float>,
                   .train_float64 = train_hogwild<double>},
      TrainerEntry{.name = "local-sgd",
                   .about = "workers train alone for some steps, then average their weights",
                   .uses_batches = true,
                   .parallel = true,
                   .deterministic = true,
                   .equivalent_to = "local-sgd",
                   .shares_ranks = true,
                   .options = kLocalSgd,
                   .train_float32 = train_local_sgd<float>,
                   .train_float64 = train_local_sgd<double>},
      TrainerEntry{.name = "ensemble",
                   .about = "one whole serial run a thread, for many seeds at once",
                   .uses_batches = true,
                   .parallel = true,
                   .deterministic = true,
                   .equivalent_to = "",
                   .shares_ranks = true,
                   .runs_members = true,
                   .options = kEnsemble,
                   .train_float32 = train_ensemble<float>,
                   .train_float64 = train_ensemble<double>},
  };
  return entries;
}

const TrainerEntry& find_trainer(std::string_view option, std::string_view name) {
  return find_named(all_trainers(), option, "trainer", name);
}

void require_stateless(const OptimiserSpec& optimiser, std::string_view trainer) {
  if (find_optimiser(optimiser.name).state_buffers == 0) return;
  throw UserError("--optimiser " + std::string(optimiser.name) + ": keeps a state, which the threads of " +
                  std::string(trainer) + " would mix; it takes sgd");
}

const TrainerEntry& find_trainer(std::string_view name) {
  static constexpr TrainerEntry kInference{.name = kPredict,
                                           .about = "no training: forward passes",
                                           .uses_batches = false,
                                           .parallel = false,
                                           .deterministic = true,
                                           .equivalent_to = kPredict,
                                           .train_float32 = predict_epochs<float>,
                                           .train_float64 = predict_epochs<double>};
  return name == kPredict ? kInference : find_trainer("--trainer", name);
}

template <typename T>
Matrix<double> predict_all(const Backend<T>& backend, const NetworkSpec& network, const Parameters<T>& theta,
                           const Matrix<double>& X, std::size_t batch, const std::atomic<bool>* interrupt) {
  const std::size_t samples = X.rows();
  batch = std::min({batch, samples, Chunks::most_samples(network)});
  Matrix<double> outputs(network.outputs(), samples);
  Matrix<T> inputs = Matrix<T>::padded(X.cols(), batch);
  Workspace<T> workspace(backend, network, batch, interrupt);
  for (std::size_t first = 0; first < samples; first += batch) {
    if (workspace.interrupted()) return {};
    const std::size_t count = std::min(batch, samples - first);
    const MatrixView<T> chunk = inputs.view().columns(0, count);
    transpose_into<T>(MatrixView<const double>{X.row(first), count, X.cols(), X.cols()}, chunk);
    const MatrixView<const T> A = backend.predict(network, theta, chunk, workspace);
    for (std::size_t k = 0; k < A.rows; ++k) {
      for (std::size_t n = 0; n < count; ++n) outputs(k, first + n) = static_cast<double>(A(k, n));
    }
  }
  return outputs;
}

template Matrix<double> predict_all(const Backend<float>&, const NetworkSpec&, const Parameters<float>&,
                                    const Matrix<double>&, std::size_t, const std::atomic<bool>*);
template Matrix<double> predict_all(const Backend<double>&, const NetworkSpec&, const Parameters<double>&,
                                    const Matrix<double>&, std::size_t, const std::atomic<bool>*);

}  // namespace mlpbench
