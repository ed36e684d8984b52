#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/csv.h"
#include "core/data/table_encoding.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// What the user says about a file to train on, as text. What is empty has its default.
struct CsvQuestion {
  std::string file = {};         ///< "-" is stdin
  std::string target = {};       ///< name of the column to predict
  std::string task = {};         ///< "binary", "multiclass", "regression"; empty: from the target column
  std::string delimiter = {};    ///< one character, or "tab"
  std::string decimal = {};      ///< "." or ","
  std::string drop = {};         ///< columns, between commas
  std::string categorical = {};  ///< columns, between commas
  std::string missing = {};      ///< one of missing_words()
};

/// An option that sets one of them, of train_csv and of `mlpbench run --csv`.
struct CsvOption {
  const char* name;  ///< "--target"
  const char* type;  ///< "COLUMN"
  const char* about;
  std::string CsvQuestion::*value;
  std::vector<std::string_view> (*words)() = nullptr;  ///< the texts that it takes, where they can be listed
};

/// All but the file. The first, --target, is required.
std::span<const CsvOption> csv_options();

std::vector<std::string_view> task_words();  ///< what --task takes, in the order of Task

// Each throws UserError, "OPTION: 'TEXT' is not ...", for a text that the option does not take.

CsvFormat format_of(const CsvQuestion& question);
ColumnRules rules_of(const CsvQuestion& question);
std::optional<Task> task_of(const CsvQuestion& question);

}  // namespace mlpbench
