#include "experiments/csv_problem.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <mutex>
#include <set>

#include "core/data/csv.h"
#include "core/data/preprocessing.h"
#include "experiments/notebook.h"
#include "support/error.h"
#include "support/option_values.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// Whole numbers up to this many different ones are taken for classes.
constexpr std::size_t kMaxNumberedClasses = 20;
constexpr double kTestFraction = 0.2;

bool looks_like_number(std::string_view cell) {
  if (cell.starts_with('+')) cell.remove_prefix(1);
  double value = 0.0;
  const auto [stop, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error != std::errc::invalid_argument && stop == cell.data() + cell.size();
}

/// The numbers of a target column that nobody has said anything about. Empty when none of its cells is a
/// number: then they are class names. A mixture is an error, at the first cell that is no number.
std::vector<double> numbers_or_names(const CsvTable& table, std::size_t target) {
  std::size_t numbers = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) numbers += looks_like_number(table.cell(row, target));
  if (numbers == 0) return {};
  try {
    return numeric_column(table, target);
  } catch (const UserError& error) {
    if (numbers == table.rows()) throw;
    throw UserError(std::string(error.what()) + "; --task multiclass takes all cells as class names");
  }
}

Task infer_task(const CsvTable& table, std::size_t target) {
  const std::vector<double> numbers = numbers_or_names(table, target);
  if (numbers.empty()) return class_labels(table, target).names.size() == 2 ? Task::binary : Task::multiclass;
  const std::set<double> distinct(numbers.begin(), numbers.end());
  if (distinct.size() == 2) return Task::binary;
  const bool whole =
      std::all_of(distinct.begin(), distinct.end(), [](double v) { return v == std::floor(v); });
  // Ids and years are whole numbers too, but a class has more than one row.
  const bool few = distinct.size() <= std::min(kMaxNumberedClasses, numbers.size() / 2);
  return whole && few ? Task::multiclass : Task::regression;
}

void read_targets(const CsvTable& table, std::size_t target, Problem& problem, Matrix<double>& Y) {
  if (problem.task == Task::regression) {
    const std::vector<double> values = numeric_column(table, target);
    Y = Matrix<double>(values.size(), 1);
    std::copy(values.begin(), values.end(), Y.row(0));
    return;
  }
  ClassLabels labels = class_labels(table, target);
  if (problem.task == Task::binary) {
    if (labels.names.size() != 2) {
      throw table.error(target,
                        fmt::format("has {} classes, and --task binary needs two", labels.names.size()));
    }
    Y = Matrix<double>(labels.index.size(), 1);
    for (std::size_t i = 0; i < labels.index.size(); ++i) Y(i, 0) = static_cast<double>(labels.index[i]);
  } else {
    Y = one_hot(labels.index, labels.names.size());
  }
  for (const std::string& name : labels.names) problem.class_names.push_back(printable(name));
}

bool all_rows_equal(const Matrix<double>& Y) {
  for (std::size_t i = 1; i < Y.rows(); ++i) {
    if (!std::equal(Y.row(i), Y.row(i) + Y.cols(), Y.row(0))) return false;
  }
  return true;
}

void split_rows(const Dataset& all, const CsvTable& table, std::uint32_t split_seed, Problem& problem) {
  const std::size_t rows = all.samples();
  const auto test_rows = static_cast<std::size_t>(std::ceil(kTestFraction * static_cast<double>(rows)));
  if (rows < test_rows + 2) {
    throw UserError(fmt::format("{}: {} are too few: a fifth is kept for the test, and training needs two",
                                printable_path(table.file()),
                                rows == 1 ? "1 row" : fmt::format("{} rows", rows)));
  }
  hold_out_a_fifth(all, split_seed, problem);
  if (all_rows_equal(problem.train.Y)) {
    throw UserError(
        fmt::format("{}: all {} training rows have the same target; another --split-seed may help",
                    printable_path(table.file()), problem.train.samples()));
  }
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

}  // namespace

std::vector<std::string_view> task_words() { return {"binary", "multiclass", "regression"}; }

namespace {

/// The file, read when a problem is first made of it; seeds may be built at the same time.
struct CsvData {
  std::once_flag once;
  std::optional<CsvTable> table;
  std::size_t target = 0;
  Task task = Task::binary;

  void read(const CsvQuestion& question) {
    std::optional<Task> said;
    if (!question.task.empty()) said = static_cast<Task>(parse_word("--task", question.task, task_words()));
    table = read_csv(question.file);
    target = table->column(question.target);
    task = said ? *said : infer_task(*table, target);
  }
};

Problem build(const CsvData& data, const Settings& settings) {
  Problem problem;
  problem.task = data.task;
  Dataset all{numeric_matrix(*data.table, data.target), {}};
  read_targets(*data.table, data.target, problem, all.Y);
  split_rows(all, *data.table, settings.split_seed, problem);

  const StandardScaler features = StandardScaler::fit(problem.train.X.view());
  features.transform(problem.train.X.view());
  features.transform(problem.test.X.view());
  if (problem.task == Task::regression) {
    const StandardScaler targets = StandardScaler::fit(problem.train.Y.view());
    targets.transform(problem.train.Y.view());
    targets.transform(problem.test.Y.view());
    problem.target_mean = targets.mean()[0];
    problem.target_scale = targets.scale()[0];
  }
  problem.network = network_for(problem, settings);
  problem.stream = RandomState(settings.seed);
  problem.initial = settings.init ? draw_parameters(problem.network, *settings.init, problem.stream)
                                  : he_or_glorot(problem.network, problem.stream);
  return problem;
}

}  // namespace

std::string task_note(const CsvQuestion& question, const Problem& problem) {
  if (!question.task.empty()) return "";
  return fmt::format(
      "--target {} is taken for a {} task{}; --task says otherwise", question.target,
      task_words()[static_cast<std::size_t>(problem.task)],
      problem.task == Task::regression ? "" : fmt::format(" with {} classes", problem.class_names.size()));
}

Experiment csv_experiment(std::shared_ptr<const CsvQuestion> question) {
  Experiment experiment = file_experiment(
      "train_csv",
      "trains on a CSV file with a header line and numbers in every column but the target.\n"
      "A fifth of the rows is the test set; features are standardised by the training rows alone.",
      "--epochs 100 --learning-rate 0.05 --batch-size 32 --hidden 16");
  const auto data = std::make_shared<CsvData>();
  experiment.build = [question, data](const Settings& settings) {
    std::call_once(data->once, [&] { data->read(*question); });
    return build(*data, settings);
  };
  experiment.also = restore_units;
  experiment.print = print_csv_result;
  experiment.draws_boundary = true;
  return experiment;
}

}  // namespace mlpbench
