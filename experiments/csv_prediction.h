#pragma once

#include <string>

#include "backends/registry.h"
#include "core/data/csv.h"
#include "experiments/model_file.h"

namespace mlpbench {

/// What a model says of the rows of a table.
struct Predictions {
  std::string text;          ///< CSV, below
  std::string unseen_names;  ///< of categorical columns; a note, or empty
};

/// A line for each row, in the table's order, under a header:
///   regression      prediction                            in the units of the model's training file
///   classification  prediction,probability (A),...        the class with the largest output; two classes:
///                                                         the second where its probability is above 0.5
/// Numbers have as many digits as float64 needs, or float32 of such a model. Columns are found by name, so
/// their order does not matter and others may be there. Throws UserError when the model was not trained on a
/// CSV file. Also for a missing column, and for a cell that training would refuse.
Predictions predict_csv(const Model& model, const CsvTable& table, const BackendEntry& backend);

}  // namespace mlpbench
