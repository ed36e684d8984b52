#pragma once

#include <memory>
#include <string>

#include "experiments/csv_question.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// The experiment of a CSV file, which is read when the first problem is built:
///   - every column that is not dropped is a feature: a number, or one-hot encoded where it is categorical;
///   - a fifth of the usable rows, chosen by train_test_split(split_seed), is the test set;
///   - numbers, and the targets of a regression, are standardised with mean and deviation of the training
///     rows alone, and levels and fills are theirs too: the test rows must not leak into what the network
///     sees;
///   - initial weights are Gaussians from RandomState(seed), layer by layer, W in rows of units, biases 0.
///     Standard deviation by the activation's Initializer: sqrt(2 / inputs) or sqrt(2 / (inputs + units));
///   - two classes: sigmoid and binary cross-entropy, the second class in order is 1; more: softmax and
///     cross-entropy; regression: identity and mean squared error.
/// Problem::notes say what was taken for granted and what was left out. Building throws UserError for a file
/// that core/data refuses, a task that does not fit the column, or one class only. Also for too few rows, or
/// more data than this process can hold.
Experiment csv_experiment(std::shared_ptr<const CsvQuestion> question);

/// Converts a regression's test outputs and error back into the file's units. Adds what only these runs have
/// to result.extra: "r_squared" (null where it is undefined or beyond float64), "target_mean",
/// "target_scale".
void restore_units(const Problem& problem, RunResult& result);

/// About ten loss lines, then the test result: accuracy and confusion matrix by class name, or MSE and R^2.
/// Of more than 20 classes the 20 with the most wrong rows.
void print_csv_result(const Problem& problem, const RunResult& result);

}  // namespace mlpbench
