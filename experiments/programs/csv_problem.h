#pragma once

#include <optional>
#include <string>
#include <vector>

#include "experiments/cli/options.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// What the user says about a file to train on.
struct CsvQuestion {
  std::string file;
  std::string target;      ///< name of the column to predict
  std::string task;        ///< "binary", "multiclass", "regression", or empty: from the target column
  std::string activation;  ///< of the hidden layers; empty: relu
};

/// A problem made from a file, and what is needed to speak about it in the file's own terms.
struct CsvProblem {
  Problem problem;
  bool task_inferred = false;
  double target_mean = 0.0;   ///< regression: the training targets' mean and standard deviation; the network
  double target_scale = 1.0;  ///< learns (y - mean) / scale
};

std::vector<std::string_view> task_words();        ///< what --task takes, in the order of Task
std::vector<std::string_view> activation_words();  ///< what --activation takes

/// Reads the file and builds the problem:
///   - every other column is a number and a feature;
///   - a fifth of the rows, chosen by train_test_split(split_seed), is the test set;
///   - features, and the targets of a regression, are standardised with mean and deviation of the training
///     rows alone: the test rows must not leak into what the network sees;
///   - initial weights are Gaussians from RandomState(seed), layer by layer, W in rows of units, biases 0.
///     Standard deviation by the activation's Initializer: sqrt(2 / inputs) or sqrt(2 / (inputs + units));
///   - two classes: sigmoid and binary cross-entropy, the second class in order is 1; more: softmax and
///     cross-entropy; regression: identity and mean squared error.
/// A default batch larger than the training set becomes the training set. Throws UserError for a file that
/// core/data/csv.h refuses, a task that does not fit the column, one class only, too few rows.
CsvProblem build_csv_problem(const CsvQuestion& question, Options& options);

/// Puts a regression's test outputs and error back into the file's units and adds what only these runs have
/// to result.extra: "r_squared" (null when the test targets are all equal), "target_mean", "target_scale".
void restore_units(const CsvProblem& csv, RunResult& result);

/// About ten loss lines, then the test result: accuracy and confusion matrix by class name, or MSE and R^2.
void print_csv_result(const CsvProblem& csv, const RunResult& result);

}  // namespace mlpbench
