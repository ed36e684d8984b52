#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/data/csv.h"
#include "experiments/cli/record.h"
#include "experiments/csv_problem.h"
#include "experiments/notebook.h"
#include "support/format.h"
#include "support/table.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// More classes than this are no matrix for a terminal.
constexpr std::size_t kShownClasses = 20;

bool test_targets_equal(const Problem& problem) {
  const Targets& Y = problem.test.Y;
  for (std::size_t i = 1; i < Y.rows(); ++i) {
    if (Y(i, 0) != Y(0, 0)) return false;
  }
  return true;
}

/// 1 - MSE / variance of the test targets; NaN where these are all equal, or where one of the two is beyond
/// float64.
double r_squared(const Problem& problem, double standardised_mse) {
  constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
  if (test_targets_equal(problem)) return kUndefined;
  const Targets& Y = problem.test.Y;
  const double n = static_cast<double>(Y.rows());
  double mean = 0.0, variance = 0.0;
  for (std::size_t i = 0; i < Y.rows(); ++i) mean += Y(i, 0) / n;
  for (std::size_t i = 0; i < Y.rows(); ++i) variance += (Y(i, 0) - mean) * (Y(i, 0) - mean) / n;
  const double r2 = 1.0 - standardised_mse / variance;
  return std::isfinite(r2) && std::isfinite(variance) ? r2 : kUndefined;
}

/// The test target that is farthest from 0, in the file's units.
double largest_target(const Problem& problem) {
  double largest = 0.0;
  for (std::size_t i = 0; i < problem.test.Y.rows(); ++i) {
    const double target = problem.test.Y(i, 0) * problem.target_scale + problem.target_mean;
    if (std::abs(target) > std::abs(largest)) largest = target;
  }
  return largest;
}

void print_losses(const RunResult& result) {
  const std::span<const double> losses = shown_losses(result.trace);
  const std::size_t every = std::max<std::size_t>(1, losses.size() / 10);
  for (std::size_t epoch = 0; epoch < losses.size(); ++epoch) {
    if (epoch % every == 0 || epoch + 1 == losses.size())
      fmt::print("Epoch {} - Loss: {}\n", epoch, format_decimals(losses[epoch], 4));
  }
}

void print_regression(const Problem& problem, const RunResult& result) {
  const double mse = result.test_mse.value();
  const auto& r2 = result.extra.at("r_squared");
  const std::string beyond = fmt::format("beyond float64 (a test target of {:.6g})", largest_target(problem));
  fmt::print("Test MSE: {}\n", std::isfinite(mse) ? fmt::format("{:.6g}", mse) : beyond);
  fmt::print("Test R^2: {}\n", test_targets_equal(problem)       ? "undefined, the test targets are all equal"
                               : std::isfinite(r2.get<double>()) ? format_decimals(r2.get<double>(), 4)
                                                                 : beyond);
}

/// The names as a table shows them: long ones without their middle, and with the number of the class where
/// two would look the same.
std::vector<std::string> shown_names(const std::vector<std::string>& names) {
  constexpr std::size_t kEnds = 20;
  std::vector<std::string> shown;
  for (const std::string& name : names) {
    shown.push_back(printable_ends(name, kEnds));
  }
  if (std::set<std::string>(shown.begin(), shown.end()).size() == shown.size()) return shown;
  for (std::size_t k = 0; k < shown.size(); ++k) shown[k] = fmt::format("{}: {}", k, shown[k]);
  return shown;
}

void print_confusion(const std::vector<std::vector<std::size_t>>& counts,
                     const std::vector<std::string>& names) {
  Table table;
  table.add_column("true \\ predicted", Table::Align::left);
  for (const std::string& name : names) table.add_column(name);
  for (std::size_t k = 0; k < counts.size(); ++k) {
    std::vector<Table::Cell> cells = {names[k]};
    for (const std::size_t count : counts[k]) cells.push_back(std::to_string(count));
    table.add_row(std::move(cells));
  }
  fmt::print("{}", table.console());
}

/// The classes with the most wrong rows, the first of equal ones first.
void print_worst_classes(const std::vector<std::vector<std::size_t>>& counts,
                         const std::vector<std::string>& names) {
  struct Class {
    std::size_t number, rows, wrong, taken_for;
  };
  std::vector<Class> classes;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    Class one{k, 0, 0, k};
    for (std::size_t j = 0; j < counts.size(); ++j) {
      one.rows += counts[k][j];
      if (j == k) continue;
      one.wrong += counts[k][j];
      if (one.taken_for == k || counts[k][j] > counts[k][one.taken_for]) one.taken_for = j;
    }
    classes.push_back(one);
  }
  std::stable_sort(classes.begin(), classes.end(),
                   [](const Class& a, const Class& b) { return a.wrong > b.wrong; });
  classes.resize(kShownClasses);
  Table table;
  for (const char* title : {"class", "test rows", "wrong", "most often taken for"}) {
    table.add_column(title, *title == 'c' || *title == 'm' ? Table::Align::left : Table::Align::right);
  }
  for (const Class& one : classes) {
    table.add_row({names[one.number], std::to_string(one.rows), std::to_string(one.wrong),
                   one.wrong == 0 ? "-" : names[one.taken_for]});
  }
  fmt::print("The {} of {} classes with the most wrong rows; --json has the whole matrix:\n{}",
             classes.size(), counts.size(), table.console());
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
  if (problem.task == Task::regression) return print_regression(problem, result);
  fmt::print("Test Accuracy: {:.2f}% of {}\n", 100.0 * result.test_accuracy.value(),
             format_count(problem.test.samples(), "row"));
  const auto counts = confusion_of(problem, result);
  const std::vector<std::string> names = shown_names(problem.class_names);
  (counts.size() <= kShownClasses ? print_confusion : print_worst_classes)(counts, names);
}

}  // namespace mlpbench
