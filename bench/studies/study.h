// What parallelism costs in learning: accuracy, and time to a target, over seeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "backends/registry.h"
#include "experiments/experiment.h"

namespace mlpbench {

struct StudyOptions {
  std::size_t seeds = 10;                ///< 1, 2, ...: of the initial weights and the order of the samples
  std::size_t threads = 2;               ///< of the parallel trainers
  std::vector<std::string> experiments;  ///< empty: all of the study
  std::string backend;                   ///< empty: the first usable one
  DType dtype = DType::float32;
  bool quick = false;                     ///< fewer epochs: what never reaches its target is given up sooner
  std::uint32_t order_seed = 1;           ///< of the trainers' order within a seed
  std::function<void(std::string)> tell;  ///< before each training, may be empty
};

/// An experiment trained by one trainer, once a seed. Data and split are the same for all seeds.
struct StudyRow {
  std::string experiment, trainer;
  const BackendEntry* backend = nullptr;
  DType dtype = DType::float32;
  std::size_t epochs = 0;  ///< of a whole run, and the most of one to the target
  std::size_t batch_size = 0;
  std::size_t threads = 1;
  double learning_rate = 0.0;
  double target_accuracy = 0.0;

  // One a seed.
  std::vector<double> accuracy;    ///< on the held-out data after all epochs
  std::vector<double> final_loss;  ///< on the training data
  std::vector<double> epochs_to_target, seconds_to_target, seconds_with_evaluation;  ///< kNotReached without
  std::vector<double> lost_updates;  ///< hogwild, strict: of a whole run; else empty

  std::size_t seeds() const { return accuracy.size(); }
  std::size_t reached() const;  ///< seeds that met the target
};

/// What a run that ended without meeting its target took to meet it.
inline constexpr double kNotReached = std::numeric_limits<double>::infinity();

/// {"lowest", "median", "highest", "interval", "seeds"} of numbers that may be kNotReached, which is above
/// every other: a median is infinite when half of the seeds did not reach the target. Infinite numbers are
/// null. The interval is that of median_interval() at 95 %, {"low", "high", "confidence"}, or null where the
/// seeds are too few. `values` must not be empty.
nlohmann::ordered_json to_target_json(const std::vector<double>& values);

/// Those that a target is known for: breast_cancer, moons, digits.
std::vector<std::string> study_experiments();

/// Trains every experiment with full-batch, mini-batch, sync, hogwild (strict and fast) and local-sgd on each
/// seed, the trainers in random order within a seed: once for all epochs, once to the target.
/// UserError for an experiment that the study has not, or a backend that cannot run.
std::vector<StudyRow> run_study(const StudyOptions& options);

/// An aligned table; a run that did not reach the target counts as one that takes for ever.
std::string study_text(const std::vector<StudyRow>& rows);
nlohmann::ordered_json study_json(const std::vector<StudyRow>& rows);

}  // namespace mlpbench
