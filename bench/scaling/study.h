// What parallelism costs in learning: accuracy, and time to a target, over seeds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "backends/registry.h"

namespace mlpbench {

struct StudyOptions {
  std::size_t seeds = 10;                 ///< 1, 2, ...: of the initial weights and the order of the samples
  std::size_t threads = 2;                ///< of the parallel trainers
  std::vector<std::string> experiments;   ///< empty: all of the study
  std::string backend;                    ///< empty: the first usable one
  std::uint32_t order_seed = 1;           ///< of the trainers' order within a seed
  std::function<void(std::string)> tell;  ///< progress, may be empty
};

/// An experiment trained by one trainer, once a seed. Data and split are the same for all seeds.
struct StudyRow {
  std::string experiment, trainer;
  const BackendEntry* backend = nullptr;
  std::size_t epochs = 0;  ///< of a whole run, and the most of one to the target
  std::size_t batch_size = 0;
  std::size_t threads = 1;
  double learning_rate = 0.0;
  double target_accuracy = 0.0;

  std::vector<double> accuracy;    ///< on the held-out data after all epochs, one a seed
  std::vector<double> final_loss;  ///< on the training data
  std::size_t reached = 0;         ///< seeds that met the target
  std::vector<double> epochs_to_target, seconds_to_target, seconds_with_evaluation;  ///< of these seeds alone
  std::vector<double> lost_updates;  ///< hogwild, strict: of a whole run

  std::size_t seeds() const { return accuracy.size(); }
};

/// Trains every experiment with full-batch, mini-batch, sync, hogwild (strict and fast) and local-sgd on each
/// seed, the trainers in random order within a seed: once for all epochs, once to the target. float32.
/// UserError for an experiment that the study has not, or a backend that cannot run.
std::vector<StudyRow> run_study(const StudyOptions& options);

/// An aligned table; runs that did not reach the target are counted, never averaged in.
std::string study_text(const std::vector<StudyRow>& rows);
nlohmann::ordered_json study_json(const std::vector<StudyRow>& rows);

}  // namespace mlpbench
