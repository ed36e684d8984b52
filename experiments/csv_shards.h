#pragma once

#include "experiments/csv_question.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// The problem of a CSV file whose training rows are cut into Settings::shards, with the rows of this rank's
/// alone. rows_of_shards() of the usable rows, in the order of the file, says which those are and which are
/// the test set. All else is as csv_experiment() has it of the same split, bit for bit. What depends on all
/// training rows every rank learns for itself, in passes over the file that keep a block of it:
///   1. what the target is   2. which rows are usable   3. classes, levels and fills
///   4. means                5. variances               6. the own rows, which are kept
/// Memory is that of the own rows, the test set and a block. Throws UserError for what csv_experiment()
/// refuses, for stdin, --folds and --missing median.
Problem build_csv_shards(const CsvQuestion& question, const Settings& settings);

}  // namespace mlpbench
