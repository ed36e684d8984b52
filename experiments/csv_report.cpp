#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "experiments/cli/record.h"
#include "experiments/csv_problem.h"
#include "experiments/notebook.h"
#include "support/table.h"

namespace mlpbench {
namespace {

/// 1 - MSE / variance of the test targets; NaN when these are all equal.
double r_squared(const Problem& problem, double standardised_mse) {
  const Matrix<double>& Y = problem.test.Y;
  const double n = static_cast<double>(Y.rows());
  double mean = 0.0, variance = 0.0;
  for (std::size_t i = 0; i < Y.rows(); ++i) mean += Y(i, 0) / n;
  for (std::size_t i = 0; i < Y.rows(); ++i) variance += (Y(i, 0) - mean) * (Y(i, 0) - mean) / n;
  return variance > 0.0 ? 1.0 - standardised_mse / variance : std::numeric_limits<double>::quiet_NaN();
}

void print_losses(const RunResult& result) {
  const std::span<const double> losses = shown_losses(result.trace);
  const std::size_t every = std::max<std::size_t>(1, losses.size() / 10);
  for (std::size_t epoch = 0; epoch < losses.size(); ++epoch) {
    if (epoch % every == 0 || epoch + 1 == losses.size())
      fmt::print("Epoch {} - Loss: {:.4f}\n", epoch, losses[epoch]);
  }
}

void print_confusion(const Problem& problem, const RunResult& result) {
  const std::vector<std::vector<std::size_t>> counts = confusion_of(problem, result);
  Table table;
  table.add_column("true \\ predicted", Table::Align::left);
  for (const std::string& name : problem.class_names) table.add_column(name);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    std::vector<Table::Cell> cells = {problem.class_names[k]};
    for (const std::size_t count : counts[k]) cells.push_back(std::to_string(count));
    table.add_row(std::move(cells));
  }
  fmt::print("{}", table.console());
}

}  // namespace

void restore_units(const Problem& problem, RunResult& result) {
  if (problem.task != Task::regression) return;
  result.extra["r_squared"] = r_squared(problem, result.test_mse.value());
  result.extra["target_mean"] = problem.target_mean;
  result.extra["target_scale"] = problem.target_scale;
  result.test_mse = *result.test_mse * problem.target_scale * problem.target_scale;
  for (std::size_t n = 0; n < result.test_output.cols(); ++n) {
    result.test_output(0, n) = result.test_output(0, n) * problem.target_scale + problem.target_mean;
  }
}

void print_csv_result(const Problem& problem, const RunResult& result) {
  print_losses(result);
  if (problem.task == Task::regression) {
    const auto& r2 = result.extra.at("r_squared");
    fmt::print("Test MSE: {:.6g}\n", result.test_mse.value());
    fmt::print("Test R^2: {}\n", r2 == r2 ? fmt::format("{:.4f}", r2.get<double>())
                                          : "undefined, the test targets are all equal");
    return;
  }
  const std::size_t rows = problem.test.samples();
  fmt::print("Test Accuracy: {:.2f}% of {} rows\n", 100.0 * result.test_accuracy.value(), rows);
  print_confusion(problem, result);
}

}  // namespace mlpbench
