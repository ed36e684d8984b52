// What a record says of a training run, field by field. Knows no experiment and no backend, so that whoever
// reads results needs neither.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/cli/machine_fields.h"

namespace mlpbench {

struct DatasetFacts {
  Count features, training_rows, test_rows;

  static void fields(auto& self, auto&& visit) {
    visit("features", self.features, "inputs of a sample");
    visit("training_rows", self.training_rows, "samples that are trained on");
    visit("test_rows", self.test_rows, "samples that are held out", Presence::required);
  }
};

/// Whether a target was met on the held-out data.
struct TargetReached {
  bool met = false;
  Count epochs;
  double seconds = kUnknown, seconds_with_evaluation = kUnknown;
  double held_out_loss = kUnknown, held_out_accuracy = kUnknown;

  static void fields(auto& self, auto&& visit) {
    visit("met", self.met, "whether the run met it");
    visit("epochs", self.epochs, "until then, or of the whole run");
    visit("seconds", self.seconds, "until then, without the evaluations");
    visit("seconds_with_evaluation", self.seconds_with_evaluation, "until then, with the evaluations");
    visit("held_out_loss", self.held_out_loss, "at the end");
    visit("held_out_accuracy", self.held_out_accuracy, "at the end, part of 1");
  }
};

/// Early stopping.
struct ValidationFacts {
  Count best_epoch;
  double best_loss = kUnknown;
  bool stopped = false;
  std::vector<double> loss_per_epoch;

  static void fields(auto& self, auto&& visit) {
    visit("best_epoch", self.best_epoch, "with the lowest loss, counted from 1: its weights were kept");
    visit("best_loss", self.best_loss, "on the validation data");
    visit("stopped", self.stopped, "whether the patience ended the run");
    visit("loss_per_epoch", self.loss_per_epoch, "on the validation data");
  }
};

struct MemberFacts {
  Count seed;
  double final_loss = kUnknown, test_accuracy = kUnknown, test_mse = kUnknown, train_seconds = kUnknown;

  static void fields(auto& self, auto&& visit) {
    visit("seed", self.seed, "of the member");
    visit("final_loss", self.final_loss, "of its last epoch");
    visit("test_accuracy", self.test_accuracy, "part of 1");
    visit("test_mse", self.test_mse, "mean squared error");
    visit("train_seconds", self.train_seconds, "of its epochs, seconds");
  }
};

struct EnsembleFacts {
  double seconds = kUnknown;
  std::vector<MemberFacts> members;

  static void fields(auto& self, auto&& visit) {
    visit("seconds", self.seconds, "wall time of training them all");
    visit("members", self.members, "one entry a seed", Presence::always);
  }
};

/// The losses of some epochs.
struct LossCurve {
  std::vector<std::size_t> epoch;
  std::vector<double> loss, mean_loss;

  static void fields(auto& self, auto&& visit) {
    visit("epoch", self.epoch, "at most 200, counted from 1, at equal steps of a logarithmic axis",
          Presence::always);
    visit("loss", self.loss,
          "what the notebook prints: of all samples before the update, or of the last batch");
    visit("mean_loss", self.mean_loss, "mini-batches: the mean over the samples of the epoch");
  }
};

/// One training run: its settings, and what came of it. A run with the same settings on the same data has the
/// same numbers.
struct RecordFacts {
  int schema_version = 0;
  std::string experiment, backend, isa;
  std::string blas_core;
  Count blas_threads;
  std::string library, library_file, library_kernels_by;
  std::string dtype, trainer;
  std::size_t threads = 1;
  Count threads_used;
  Count ranks, ranks_used, bytes_sent;
  std::string reduction;
  Count shards;
  std::string subnormals;
  std::optional<bool> force_parallel;
  Count workers, local_steps, sync_epochs;
  std::string local_state;
  std::string optimiser, schedule;
  Named<double> hyper_parameters;
  double l2 = kUnknown, weight_decay = kUnknown, clip_norm = kUnknown;
  std::string hogwild_form;
  Count lost_updates;
  std::string ensemble_of;
  double target_loss = kUnknown, target_accuracy = kUnknown;
  double validation_split = kUnknown, min_delta = kUnknown;
  Count patience;
  std::vector<std::size_t> layers;
  std::vector<std::string> activations;
  std::string init;
  std::string loss;
  double label_smoothing = kUnknown, dropout = kUnknown;
  Count epochs, batch_size;
  std::optional<bool> keep_incomplete_batch;
  double learning_rate = kUnknown;
  Count seed, split_seed, samples;
  Count folds;
  double label_noise = kUnknown;
  DatasetFacts dataset;
  std::string dataset_sha256;
  bool incomplete = false;
  Count epochs_trained;
  std::optional<TargetReached> target;
  std::optional<ValidationFacts> validation;
  std::optional<EnsembleFacts> ensemble;
  double train_seconds = kUnknown;
  Count samples_trained;
  double samples_per_second = kUnknown;
  std::string evaluated_on;
  double test_accuracy = kUnknown, test_mse = kUnknown;
  std::vector<std::vector<Count>> confusion_matrix;
  std::vector<std::string> class_names;
  std::vector<double> loss_per_epoch, mean_loss_per_epoch;
  std::string parameters_sha256;
  JsonText extra;
  std::optional<BuildFacts> build;
  std::optional<LossCurve> loss_curve;

  static void fields(auto& self, auto&& visit) {
    settings(self, visit);
    result(self, visit);
  }

 private:
  static void settings(auto& self, auto&& visit) {
    using enum Presence;
    visit("schema_version", self.schema_version, "of a record");
    visit("experiment", self.experiment, "name");
    visit("backend", self.backend, "name");
    visit("isa", self.isa, "instruction set that its inner loops executed", required, "instruction set");
    visit("blas_core", self.blas_core, "kernels that the library ran; null without one", nullable,
          "BLAS core");
    visit("blas_threads", self.blas_threads, "of the library; null without one");
    visit("library", self.library, "that computed the products, and its version; null without one", added,
          "library");
    visit("library_file", self.library_file, "path of the library; null without one", added);
    visit("library_kernels_by", self.library_kernels_by, "environment variable that chose its kernels",
          added);
    visit("dtype", self.dtype, "float64 or float32", required);
    visit("trainer", self.trainer, "name", required, "trainer");
    visit("threads", self.threads, "that were asked for", required, "threads");
    visit("threads_used", self.threads_used, "full-batch, sync: 1 below the parallel threshold", nullable,
          "threads used");
    visit("ranks", self.ranks, "processes that trained together, where there were several", nullable,
          "ranks");
    visit("ranks_used", self.ranks_used, "of these, that had a part of the work", nullable, "ranks used");
    visit("bytes_sent", self.bytes_sent, "by the first rank to the others, while it trained");
    visit("reduction", self.reduction, "allreduce: the ranks' gradients were summed in MPI's order", nullable,
          "sums over ranks");
    visit("shards", self.shards, "that the training data were cut into", nullable, "shards");
    visit("subnormals", self.subnormals,
          "keep, or flush to zero in the threads that train; null for a peer, which decides itself", added,
          "subnormals");
    visit("force_parallel", self.force_parallel, "full-batch, sync: without the parallel threshold", nullable,
          "forced parallelism");
    visit("workers", self.workers, "local-sgd", nullable, "workers");
    visit("local_steps", self.local_steps, "local-sgd: between two averages", nullable, "local steps");
    visit("sync_epochs", self.sync_epochs, "local-sgd: epochs at the start with an average a step", nullable,
          "synchronous epochs");
    visit("local_state", self.local_state, "local-sgd: optimisers' state at an average, keep or reset",
          nullable, "optimisers' state at an average");
    visit("hogwild_form", self.hogwild_form, "hogwild: strict or fast", nullable, "form of hogwild");
    visit("lost_updates", self.lost_updates, "hogwild, strict: updates that were overwritten, at least");
    visit("ensemble_of", self.ensemble_of, "ensemble: the trainer of its members", nullable,
          "trainer of the ensemble");
    visit("target_loss", self.target_loss, "ends the run early", nullable, "target loss");
    visit("target_accuracy", self.target_accuracy, "ends the run early, part of 1", nullable,
          "target accuracy");
    visit("validation_split", self.validation_split, "part of the training data for validation", nullable,
          "validation split");
    visit("patience", self.patience, "epochs without a better one that end the run", nullable, "patience");
    visit("min_delta", self.min_delta, "how much lower a validation loss must be", nullable,
          "least improvement");
    visit("layers", self.layers, "inputs, hidden units, outputs", required, "network");
    visit("activations", self.activations, "one a layer", required, "activations");
    visit("init", self.init, "rule of the initial weights, where it is not the experiment's own", nullable,
          "initial weights");
    visit("loss", self.loss, "name", nullable, "loss");
    visit("label_smoothing", self.label_smoothing, "fraction of the targets spread over all classes",
          nullable, "label smoothing");
    visit("dropout", self.dropout, "fraction of hidden units that a step drops", nullable, "dropout");
    visit("epochs", self.epochs, "that were asked for", required, "epochs");
    visit("batch_size", self.batch_size, "samples of one update; for full-batch training all", required,
          "batch size");
    visit("keep_incomplete_batch", self.keep_incomplete_batch,
          "whether an epoch's last, smaller batch counts", nullable, "last batch");
    visit("learning_rate", self.learning_rate, "at the start", required, "learning rate");
    visit("schedule", self.schedule, "of the learning rate", added, "schedule");
    visit("optimiser", self.optimiser, "that updated the parameters", added, "optimiser");
    visit("hyper_parameters", self.hyper_parameters, "of the optimiser, the schedule and the loss, by name",
          nullable, "hyper-parameters");
    visit("l2", self.l2, "penalty of squared weights", added, "penalty of weights");
    visit("weight_decay", self.weight_decay, "weights shrink by rate times this at an update", added,
          "weight decay");
    visit("clip_norm", self.clip_norm, "gradient's norm above which it is scaled down; null: none", added,
          "largest norm of a gradient");
    visit("seed", self.seed, "of the stream that the notebook draws from", required, "seed");
    visit("split_seed", self.split_seed, "of the split of the data", required, "split seed");
    visit("samples", self.samples, "of made-up data, all rows together", nullable, "samples");
    visit("folds", self.folds, "of a cross-validation: the members are the folds", nullable, "folds");
    visit("label_noise", self.label_noise, "part of such labels that was turned round", nullable,
          "label noise");
    visit("dataset", self.dataset, "sizes of the data", required, "data");
    visit("dataset_sha256", self.dataset_sha256, "of training and test data", added, "SHA-256 of the data");
  }

  static void result(auto& self, auto&& visit) {
    using enum Presence;
    visit("incomplete", self.incomplete,
          "true for an interrupted run: its numbers are of the finished epochs");
    visit("epochs_trained", self.epochs_trained, "how many");
    visit("target", self.target, "null for a run without a target");
    visit("validation", self.validation, "of a run with a validation split");
    visit("ensemble", self.ensemble, "all members; everything else in the record is the first one's");
    visit("train_seconds", self.train_seconds, "of the epochs, seconds");
    visit("samples_trained", self.samples_trained, "forward-backward passes of one sample");
    visit("samples_per_second", self.samples_per_second, "samples_trained / train_seconds");
    visit("evaluated_on", self.evaluated_on, "test set or training set");
    visit("test_accuracy", self.test_accuracy, "part of 1; null for a regression");
    visit("test_mse", self.test_mse, "mean squared error; null for a classification");
    visit("confusion_matrix", self.confusion_matrix, "samples by true class, then predicted class");
    visit("class_names", self.class_names, "where they are not 0, 1, ...");
    visit("loss_per_epoch", self.loss_per_epoch, "in the record of a single program");
    visit("mean_loss_per_epoch", self.mean_loss_per_epoch, "in the record of a single program");
    visit("parameters_sha256", self.parameters_sha256,
          "of the trained weights and biases as float64, layer by layer; NaN are one", added);
    visit("extra", self.extra, "what only this experiment has");
    visit("build", self.build, "in results.json: backend_flags alone");
    visit("loss_curve", self.loss_curve, "in results.json, in place of loss_per_epoch");
  }
};

}  // namespace mlpbench
