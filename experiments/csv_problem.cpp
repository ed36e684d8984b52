#include "experiments/csv_problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "core/data/preprocessing.h"
#include "experiments/csv_parts.h"
#include "experiments/csv_shards.h"
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
  CsvFacts facts;
  std::vector<std::size_t> usable;  ///< rows
  std::vector<double> values;       ///< of the usable rows; empty of a classification
  std::vector<std::string> notes;

  void read(const CsvQuestion& question);
};

void CsvData::read(const CsvQuestion& question) {
  facts.rules = rules_of(question);
  const std::optional<Task> said = task_of(question);
  table = read_csv(question.file, format_of(question));
  facts.target = look_at_target(*table, table->column(question.target), said, facts.rules.missing);
  UsableRows found = usable_rows(*table, facts.target.column, facts.rules, facts.target.known);
  usable = std::move(found.rows);
  facts.rows = table->rows();
  facts.usable = usable.size();
  facts.without_target = found.without_target;
  facts.missing = std::move(found.missing);
  require_usable(*table, facts);
  if (facts.is_regression()) {
    values = numeric_column(*table, facts.target.column, usable);
  } else {
    facts.classes = class_labels(*table, facts.target.column, usable, facts.target.labels);
    require_classes(*table, facts);
  }
  notes = csv_notes(question, *table, facts);
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
  const std::size_t rows = data.facts.usable;
  Split split = settings.folds <= 1 ? split_once(file, rows, settings.split_seed)
                : data.values.empty()
                    ? stratified_k_fold(data.facts.classes.index, data.facts.classes.names.size(),
                                        settings.folds, settings.split_seed)[settings.fold]
                    : k_fold(rows, settings.folds, settings.split_seed)[settings.fold];
  const auto all_equal = [&](const auto& targets) {
    return std::all_of(split.train_rows.begin(), split.train_rows.end(),
                       [&](std::size_t i) { return targets[i] == targets[split.train_rows.front()]; });
  };
  if (data.values.empty() ? all_equal(data.facts.classes.index) : all_equal(data.values)) {
    throw UserError(
        fmt::format("{}: all {} training rows have the same target; another --split-seed may help", file,
                    split.train_rows.size()));
  }
  return split;
}

Targets targets_of(const CsvData& data, std::span<const std::size_t> chosen) {
  std::vector<std::size_t> labels;
  std::vector<double> values;
  for (const std::size_t i : chosen) {
    if (data.facts.is_regression()) {
      values.push_back(data.values[i]);
    } else {
      labels.push_back(data.facts.classes.index[i]);
    }
  }
  return csv_targets(data.facts, labels, values);
}

std::vector<std::size_t> rows_of(const CsvData& data, std::span<const std::size_t> chosen) {
  std::vector<std::size_t> rows;
  for (const std::size_t i : chosen) rows.push_back(data.usable[i]);
  return rows;
}

void encode_features(const CsvData& data, TableEncoding& encoding, Problem& problem) {
  const CsvTable& table = *data.table;
  if (encoding.features() == 0) {
    throw UserError(printable_path(table.file()) + ": no column has a value in the training rows");
  }
  require_data_memory(printable_path(table.file()), data.facts.usable, encoding.features());
  EncodedCells cells;
  problem.train.X = encode(encoding, table, problem.train_rows, cells);
  learn_scaling(encoding, table, problem.train.X);
  problem.test.X = encode(encoding, table, problem.test_rows, cells);
  note_unseen(cells, problem);
}

Problem build(const std::shared_ptr<const CsvData>& data, const Settings& settings) {
  const CsvTable& table = *data->table;
  const CsvFacts& facts = data->facts;
  const Split split = split_rows(*data, settings);
  Problem problem;
  problem.notes = data->notes;
  problem.train_rows = rows_of(*data, split.train_rows);
  problem.test_rows = rows_of(*data, split.test_rows);
  const auto encoding = std::make_shared<TableEncoding>(
      learn_columns(table, facts.target.column, facts.rules, problem.train_rows));
  encode_features(*data, *encoding, problem);
  problem.train.Y = targets_of(*data, split.train_rows);
  problem.test.Y = targets_of(*data, split.test_rows);
  if (facts.is_regression()) {
    const auto error = [&](std::size_t, std::string_view what) {
      return table.error(facts.target.column, what);
    };
    standardise_targets(StandardScaler::fit(problem.train.Y.values().view(), error), *encoding, problem);
  } else {
    std::vector<bool> trained(facts.classes.names.size());
    for (const std::size_t i : split.train_rows) trained[facts.classes.index[i]] = true;
    note_untrained_classes(facts, trained, problem);
  }
  problem.place = [data, encoding](std::size_t row, std::size_t feature) {
    return data->table->place(row, column_of_feature(*data->table, *encoding, feature));
  };
  start_training(facts, encoding, settings, problem);
  return problem;
}

}  // namespace

Experiment csv_experiment(std::shared_ptr<const CsvQuestion> question) {
  Experiment experiment =
      file_experiment("train_csv", "trains on a CSV file and tests on a fifth of it (docs/csv.md).",
                      "--epochs 100 --learning-rate 0.05 --batch-size 32 --hidden 16 --folds 1");
  const auto data = std::make_shared<CsvData>();
  experiment.has_shards = true;
  experiment.build = [question, data](const Settings& settings) {
    if (settings.shards > 0) return build_csv_shards(*question, settings);
    std::call_once(data->once, [&] { data->read(*question); });
    return build(data, settings);
  };
  experiment.also = restore_units;
  experiment.print = print_csv_result;
  experiment.draws_boundary = true;
  return experiment;
}

}  // namespace mlpbench
