#pragma once

#include <memory>
#include <string>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

/// What the user says about a file to train on.
struct CsvQuestion {
  std::string file;
  std::string target;  ///< name of the column to predict
  std::string task;    ///< "binary", "multiclass", "regression", or empty: from the target column
};

std::vector<std::string_view> task_words();  ///< what --task takes, in the order of Task

/// The experiment of a CSV file, which is read when the first problem is built:
///   - every other column is a number and a feature;
///   - a fifth of the rows, chosen by train_test_split(split_seed), is the test set;
///   - features, and the targets of a regression, are standardised with mean and deviation of the training
///     rows alone: the test rows must not leak into what the network sees;
///   - initial weights are Gaussians from RandomState(seed), layer by layer, W in rows of units, biases 0.
///     Standard deviation by the activation's Initializer: sqrt(2 / inputs) or sqrt(2 / (inputs + units));
///   - two classes: sigmoid and binary cross-entropy, the second class in order is 1; more: softmax and
///     cross-entropy; regression: identity and mean squared error.
/// Building throws UserError for a file that core/data/csv.h refuses, a task that does not fit the column,
/// one class only, too few rows.
Experiment csv_experiment(std::shared_ptr<const CsvQuestion> question);

/// What the target column was taken for, where the user did not say; else empty.
std::string task_note(const CsvQuestion& question, const Problem& problem);

/// Puts a regression's test outputs and error back into the file's units and adds what only these runs have
/// to result.extra: "r_squared" (null when the test targets are all equal), "target_mean", "target_scale".
void restore_units(const Problem& problem, RunResult& result);

/// About ten loss lines, then the test result: accuracy and confusion matrix by class name, or MSE and R^2.
void print_csv_result(const Problem& problem, const RunResult& result);

}  // namespace mlpbench
