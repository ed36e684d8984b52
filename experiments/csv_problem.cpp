#include "experiments/csv_problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/data/preprocessing.h"
#include "experiments/csv_target.h"
#include "experiments/memory.h"
#include "experiments/notebook.h"
#include "support/error.h"
#include "support/format.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr double kTestFraction = 0.2;

/// The file, read when a problem is first made of it; seeds may be built at the same time.
struct CsvData {
  std::once_flag once;
  std::optional<CsvTable> table;
  ColumnRules rules;
  TargetColumn target;
  UsableRows usable;
  ClassLabels classes;         ///< of the usable rows; empty of a regression
  std::vector<double> values;  ///< of the usable rows; empty of a classification
  std::vector<std::string> notes;

  void read(const CsvQuestion& question);

 private:
  void read_targets();
  void note(const CsvQuestion& question);
};

void CsvData::read(const CsvQuestion& question) {
  rules = rules_of(question);
  const std::optional<Task> said = task_of(question);
  table = read_csv(question.file, format_of(question));
  target = look_at_target(*table, table->column(question.target), said, rules.missing);
  usable = usable_rows(*table, target.column, rules, target.known);
  if (usable.rows.empty()) {
    throw UserError(printable_path(table->file()) +
                    ": --missing drop leaves no row: " + missing_text(usable.missing));
  }
  read_targets();
  note(question);
}

void CsvData::read_targets() {
  if (target.task == Task::regression) {
    values = numeric_column(*table, target.column, usable.rows);
    return;
  }
  classes = class_labels(*table, target.column, usable.rows, target.labels);
  if (target.task == Task::binary && classes.names.size() != 2) {
    throw table->error(target.column,
                       fmt::format("has {} classes, and --task binary needs two", classes.names.size()));
  }
}

/// What the user should know that does not depend on the split.
void CsvData::note(const CsvQuestion& question) {
  if (question.task.empty()) {
    notes.push_back(fmt::format(
        "--target {} is taken for a {} task{}; --task says otherwise", printable(question.target),
        task_words()[static_cast<std::size_t>(target.task)],
        target.task == Task::regression ? "" : fmt::format(" with {} classes", classes.names.size())));
  }
  if (classes.merged) {
    notes.push_back(fmt::format("'{}' and '{}' are one class, by value; --task multiclass compares text",
                                printable(classes.merged->first), printable(classes.merged->second)));
  }
  if (table->line_not_utf8() != 0) {
    notes.push_back(
        fmt::format("{}: row {} is not UTF-8: names are compared byte by byte and shown with \\xNN",
                    printable_path(table->file()), table->line_not_utf8()));
  }
  const std::size_t left_out = table->rows() - usable.rows.size();
  const std::string where = usable.missing.empty() ? "" : "; missing cells: " + missing_text(usable.missing);
  if (left_out > 0) {
    notes.push_back(fmt::format(
        "--missing {}: {} of {} rows left out{}{}", missing_words()[static_cast<std::size_t>(rules.missing)],
        left_out, table->rows(),
        usable.without_target > 0 ? fmt::format(", {} without a target", usable.without_target) : "", where));
  }
  if (!usable.missing.empty() && rules.missing != MissingRule::drop) {
    notes.push_back(
        fmt::format("--missing {0}: a missing number is the {0} of the training rows, a missing name is 0 in "
                    "all features{1}",
                    missing_words()[static_cast<std::size_t>(rules.missing)], where));
  }
}

/// A fifth of the rows is the test set.
Split split_once(const std::string& file, std::size_t rows, std::uint32_t split_seed) {
  const auto test_rows = static_cast<std::size_t>(std::ceil(kTestFraction * static_cast<double>(rows)));
  if (rows < test_rows + 2) {
    throw UserError(fmt::format("{}: {} too few: a fifth is kept for the test, and training needs two", file,
                                rows == 1 ? "1 row is" : fmt::format("{} rows are", rows)));
  }
  return train_test_split(rows, kTestFraction, split_seed);
}

/// The usable rows of each set, as positions in CsvData::usable.
Split split_rows(const CsvData& data, const Settings& settings) {
  const std::string file = printable_path(data.table->file());
  const std::size_t rows = data.usable.rows.size();
  Split split = settings.folds <= 1   ? split_once(file, rows, settings.split_seed)
                : data.values.empty() ? stratified_k_fold(data.classes.index, data.classes.names.size(),
                                                          settings.folds, settings.split_seed)[settings.fold]
                                      : k_fold(rows, settings.folds, settings.split_seed)[settings.fold];
  const auto all_equal = [&](const auto& targets) {
    return std::all_of(split.train_rows.begin(), split.train_rows.end(),
                       [&](std::size_t i) { return targets[i] == targets[split.train_rows.front()]; });
  };
  if (data.values.empty() ? all_equal(data.classes.index) : all_equal(data.values)) {
    throw UserError(
        fmt::format("{}: all {} training rows have the same target; another --split-seed may help", file,
                    split.train_rows.size()));
  }
  return split;
}

Targets targets_of(const CsvData& data, std::span<const std::size_t> chosen) {
  if (data.target.task == Task::multiclass) {
    std::vector<std::size_t> labels;
    for (const std::size_t i : chosen) labels.push_back(data.classes.index[i]);
    return Targets::one_hot(labels, data.classes.names.size());
  }
  Matrix<double> Y(chosen.size(), 1);
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    Y(i, 0) =
        data.values.empty() ? static_cast<double>(data.classes.index[chosen[i]]) : data.values[chosen[i]];
  }
  return Y;
}

std::vector<std::size_t> rows_of(const CsvData& data, std::span<const std::size_t> chosen) {
  std::vector<std::size_t> rows;
  for (const std::size_t i : chosen) rows.push_back(data.usable.rows[i]);
  return rows;
}

void encode_features(const CsvData& data, TableEncoding& encoding, Problem& problem) {
  const CsvTable& table = *data.table;
  if (encoding.features() == 0) {
    throw UserError(printable_path(table.file()) + ": no column has a value in the training rows");
  }
  require_data_memory(printable_path(table.file()), data.usable.rows.size(), encoding.features());
  EncodedCells cells;
  problem.train.X = encode(encoding, table, problem.train_rows, cells);
  learn_scaling(encoding, table, problem.train.X);
  problem.test.X = encode(encoding, table, problem.test_rows, cells);
  if (cells.unseen > 0) {
    problem.notes.push_back(fmt::format("{}: no training row has this name; {} of this kind: all 0",
                                        cells.first_unseen, format_count(cells.unseen, "test cell")));
  }
}

void standardise_targets(const CsvData& data, TableEncoding& encoding, Problem& problem) {
  const StandardScaler targets = StandardScaler::fit(
      problem.train.Y.values().view(),
      [&](std::size_t, std::string_view what) { return data.table->error(data.target.column, what); });
  targets.transform(problem.train.Y.values().view());
  targets.transform(problem.test.Y.values().view());
  problem.target_mean = encoding.target_mean = targets.mean()[0];
  problem.target_scale = encoding.target_scale = targets.scale()[0];
}

/// A class that the network cannot learn.
void note_untrained_classes(const CsvData& data, const Split& split, Problem& problem) {
  std::vector<bool> trained(data.classes.names.size());
  for (const std::size_t i : split.train_rows) trained[data.classes.index[i]] = true;
  std::vector<std::string> untrained;
  for (std::size_t k = 0; k < trained.size(); ++k) {
    if (!trained[k]) untrained.push_back(data.classes.names[k]);
  }
  if (untrained.empty()) return;
  constexpr std::size_t kShown = 5;
  const auto shown = std::span(untrained).first(std::min(untrained.size(), kShown));
  problem.notes.push_back(fmt::format(
      "no training row has the {} {}{}: the network cannot learn {}", shown.size() == 1 ? "class" : "classes",
      listed(shown, [](const std::string& name) { return "'" + printable(name) + "'"; }),
      untrained.size() > kShown ? fmt::format(" and {} more", untrained.size() - kShown) : "",
      untrained.size() == 1 ? "it" : "them"));
}

NetworkSpec network_for(const Problem& problem, const Settings& settings) {
  const Loss loss = problem.task == Task::binary       ? Loss::binary_cross_entropy
                    : problem.task == Task::multiclass ? Loss::softmax_cross_entropy
                                                       : Loss::mean_squared_error;
  return dense_network(problem.train.features(), settings, {problem.train.outputs(), info(loss).canonical},
                       {loss});
}

Parameters<double> he_or_glorot(const NetworkSpec& network, RandomState& stream) {
  Parameters<double> theta(network);
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const MatrixView<double> W = theta.W(l);
    const bool he = info(network.layers[l].activation).initializer == Initializer::he;
    const double deviation = std::sqrt(2.0 / static_cast<double>(he ? W.cols : W.cols + W.rows));
    for (double& w : std::span(W.data, W.rows * W.cols)) w = deviation * stream.standard_normal();
  }
  return theta;
}

/// "FILE: row R, column C (NAME)" of a feature.
std::string feature_place(const CsvData& data, const TableEncoding& encoding, std::size_t row,
                          std::size_t feature) {
  for (const FeatureColumn& column : encoding.columns) {
    if (feature < column.features()) return data.table->place(row, data.table->column(column.name));
    feature -= column.features();
  }
  return printable_path(data.table->file());
}

Problem build(const std::shared_ptr<const CsvData>& data, const Settings& settings) {
  const Split split = split_rows(*data, settings);
  Problem problem;
  problem.task = data->target.task;
  problem.notes = data->notes;
  problem.train_rows = rows_of(*data, split.train_rows);
  problem.test_rows = rows_of(*data, split.test_rows);
  const auto encoding = std::make_shared<TableEncoding>(
      learn_columns(*data->table, data->target.column, data->rules, problem.train_rows));
  encode_features(*data, *encoding, problem);
  problem.train.Y = targets_of(*data, split.train_rows);
  problem.test.Y = targets_of(*data, split.test_rows);
  if (problem.task == Task::regression) {
    standardise_targets(*data, *encoding, problem);
  } else {
    problem.class_names = encoding->class_names = data->classes.names;
    note_untrained_classes(*data, split, problem);
  }
  problem.place = [data, encoding](std::size_t row, std::size_t feature) {
    return feature_place(*data, *encoding, row, feature);
  };
  problem.encoding = encoding;
  problem.network = network_for(problem, settings);
  problem.stream = RandomState(settings.seed);
  problem.initial = settings.init ? draw_parameters(problem.network, *settings.init, problem.stream)
                                  : he_or_glorot(problem.network, problem.stream);
  return problem;
}

}  // namespace

Experiment csv_experiment(std::shared_ptr<const CsvQuestion> question) {
  Experiment experiment =
      file_experiment("train_csv", "trains on a CSV file and tests on a fifth of it (docs/csv.md).",
                      "--epochs 100 --learning-rate 0.05 --batch-size 32 --hidden 16 --folds 1");
  const auto data = std::make_shared<CsvData>();
  experiment.build = [question, data](const Settings& settings) {
    std::call_once(data->once, [&] { data->read(*question); });
    return build(data, settings);
  };
  experiment.also = restore_units;
  experiment.print = print_csv_result;
  experiment.draws_boundary = true;
  return experiment;
}

}  // namespace mlpbench
