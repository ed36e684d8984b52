#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/table_encoding.h"
#include "experiments/csv_question.h"
#include "experiments/csv_target.h"
#include "experiments/experiment.h"

namespace mlpbench {

// What the two ways to a CSV file's Problem share: csv_problem.cpp holds the table, and csv_shards.cpp passes
// over the file.

/// What is known of a file once all its rows were seen.
struct CsvFacts {
  ColumnRules rules = {};
  TargetColumn target = {};
  std::size_t rows = 0, usable = 0, without_target = 0;
  std::vector<MissingCells> missing = {};
  ClassLabels classes = {};  ///< of the usable rows; empty of a regression

  bool is_regression() const noexcept { return target.task == Task::regression; }
};

/// Throws UserError where --missing drop leaves no row, or --task binary has another number of classes than
/// two.
void require_usable(const CsvTable& table, const CsvFacts& facts);
void require_classes(const CsvTable& table, const CsvFacts& facts);

/// What the user should know that does not depend on the split.
std::vector<std::string> csv_notes(const CsvQuestion& question, const CsvTable& table, const CsvFacts& facts);

/// Of the rows with these classes, or of a regression these values.
Targets csv_targets(const CsvFacts& facts, std::span<const std::size_t> labels,
                    std::span<const double> values);

/// Adds what of the test rows and of the classes the network cannot learn.
void note_unseen(const EncodedCells& cells, Problem& problem);
void note_untrained_classes(const CsvFacts& facts, const std::vector<bool>& trained, Problem& problem);

/// Scales the targets of a regression, and keeps with what.
void standardise_targets(const StandardScaler& scaler, TableEncoding& encoding, Problem& problem);

/// The column of a feature; the number of columns where there is no such feature.
std::size_t column_of_feature(const CsvTable& table, const TableEncoding& encoding, std::size_t feature);

/// Network and initial weights of a problem that has its data.
void start_training(const CsvFacts& facts, std::shared_ptr<TableEncoding> encoding, const Settings& settings,
                    Problem& problem);

}  // namespace mlpbench
