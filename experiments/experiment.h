#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "backends/registry.h"
#include "core/data/dataset.h"
#include "core/data/random_state.h"
#include "core/data/table_encoding.h"
#include "core/dtype.h"
#include "core/network.h"
#include "experiments/settings.h"

namespace mlpbench {

/// What the test set is judged by: accuracy (binary: output > 0.5; multiclass: largest output) or mean
/// squared error.
enum class Task { binary, multiclass, regression };

/// An experiment's data, network and initial state for one Settings, in float64: the same for every backend
/// and precision.
struct Problem {
  NetworkSpec network;
  Dataset train;
  Dataset validation;  ///< what Settings::validation_split took of the training data; else empty
  Dataset test;
  Shards shards = {};                          ///< where `train` is the part of one rank
  std::string data_sha256 = {};                ///< of the file that shards were read from, where that is one
  std::string_view evaluated_on = "test set";  ///< or "training set", where the notebook keeps no test set
  Task task = Task::binary;
  std::vector<std::string> class_names;            ///< empty: the classes are 0, 1, ...
  std::vector<std::size_t> train_rows, test_rows;  ///< rows of the source data; empty without a split
  Parameters<double> initial;
  RandomState stream{0};     ///< where drawing the initial parameters left it
  double target_mean = 0.0;  ///< a regression's targets are (y - mean) / scale of what the data say
  double target_scale = 1.0;

  /// Of the user's own data: how rows become features and outputs become classes, and what was assumed.
  /// `place` says where a feature of a row of train_rows or test_rows is, "FILE: row R, column C (NAME)".
  std::shared_ptr<const TableEncoding> encoding = nullptr;
  std::function<std::string(std::size_t row, std::size_t feature)> place = nullptr;
  std::vector<std::string> notes = {};

  bool sum_gradients = false;  ///< summed over the batch instead of averaged

  /// Epochs trained before the first of Settings::epochs, whose losses are not in the trace: the notebook
  /// shows that update by itself.
  std::size_t epochs_before_first = 0;
};

/// What one training run left behind. Numbers are float64 copies of the run's own precision.
struct RunResult {
  std::string experiment;
  const BackendEntry* backend = nullptr;
  DType dtype = DType::float64;
  Settings settings;
  std::size_t ranks = 1;            ///< that the run was given, the trace has those that it used
  std::vector<std::size_t> layers;  ///< inputs, hidden units, outputs
  TrainingTrace trace;
  Parameters<double> parameters;
  Matrix<double> test_output;  ///< (outputs x test samples); empty where an interruption left no time
  std::optional<double> test_accuracy;
  std::optional<double> test_mse;
  nlohmann::ordered_json extra = nlohmann::ordered_json::object();  ///< what only this experiment prints

  /// An ensemble's: all members, this one first, and the seconds that training them all took.
  struct Member {
    std::uint32_t seed = 0;
    double final_loss = 0.0;  ///< of the last epoch; NaN when there was none
    std::optional<double> test_accuracy, test_mse;
    double seconds = 0.0;
  };
  std::vector<Member> members;
  double ensemble_seconds = 0.0;

  /// The most that the training held at once in its own buffers: data in its precision, parameters,
  /// gradients, activations, scratch; of all members. Not what a library allocates for itself. Only right
  /// while nothing else in the process makes buffers.
  std::size_t peak_bytes = 0;
};

/// One number or list of numbers of a run that its reference has too. `key` names it in the experiment's
/// reference file, with '/' between nested names; before a ':' stands another file.
struct ReferenceValue {
  std::string key;             ///< "loss_per_epoch", "worked_backprop:first_gradients/dW1"
  std::vector<double> values;  ///< flattened in the order of the reference file
};

/// One of the suite, or made at run time of the user's own network or data.
struct Experiment {
  std::string name;   ///< also the program's name and, unless it says otherwise, the reference file's
  std::string about;  ///< one line
  Settings defaults;

  /// Data, network and initial parameters, in the notebook's order of draws. UserError when the data cannot
  /// be read or the settings do not fit them.
  std::function<Problem(const Settings&)> build = nullptr;

  /// Optional: what the notebook computes besides the training run. Called after the training, off the clock.
  std::function<void(const Problem&, RunResult&)> also = nullptr;

  /// The notebook's lines, in its words and digits, to stdout.
  std::function<void(const Problem&, const RunResult&)> print = nullptr;

  /// The run's numbers that are compared with those of the reference. Null: none are.
  std::vector<ReferenceValue> (*reference_values)(const RunResult&) = nullptr;

  /// Whether a NumPy program wrote tests/reference/NAME.json. Without one the reference is the naive backend
  /// in float64, for all settings, and the keys of reference_values() are only names.
  bool has_numpy_program = true;

  /// The reference file of another run in float32 that is as right. In one step of the program a
  /// pre-activation is so near to ReLU's kink that rounding decides its side, and what follows. A run in
  /// float32 is compared with the nearer one. Empty: there is none.
  std::string_view float32_branch = {};

  /// Whether its program offers --plot: the data can have two features and two classes.
  bool draws_boundary = false;

  /// Whether a default batch larger than the training set becomes the training set: the data are the user's.
  bool fits_batch = false;

  /// Whether data and targets are made up, so that what is learned says nothing; times do.
  bool made_up = false;

  /// Whether build() reads or makes the shards of Settings::rank alone, where Settings::shards says so.
  bool has_shards = false;
};

/// Experiments that are made at run time. Whoever has cases of them keeps them.
using OwnExperiments = std::vector<std::shared_ptr<const Experiment>>;

/// The experiments in the order of the suite.
std::span<const Experiment> all_experiments();

/// std::logic_error for a name that none of them has.
const Experiment& find_experiment(std::string_view name);

/// experiment.build(), and a part of its training data for validation where the settings say so: the rows
/// that train_test_split(test_size=validation_split, random_state=split_seed) takes. What the experiment
/// standardised was measured on both parts. UserError when one of them would be empty, or --patience has
/// nothing to judge by.
Problem build_problem(const Experiment& experiment, const Settings& settings);

/// Builds the problem of settings that a user gave. Throws UserError when this machine cannot hold the
/// network, the hidden layers before anything is built. With Experiment::fits_batch, a batch that was not
/// given and is larger than the training set becomes the training set.
Problem build_for_user(const Experiment& experiment, Settings& settings, bool batch_size_given);

/// Trains `problem`, which build_problem() made with the same `settings`, on `backend` in precision `dtype`
/// and evaluates. Initial parameters, data and learning rate are rounded to `dtype`. `progress` as in
/// TrainingOptions, and so are `interrupt` and `ranks`. Throws UserError that names the option when a setting
/// is zero or does not fit (a batch larger than the data). Throws UserError that names the cell when a
/// feature is beyond `dtype`. Throws WrongResult when the loss or an output becomes NaN or infinite. What is
/// interrupted is evaluated only where that takes about 0.1 s.
RunResult run_experiment(const Experiment& experiment, const Problem& problem, const Settings& settings,
                         const BackendEntry& backend, DType dtype,
                         std::function<void(std::size_t epochs_done)> progress = {},
                         const std::atomic<bool>* interrupt = nullptr,
                         const Checkpoints* checkpoints = nullptr, Communicator* ranks = nullptr);

/// The same for several problems at once, one a thread, with the trainer settings.ensemble_of: problem i was
/// built with settings.seed + i. Returns the first one's result, with what became of all in `members`.
RunResult run_ensemble(const Experiment& experiment, std::span<const Problem> problems,
                       const Settings& settings, const BackendEntry& backend, DType dtype,
                       std::function<void(std::size_t epochs_done)> progress = {},
                       const std::atomic<bool>* interrupt = nullptr, const Checkpoints* checkpoints = nullptr,
                       Communicator* ranks = nullptr);

/// The same for a training by somebody else: `train` leaves the trained parameters and returns the trace,
/// epochs before the first included. `backend` evaluates them, in `dtype`.
RunResult run_elsewhere(const Experiment& experiment, const Problem& problem, const Settings& settings,
                        const BackendEntry& backend, DType dtype,
                        const std::function<TrainingTrace(Parameters<double>&)>& train,
                        const std::atomic<bool>* interrupt = nullptr);

/// The outputs (outputs x samples) of the run's network for X (samples x inputs), on the run's backend and in
/// its precision. `interrupt` as in predict_all().
Matrix<double> outputs_for(const Problem& problem, const RunResult& result, const Matrix<double>& X,
                           const std::atomic<bool>* interrupt = nullptr);

/// What a run left, as a member of an ensemble.
RunResult::Member member_of(const RunResult& result);

/// The largest distance of a run from its NumPy reference: |a - b| / max(1, |b|) over every number of
/// reference_values(). NaN and missing values count as infinite. `where` names the worst key. Accuracies are
/// not among the numbers: one sample more or less is no matter of rounding. See Experiment::float32_branch.
/// UserError when a reference file cannot be read.
struct Deviation {
  double largest = 0.0;
  std::string where;
  std::size_t numbers = 0;  ///< how many were compared
};
Deviation deviation_from_reference(const Experiment& experiment, const RunResult& result);

/// The same of the same numbers of another run.
Deviation deviation_from_run(const Experiment& experiment, const RunResult& result,
                             const RunResult& reference);

/// What a run's numbers were compared with.
struct Parity {
  std::string_view with;   ///< "NumPy", "naive"; empty: nothing
  std::string why_none;    ///< where `with` is empty
  Deviation deviation;     ///< empty where `with` is
  double tolerance = 0.0;  ///< that the deviation may reach

  bool is_right() const noexcept { return with.empty() || deviation.largest <= tolerance; }  ///< no NaN is

  /// "loss[2] is 1.2e-03 from NumPy's, more than 1e-12"; empty where is_right().
  std::string why_wrong() const;
};

/// The run of naive on one thread that is the reference of a run, in a type.
using NaiveRun = std::function<const RunResult&(DType dtype)>;

/// Holds `result` to NumPy's values where has_reference(experiment, settings), within reference_tolerance();
/// else to naive in float64. Its tolerance is naive_tolerance(), but in float64 of an experiment with a
/// NumPy program reference_tolerance(). Throws as deviation_from_reference() and `naive`.
Parity parity_of(const Experiment& experiment, const RunResult& result, const Settings& settings,
                 const NaiveRun& naive);

/// How far a run in `dtype` may be from its reference: 1e-12 in float64, 2e-5 in float32. Rounding alone
/// moves the NumPy programs by 1e-15 to 1e-14, and 1e-6.
double reference_tolerance(DType dtype) noexcept;

/// How far numbers in `dtype` may be from a run of naive in float64. `rounding` is naive's own distance in
/// float32. In float32 it is reference_tolerance(), or four times `rounding` where that is more. In float64
/// the latter is 2^29 times less, as its rounding is. Training can amplify the rounding of each step
/// (breast_cancer with mini-batches, by a thousand), on every backend.
double naive_tolerance(DType dtype, const Deviation& rounding) noexcept;

/// Whether `settings` are those that the reference file of the experiment was written with. These are the
/// defaults, except for the number of threads and, where the trainer uses no batches, what concerns them.
/// Never without a NumPy program.
bool has_reference(const Experiment& experiment, const Settings& settings);

}  // namespace mlpbench
