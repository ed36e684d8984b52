#include "experiments/csv_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/notebook.h"
#include "support/error.h"
#include "support/format.h"
#include "support/text.h"

namespace mlpbench {
namespace {

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

}  // namespace

void require_usable(const CsvTable& table, const CsvFacts& facts) {
  if (facts.usable > 0) return;
  throw UserError(printable_path(table.file()) +
                  ": --missing drop leaves no row: " + missing_text(facts.missing));
}

void require_classes(const CsvTable& table, const CsvFacts& facts) {
  if (facts.target.task != Task::binary || facts.classes.names.size() == 2) return;
  throw table.error(facts.target.column,
                    fmt::format("has {} classes, and --task binary needs two", facts.classes.names.size()));
}

std::vector<std::string> csv_notes(const CsvQuestion& question, const CsvTable& table,
                                   const CsvFacts& facts) {
  std::vector<std::string> notes;
  if (question.task.empty()) {
    notes.push_back(fmt::format(
        "--target {} is taken for a {} task{}; --task says otherwise", printable(question.target),
        task_words()[static_cast<std::size_t>(facts.target.task)],
        facts.is_regression() ? "" : fmt::format(" with {} classes", facts.classes.names.size())));
  }
  if (facts.classes.merged) {
    notes.push_back(fmt::format("'{}' and '{}' are one class, by value; --task multiclass compares text",
                                printable(facts.classes.merged->first),
                                printable(facts.classes.merged->second)));
  }
  if (table.line_not_utf8() != 0) {
    notes.push_back(
        fmt::format("{}: row {} is not UTF-8: names are compared byte by byte and shown with \\xNN",
                    printable_path(table.file()), table.line_not_utf8()));
  }
  const std::size_t left_out = facts.rows - facts.usable;
  const std::string where = facts.missing.empty() ? "" : "; missing cells: " + missing_text(facts.missing);
  if (left_out > 0) {
    notes.push_back(fmt::format(
        "--missing {}: {} of {} rows left out{}{}",
        missing_words()[static_cast<std::size_t>(facts.rules.missing)], left_out, facts.rows,
        facts.without_target > 0 ? fmt::format(", {} without a target", facts.without_target) : "", where));
  }
  if (!facts.missing.empty() && facts.rules.missing != MissingRule::drop) {
    notes.push_back(
        fmt::format("--missing {0}: a missing number is the {0} of the training rows, a missing name is 0 in "
                    "all features{1}",
                    missing_words()[static_cast<std::size_t>(facts.rules.missing)], where));
  }
  return notes;
}

Targets csv_targets(const CsvFacts& facts, std::span<const std::size_t> labels,
                    std::span<const double> values) {
  if (facts.target.task == Task::multiclass) return Targets::one_hot(labels, facts.classes.names.size());
  const bool regression = facts.is_regression();
  Matrix<double> Y(regression ? values.size() : labels.size(), 1);
  for (std::size_t i = 0; i < Y.rows(); ++i)
    Y(i, 0) = regression ? values[i] : static_cast<double>(labels[i]);
  return Y;
}

void note_unseen(const EncodedCells& cells, Problem& problem) {
  if (cells.unseen == 0) return;
  problem.notes.push_back(fmt::format("{}: no training row has this name; {} of this kind: all 0",
                                      cells.first_unseen, format_count(cells.unseen, "test cell")));
}

void note_untrained_classes(const CsvFacts& facts, const std::vector<bool>& trained, Problem& problem) {
  std::vector<std::string> untrained;
  for (std::size_t k = 0; k < trained.size(); ++k) {
    if (!trained[k]) untrained.push_back(facts.classes.names[k]);
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

void standardise_targets(const StandardScaler& scaler, TableEncoding& encoding, Problem& problem) {
  scaler.transform(problem.train.Y.values().view());
  scaler.transform(problem.test.Y.values().view());
  problem.target_mean = encoding.target_mean = scaler.mean()[0];
  problem.target_scale = encoding.target_scale = scaler.scale()[0];
}

std::size_t column_of_feature(const CsvTable& table, const TableEncoding& encoding, std::size_t feature) {
  for (const FeatureColumn& column : encoding.columns) {
    if (feature < column.features()) return table.column(column.name);
    feature -= column.features();
  }
  return table.columns();
}

void start_training(const CsvFacts& facts, std::shared_ptr<TableEncoding> encoding, const Settings& settings,
                    Problem& problem) {
  problem.task = facts.target.task;
  if (!facts.is_regression()) problem.class_names = encoding->class_names = facts.classes.names;
  problem.encoding = std::move(encoding);
  problem.network = network_for(problem, settings);
  problem.stream = RandomState(settings.seed);
  problem.initial = settings.init ? draw_parameters(problem.network, *settings.init, problem.stream)
                                  : he_or_glorot(problem.network, problem.stream);
}

}  // namespace mlpbench
