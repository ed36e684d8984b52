#include "experiments/cli/backend_comparison.h"

#include <fmt/format.h>

#include "support/error.h"
#include "support/format.h"
#include "support/table.h"

namespace mlpbench {
namespace {

bool comparable_to_reference(const Experiment& experiment, const RunResult& result) {
  return experiment.reference_values != nullptr && has_reference(experiment, result.settings);
}

double seconds_per_epoch(const RunResult& result) {
  return result.trace.seconds / static_cast<double>(result.trace.loss_per_epoch.size());
}

/// The base of all speed-ups, or null when it did not run.
const RunResult* find_naive(const std::vector<BackendRun>& runs) {
  for (const BackendRun& run : runs) {
    if (run.backend->name == "naive" && run.result) return &*run.result;
  }
  return nullptr;
}

void add_columns(Table& table, const Problem& problem, const RunResult* naive, bool reference) {
  table.add_column("backend", Table::Align::left);
  table.add_column("instruction set", Table::Align::left);
  table.add_column("final loss");
  table.add_column(quality_title(problem));
  table.add_column("time/epoch");
  table.add_column("samples/s");
  if (naive != nullptr) table.add_column("against naive");
  if (reference) table.add_column("from NumPy");
}

}  // namespace

std::string quality_title(const Problem& problem) {
  const std::string set(problem.evaluated_on.substr(0, problem.evaluated_on.find(' ')));
  return set + (problem.task == Task::regression ? " MSE" : " accuracy");
}

std::string quality_text(const RunResult& result) {
  if (result.test_accuracy) return fmt::format("{:.2f} %", 100.0 * *result.test_accuracy);
  return result.test_mse ? fmt::format("{:.6g}", *result.test_mse) : "";
}

std::string comparison_text(const Experiment& experiment, const Problem& problem,
                            const std::vector<BackendRun>& runs) {
  const RunResult* naive = find_naive(runs);
  bool reference = false;
  for (const BackendRun& run : runs) {
    reference = reference || (run.result && comparable_to_reference(experiment, *run.result));
  }

  Table table;
  add_columns(table, problem, naive, reference);
  for (const BackendRun& run : runs) {
    if (!run.result) {
      table.add_row({std::string(run.backend->name)}, "unavailable: " + unusable_reason(*run.backend));
      continue;
    }
    const RunResult& result = *run.result;
    const double seconds = seconds_per_epoch(result);
    std::vector<std::string> cells = {
        std::string(run.backend->name),
        run.backend->isa(),
        fmt::format("{:.8g}", result.trace.loss_per_epoch.back()),
        quality_text(result),
        format_seconds(seconds),
        format_quantity(static_cast<double>(result.trace.samples_trained) / result.trace.seconds),
    };
    if (naive != nullptr) cells.push_back(fmt::format("{:.2f}x", seconds_per_epoch(*naive) / seconds));
    if (reference)
      cells.push_back(fmt::format("{:.1e}", deviation_from_reference(experiment, result).largest));
    table.add_row(std::move(cells));
  }

  std::string text = table.console();
  if (naive != nullptr) {
    text += fmt::format("against naive: speed, with naive's {} an epoch as 1\n",
                        format_seconds(seconds_per_epoch(*naive)));
  }
  if (reference) text += "from NumPy: the largest deviation of any number, relative above 1\n";
  return text + "Each row is a single run, and single runs are noisy: `mlpbench run` measures.\n";
}

void require_reference(const Experiment& experiment, const std::vector<BackendRun>& runs) {
  for (const BackendRun& run : runs) {
    if (!run.result || !comparable_to_reference(experiment, *run.result)) continue;
    const double tolerance = reference_tolerance(run.result->dtype);
    const Deviation deviation = deviation_from_reference(experiment, *run.result);
    if (deviation.largest <= tolerance) continue;
    throw WrongResult(fmt::format("{}: {} is {:.1e} away from NumPy's, more than {:.0e}", run.backend->name,
                                  deviation.where, deviation.largest, tolerance));
  }
}

}  // namespace mlpbench
