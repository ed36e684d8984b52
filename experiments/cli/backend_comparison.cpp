#include "experiments/cli/backend_comparison.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>

#include "support/error.h"
#include "support/format.h"
#include "support/table.h"

namespace mlpbench {
namespace {

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

/// The runs that can only be compared with naive. They are of an experiment without a NumPy program, and of a
/// trainer that leaves the same bits on any number of threads.
bool held_to_naive(const Experiment& experiment, const Settings& settings) {
  return !experiment.has_numpy_program && experiment.reference_values != nullptr &&
         (settings.threads == 1 || stepping_trainer(settings).deterministic);
}

/// "NumPy", "naive", or nothing.
std::string_view reference_of(const std::vector<BackendRun>& runs) {
  for (const BackendRun& run : runs) {
    if (!run.parity.with.empty()) return run.parity.with;
  }
  return "";
}

void add_columns(Table& table, const Problem& problem, const RunResult* naive, std::string_view reference) {
  table.add_column("backend", Table::Align::left);
  table.add_column("instruction set", Table::Align::left);
  table.add_column("final loss");
  table.add_column(quality_title(problem));
  table.add_column("time/epoch");
  table.add_column("samples/s");
  if (naive != nullptr) table.add_column("against naive");
  if (!reference.empty()) table.add_column(fmt::format("from {}", reference));
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

void hold_to_reference(const Experiment& experiment, const Problem& problem, std::vector<BackendRun>& runs,
                       const std::atomic<bool>* interrupt) {
  const RunResult* const naive = find_naive(runs);
  std::map<DType, RunResult> by_naive;
  const auto naive_in = [&](DType dtype) -> const RunResult& {
    const auto [run, is_new] = by_naive.try_emplace(dtype);
    if (is_new) {
      run->second = dtype == naive->dtype ? *naive
                                          : run_experiment(experiment, problem, naive->settings,
                                                           *naive->backend, dtype, {}, interrupt);
    }
    return run->second;
  };
  for (BackendRun& run : runs) {
    if (!run.result) continue;
    const RunResult& result = *run.result;
    if (has_reference(experiment, result.settings) ||
        (naive != nullptr && held_to_naive(experiment, result.settings)))
      run.parity = parity_of(experiment, result, result.settings, naive_in);
  }
}

std::string comparison_text(const Problem& problem, const std::vector<BackendRun>& runs, DType dtype) {
  const RunResult* naive = find_naive(runs);
  const std::string_view reference = reference_of(runs);
  Table table;
  add_columns(table, problem, naive, reference);
  std::vector<std::string_view> left_out;
  for (const BackendRun& run : runs) {
    if (run.backend->other_architecture) {
      left_out.push_back(run.backend->name);
      continue;
    }
    if (!run.result) {
      table.add_row({std::string(run.backend->name)}, "unavailable: " + unusable_reason(*run.backend, dtype));
      continue;
    }
    const RunResult& result = *run.result;
    const double seconds = seconds_per_epoch(result);
    std::vector<Table::Cell> cells = {
        std::string(run.backend->name),
        run.backend->isa_text(),
        fmt::format("{:.8g}", result.trace.loss_per_epoch.back()),
        quality_text(result),
        format_seconds(seconds),
        format_quantity(static_cast<double>(result.trace.samples_trained) / result.trace.seconds),
    };
    if (naive != nullptr) cells.push_back(fmt::format("{:.2f}x", seconds_per_epoch(*naive) / seconds));
    if (!reference.empty()) cells.push_back(fmt::format("{:.1e}", run.parity.deviation.largest));
    table.add_row(std::move(cells));
  }

  std::string text = table.console();
  if (!left_out.empty())
    text += fmt::format("not listed, for another architecture: {}\n", fmt::join(left_out, ", "));
  if (naive != nullptr) {
    text += fmt::format("against naive: speed, with naive's {} an epoch as 1\n",
                        format_seconds(seconds_per_epoch(*naive)));
  }
  if (!reference.empty()) {
    text += fmt::format("from {}{}: the largest deviation of any number, relative above 1\n", reference,
                        reference == "naive" ? " in float64, for want of a NumPy program" : "");
  }
  return text;
}

void require_reference(const std::vector<BackendRun>& runs) {
  for (const auto& [backend, result, parity] : runs) {
    if (!parity.is_right()) throw WrongResult(fmt::format("{}: {}", backend->name, parity.why_wrong()));
  }
}

}  // namespace mlpbench
