#include "experiments/csv_shards.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "core/data/preprocessing.h"
#include "experiments/csv_parts.h"
#include "experiments/memory.h"
#include "experiments/notebook.h"
#include "support/digest.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using Rows = std::span<const std::size_t>;

/// Of the usable rows `rows` of a block, which has `first` before them, those in `range`.
Rows rows_in(const RowRange& range, Rows rows, std::size_t first) {
  const auto place = [&](std::size_t number) {
    return std::clamp(number, first, first + rows.size()) - first;
  };
  const std::size_t begin = place(range.first);
  return rows.subspan(begin, place(range.first + range.count) - begin);
}

class CsvShards {
 public:
  CsvShards(const CsvQuestion& question, const Settings& settings);
  Problem problem();

 private:
  /// Rows that are kept, and how many of them have come.
  struct Part {
    RowRange rows;
    Dataset& data;
    std::vector<std::size_t>& lines;
    std::vector<std::size_t> labels = {};
    std::vector<double> values = {};
  };

  template <typename Body>
  void for_each_block(Body body);
  void look_at_target();
  void find_usable();
  void learn();
  void scale();
  void take(Part& part, const CsvTable& block, Rows rows, EncodedCells& cells);
  void take_parts();
  double value(const CsvTable& block, std::size_t row) const;
  Matrix<double> values(const CsvTable& block, Rows rows) const;

  const CsvQuestion& question_;
  const Settings& settings_;
  CsvFormat format_;
  CsvFacts facts_;
  std::optional<TargetScan> target_;
  std::optional<CsvTable> table_;  ///< a block, which has the header
  RowRange trained_, own_, tested_;
  LabelScan labels_{0};
  std::vector<std::size_t> class_of_;  ///< of the labels
  std::shared_ptr<TableEncoding> encoding_;
  StandardScaler::Fit targets_{1};
  Problem problem_;
};

CsvShards::CsvShards(const CsvQuestion& question, const Settings& settings)
    : question_(question), settings_(settings), format_(format_of(question)) {
  const auto refuse = [](const char* why) { throw UserError(why); };
  if (question.file == "-") refuse("--shards: passes over the file six times, and stdin comes once");
  if (settings.folds > 1)
    refuse("--folds: draws its rows from all of the data, of which a rank has only its --shards");
  facts_.rules = rules_of(question);
  if (facts_.rules.missing == MissingRule::median)
    refuse("--missing median: sorts all values of a column, of which a rank has only its --shards");
}

/// body(block, usable rows of it, usable rows before it).
template <typename Body>
void CsvShards::for_each_block(Body body) {
  std::size_t first = 0;
  for_each_csv_block(question_.file, format_, [&](const CsvTable& block, std::size_t) {
    const UsableRows usable = usable_rows(block, facts_.target.column, facts_.rules, target_->known(block));
    body(block, usable, first);
    first += usable.rows.size();
  });
}

void CsvShards::look_at_target() {
  table_ = for_each_csv_block(question_.file, format_, [&](const CsvTable& block, std::size_t first) {
    if (!target_) {
      facts_.target.column = block.column(question_.target);
      target_.emplace(facts_.target.column, task_of(question_), facts_.rules.missing);
    }
    target_->look(block);
    facts_.rows = first + block.rows();
  });
}

void CsvShards::find_usable() {
  std::vector<std::size_t> missing(table_->columns());
  for_each_block([&](const CsvTable& block, const UsableRows& usable, std::size_t first) {
    facts_.usable = first + usable.rows.size();
    facts_.without_target += usable.without_target;
    for (const MissingCells& cells : usable.missing) missing[block.column(cells.column)] += cells.count;
  });
  for (std::size_t j = 0; j < missing.size(); ++j) {
    if (missing[j] > 0) facts_.missing.push_back({table_->name(j), missing[j]});
  }
  require_usable(*table_, facts_);
  facts_.target = target_->finish();
  const auto [own, tested] = rows_of_shards(settings_, facts_.usable, true, problem_);
  own_ = own;
  tested_ = tested;
  trained_ = {0, problem_.shards.samples};
}

void CsvShards::learn() {
  labels_ = LabelScan(facts_.target.column);
  ColumnLearner columns(*table_, facts_.target.column, facts_.rules);
  std::vector<bool> trained_labels(kMaxCsvClasses);
  std::optional<double> value_of_first;
  bool differ = false;
  for_each_block([&](const CsvTable& block, const UsableRows& usable, std::size_t first) {
    const Rows trained = rows_in(trained_, usable.rows, first);
    columns.add(block, trained);
    for (std::size_t i = 0; i < usable.rows.size(); ++i) {
      const bool is_trained = i < trained.size();
      if (!facts_.is_regression()) {
        const std::size_t label = labels_.add(block, usable.rows[i]);
        if (is_trained) trained_labels[label] = true;
      } else if (is_trained) {
        const double now = value(block, usable.rows[i]);
        differ = differ || now != value_of_first.value_or(now);
        value_of_first = now;
      }
    }
  });
  encoding_ = std::make_shared<TableEncoding>(columns.finish(*table_));
  if (!facts_.is_regression()) {
    class_of_ = labels_.finish(*table_, facts_.target.labels, facts_.classes);
    require_classes(*table_, facts_);
  }
  problem_.notes = csv_notes(question_, *table_, facts_);
  std::vector<bool> trained(facts_.classes.names.size());
  for (std::size_t label = 0; label < class_of_.size(); ++label) {
    if (trained_labels[label]) trained[class_of_[label]] = true;
  }
  if (!(facts_.is_regression() ? differ : std::ranges::count(trained, true) > 1)) {
    throw UserError(
        fmt::format("{}: all {} training rows have the same target: with --shards they are the first "
                    "four fifths of the file",
                    printable_path(question_.file), trained_.count));
  }
  if (!facts_.is_regression()) note_untrained_classes(facts_, trained, problem_);
}

void CsvShards::scale() {
  const std::string file = printable_path(question_.file);
  if (encoding_->features() == 0) throw UserError(file + ": no column has a value in the training rows");
  require_data_memory(file, own_.count + tested_.count, encoding_->features());
  StandardScaler::Fit features(encoding_->features());
  for (const auto measure : {&StandardScaler::Fit::mean, &StandardScaler::Fit::variance}) {
    for_each_block([&](const CsvTable& block, const UsableRows& usable, std::size_t first) {
      const Rows trained = rows_in(trained_, usable.rows, first);
      EncodedCells cells;
      (features.*measure)(encode(*encoding_, block, trained, cells).view());
      if (facts_.is_regression()) (targets_.*measure)(values(block, trained).view());
    });
  }
  learn_scaling(*encoding_, *table_, features);
}

double CsvShards::value(const CsvTable& block, std::size_t row) const {
  return numeric_column(block, facts_.target.column, {&row, 1}).front();
}

Matrix<double> CsvShards::values(const CsvTable& block, Rows rows) const {
  Matrix<double> Y(rows.size(), 1);
  for (std::size_t i = 0; i < rows.size(); ++i) Y(i, 0) = value(block, rows[i]);
  return Y;
}

void CsvShards::take(Part& part, const CsvTable& block, Rows rows, EncodedCells& cells) {
  const Matrix<double> X = encode(*encoding_, block, rows, cells);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(X.row(i), X.cols(), part.data.X.row(part.lines.size()));
    part.lines.push_back(block.line(rows[i]));
    if (facts_.is_regression()) {
      part.values.push_back(value(block, rows[i]));
    } else {
      part.labels.push_back(class_of_[labels_.add(block, rows[i])]);
    }
  }
}

void CsvShards::take_parts() {
  Part parts[] = {{own_, problem_.train, problem_.train_rows}, {tested_, problem_.test, problem_.test_rows}};
  for (Part& part : parts) part.data.X = Matrix<double>(part.rows.count, encoding_->features());
  EncodedCells cells;
  for_each_block([&](const CsvTable& block, const UsableRows& usable, std::size_t first) {
    for (Part& part : parts) take(part, block, rows_in(part.rows, usable.rows, first), cells);
  });
  for (Part& part : parts) {
    if (part.lines.size() != part.rows.count)
      throw UserError(printable_path(question_.file) + ": changed while it was read");
    part.data.Y = csv_targets(facts_, part.labels, part.values);
  }
  note_unseen(cells, problem_);
}

Problem CsvShards::problem() {
  look_at_target();
  find_usable();
  learn();
  scale();
  take_parts();
  if (facts_.is_regression()) {
    const auto error = [&](std::size_t, std::string_view what) {
      return table_->error(facts_.target.column, what);
    };
    standardise_targets(targets_.finish(error), *encoding_, problem_);
  }
  problem_.data_sha256 = sha256_of_file(question_.file);
  problem_.place = [table = std::make_shared<CsvTable>(std::move(*table_)), encoding = encoding_](
                       std::size_t line, std::size_t feature) {
    return table->place_at_line(line, column_of_feature(*table, *encoding, feature));
  };
  start_training(facts_, encoding_, settings_, problem_);
  return std::move(problem_);
}

}  // namespace

Problem build_csv_shards(const CsvQuestion& question, const Settings& settings) {
  return CsvShards(question, settings).problem();
}

}  // namespace mlpbench
