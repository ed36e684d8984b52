#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "core/network.h"
#include "experiments/experiment.h"
#include "experiments/initial_parameters.h"

namespace mlpbench {

// What the experiments have in common; each one's own file is its definition.

/// inputs, then the hidden layers as the settings have them, then the output layer. UserError when a number
/// of hidden units is 0 or above a million, or when the settings' loss does not go with the output.
NetworkSpec dense_network(std::size_t inputs, const Settings& settings, LayerSpec output, LossSpec loss);

/// Draws problem.initial for problem.network from problem.stream, by `rule` unless the settings have another.
void draw_initial(const InitialRule& rule, const Settings& settings, Problem& problem);

/// The same once problem.stream has been started with settings.seed.
void start_and_draw_initial(const InitialRule& rule, const Settings& settings, Problem& problem);

inline constexpr std::size_t kTestRowsWithShards = 65'536;  ///< rows, where the settings cut the data

/// For settings that cut the data. The last fifth of `samples` rows, at most kTestRowsWithShards of them, is
/// the test set, which every rank has; without `holds_out` there is none. The rows before it are the shards.
/// Makes problem.shards. Returns the rows of the rank, then those of the test set. UserError for more shards
/// than rows.
std::array<RowRange, 2> rows_of_shards(const Settings& settings, std::size_t samples, bool holds_out,
                                       Problem& problem);

/// Fills problem.train, .test and both lists of rows: a fifth of `all` is the test set, chosen by
/// sklearn.model_selection.train_test_split(test_size=0.2, random_state=split_seed).
void hold_out_a_fifth(const Dataset& all, std::uint32_t split_seed, Problem& problem);

/// Makes `data` the training set and the set that is evaluated, where the notebook keeps no test set.
void evaluate_on_training_set(Dataset data, Problem& problem);

/// Calls print(epoch, loss) for the epochs that the notebooks print: each one up to 20, else about ten, those
/// that epochs / 10 divides.
template <typename Print>
void for_each_printed_epoch(std::span<const double> losses, Print print) {
  const std::size_t every = losses.size() > 20 ? losses.size() / 10 : 1;
  for (std::size_t epoch = 0; epoch < losses.size(); epoch += every) print(epoch, losses[epoch]);
}

/// The losses that are shown where no notebook says which: the means over the epochs, of full batch the only
/// ones.
std::span<const double> shown_losses(const TrainingTrace& trace);

/// "Epoch 10 - Loss: 0.1465" for the printed epochs.
void print_epochs(std::span<const double> losses);

/// print_epochs() of the losses, and "Test Accuracy: 99.12%".
void print_losses_and_accuracy(const Problem& problem, const RunResult& result);

/// Losses, outputs and all parameters: what is compared of an experiment without a reference file.
std::vector<ReferenceValue> all_numbers(const RunResult& result);

/// An experiment on files of the user's, without `build`. There is no notebook to agree with: no row is left
/// out, and the batch shrinks to what there is. `settings` are its own beside those of all such experiments.
Experiment file_experiment(const std::string& name, const std::string& about, const std::string& settings);

/// Adds W1, b1, W2, b2, ... with W in the notebook's order.
void append_parameters(const Parameters<double>& theta, WeightOrder order,
                       std::vector<ReferenceValue>& values);

/// Adds W_last (outputs x inputs of the layer) and bias_last: what a reference file of a larger network
/// keeps.
void append_last_layer(const Parameters<double>& theta, std::vector<ReferenceValue>& values);

/// All elements, row after row.
std::vector<double> flattened(MatrixView<const double> values);

/// The numbers of nested lists, in their order. What is no number becomes NaN, which agrees with nothing.
std::vector<double> flattened(const nlohmann::ordered_json& lists);

}  // namespace mlpbench
