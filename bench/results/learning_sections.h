// Those of the sections that say what training learned.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/results/case.h"

namespace mlpbench {

/// Which of `epochs` epochs, counted from 1, a curve of at most `most` points shows. It shows all of them
/// where they fit, else the first and the last and between them equal steps of a logarithmic axis. A step is
/// one epoch at least, so that none of the first is missing. Ascending, each once. `most` must be above 1.
std::vector<std::size_t> curve_points(std::size_t epochs, std::size_t most);

/// The loss of one trainer on one experiment.
struct CurveFact {
  std::string experiment, trainer, backend, dtype;
  Count threads, batch_size;
  double learning_rate = kUnknown;
  std::vector<Count> seeds, epoch;
  std::vector<double> seconds_per_epoch;
  std::vector<std::vector<double>>
      loss;  ///< one list a seed, one number an entry of `epoch`; NaN where it diverged

  static void fields(auto& self, auto&& visit) {
    visit("experiment", self.experiment, "name");
    visit("trainer", self.trainer, "name");
    visit("backend", self.backend, "name");
    visit("dtype", self.dtype, "float64 or float32");
    visit("threads", self.threads, "that were asked for");
    visit("batch_size", self.batch_size, "samples of one update");
    visit("learning_rate", self.learning_rate, "constant");
    visit("seeds", self.seeds, "one entry a training", Presence::always);
    visit("epoch", self.epoch, "at most 100 of the epochs, counted from 1", Presence::always);
    visit("seconds_per_epoch", self.seconds_per_epoch, "one entry a seed, seconds; null where it diverged",
          Presence::always);
    visit("loss", self.loss, "a list a seed, one number an entry of epoch: the mean over the samples",
          Presence::always);
  }
};

/// How long one trainer took to a target, over seeds.
struct TargetFact {
  std::string experiment, trainer, backend, dtype;
  Count threads, epochs, batch_size;
  double learning_rate = kUnknown, target_accuracy = kUnknown;
  std::size_t seeds = 0, reached = 0;
  RangeOfSeeds accuracy, final_loss;
  std::optional<RangeOfSeeds> lost_updates;
  RangeOfSeeds epochs_to_target, seconds_to_target, seconds_with_evaluation;

  static void fields(auto& self, auto&& visit) {
    visit("experiment", self.experiment, "name");
    visit("trainer", self.trainer, "name; hogwild's with its form");
    visit("backend", self.backend, "name");
    visit("dtype", self.dtype, "float64 or float32");
    visit("threads", self.threads, "that were asked for");
    visit("epochs", self.epochs, "of a whole run, and the most of one to the target");
    visit("batch_size", self.batch_size, "samples of one update");
    visit("learning_rate", self.learning_rate, "constant");
    visit("target_accuracy", self.target_accuracy, "on the held-out data, part of 1");
    visit("seeds", self.seeds, "how many");
    visit("seeds_that_reached", self.reached, "how many of them met the target");
    visit("accuracy", self.accuracy, "on the held-out data after all epochs, part of 1");
    visit("final_loss", self.final_loss, "on the training data after all epochs");
    visit("lost_updates", self.lost_updates, "hogwild, strict: of a whole run");
    visit("epochs_to_target", self.epochs_to_target, "a seed that did not reach it counts as infinity");
    visit("seconds_to_target", self.seconds_to_target, "without the evaluations, seconds");
    visit("seconds_to_target_with_evaluation", self.seconds_with_evaluation, "with the evaluations, seconds");
  }
};

/// A trial of an optimiser's tuning: one learning rate over seeds.
struct RateFact {
  double learning_rate = kUnknown;
  std::size_t reached = 0;
  double epochs_to_target = kUnknown, validation_loss = kUnknown;

  static void fields(auto& self, auto&& visit) {
    visit("learning_rate", self.learning_rate, "constant");
    visit("seeds_that_reached", self.reached, "how many seeds met the target");
    visit("epochs_to_target", self.epochs_to_target, "of the median seed; null where it did not reach it");
    visit("validation_loss", self.validation_loss, "the lowest of a run, of the median seed");
  }
};

/// An optimiser with a batch size at the learning rate that its tuning chose.
struct OptimiserFact {
  std::string experiment, optimiser, backend, dtype;
  Count batch_size, epochs;
  double learning_rate = kUnknown, target_loss = kUnknown;
  std::size_t seeds = 0, reached = 0;
  RangeOfSeeds epochs_to_target, seconds_to_target, validation_loss, accuracy;
  std::vector<RateFact> rates;
  CurveFact curve;

  static void fields(auto& self, auto&& visit) {
    visit("experiment", self.experiment, "name");
    visit("optimiser", self.optimiser, "name");
    visit("backend", self.backend, "name");
    visit("dtype", self.dtype, "float64 or float32");
    visit("batch_size", self.batch_size, "samples of one update");
    visit("epochs", self.epochs, "of a run");
    visit("learning_rate", self.learning_rate, "that the tuning chose");
    visit("target_loss", self.target_loss, "on the validation data");
    visit("seeds", self.seeds, "how many, others than those of the tuning");
    visit("seeds_that_reached", self.reached, "how many of them met the target");
    visit("epochs_to_target", self.epochs_to_target, "a seed that did not reach it counts as infinity");
    visit("seconds_to_target", self.seconds_to_target, "without the evaluations, seconds");
    visit("validation_loss", self.validation_loss, "the lowest of a run");
    visit("accuracy", self.accuracy, "on the test data, of the epoch with that loss, part of 1");
    visit("rates", self.rates, "the tuning, one entry a learning rate", Presence::always);
    visit("curve", self.curve, "loss on the validation data; its trainer is the optimiser");
  }
};

}  // namespace mlpbench
