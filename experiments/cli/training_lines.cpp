#include "experiments/cli/training_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/format.h"
#include "support/table.h"

namespace mlpbench {
namespace {

/// "Ensemble of 16 seeds in 82.1 ms: test accuracy 97.37 % to 99.12 %, median 98.25 %"
std::string ensemble_line(const RunResult& result) {
  std::vector<double> values;
  for (const RunResult::Member& member : result.members) {
    values.push_back(member.test_accuracy ? 100.0 * *member.test_accuracy : member.test_mse.value());
  }
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const double median = values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2.0;
  const std::string in = fmt::format("Ensemble of {} in {}: ", format_count(values.size(), "seed"),
                                     format_seconds(result.ensemble_seconds));
  return result.test_accuracy ? fmt::format("{}test accuracy {:.2f} % to {:.2f} %, median {:.2f} %", in,
                                            values.front(), values.back(), median)
                              : fmt::format("{}test MSE {:.6g} to {:.6g}, median {:.6g}", in, values.front(),
                                            values.back(), median);
}

/// A row for each fold, then "Cross-validation of 5 folds in 82.1 ms: test accuracy 97.4 %, deviation 0.8 %"
std::string fold_lines(const RunResult& result) {
  const bool accuracy = result.test_accuracy.has_value();
  Table table;
  for (const char* title : {"fold", "seed", "final loss", accuracy ? "test accuracy" : "test MSE"})
    table.add_column(title);
  std::vector<double> values;
  for (const RunResult::Member& member : result.members) {
    values.push_back(accuracy ? 100.0 * *member.test_accuracy : member.test_mse.value());
    table.add_row({std::to_string(values.size()), std::to_string(member.seed),
                   format_decimals(member.final_loss, 4),
                   accuracy ? fmt::format("{:.2f} %", values.back()) : fmt::format("{:.6g}", values.back())});
  }
  const double n = static_cast<double>(values.size());
  double mean = 0.0, variance = 0.0;
  for (const double value : values) mean += value / n;
  for (const double value : values) variance += (value - mean) * (value - mean) / (n - 1.0);
  const char* const line = accuracy
                               ? "Cross-validation of {} in {}: test accuracy {:.2f} %, deviation {:.2f} %\n"
                               : "Cross-validation of {} in {}: test MSE {:.6g}, deviation {:.6g}\n";
  return table.console() + fmt::format(fmt::runtime(line), format_count(values.size(), "fold"),
                                       format_seconds(result.ensemble_seconds), mean, std::sqrt(variance));
}

/// "Trained in 3.41 ms: 1000 epochs of 455 samples, 3.41 us an epoch, 133 M samples/s (avx2, AVX2+FMA, ...)"
std::string timing_line(const Problem& problem, const RunResult& result) {
  const std::size_t epochs = result.trace.loss_per_epoch.size() + problem.epochs_before_first;
  const double seconds = result.trace.seconds;
  const std::size_t samples = result.trace.samples_trained;
  return fmt::format("Trained in {}: {} of {}, {} an epoch, {} samples/s ({}, {}, {}, {}{})",
                     format_seconds(seconds), format_count(epochs, "epoch"),
                     format_count(samples / epochs, "sample"),
                     format_seconds(seconds / static_cast<double>(epochs)),
                     format_quantity(static_cast<double>(samples) / seconds), result.backend->name,
                     result.backend->isa_text(), to_string(result.dtype),
                     result.ranks > 1 ? format_count(result.trace.ranks, "rank") + " of " : "",
                     format_count(result.trace.threads, "thread"));
}

}  // namespace

std::string training_lines(const Problem& problem, const RunResult& result) {
  const Settings& settings = result.settings;
  std::string text;
  if (settings.threads > 1 && result.trace.threads == 1 &&
      find_trainer(settings.trainer).has_parallel_threshold) {
    text += fmt::format(
        "One thread: the steps are below the parallel threshold for {} threads (--force-parallel ignores "
        "it)\n",
        settings.threads);
  }
  if (result.trace.ranks < result.ranks) {
    const TrainerEntry& trainer = find_trainer(settings.trainer);
    text += fmt::format("{} of {} ranks trained: {}\n", result.trace.ranks, result.ranks,
                        !trainer.shares_ranks             ? "the trainer is serial"
                        : !trainer.has_parallel_threshold ? "there is no work for more"
                        : result.trace.ranks > 1
                            ? "a step has no more chunks of samples"
                            : "the steps are below the parallel threshold (--force-parallel ignores "
                              "it for those of more than one chunk)");
  }
  if (result.trace.lost_updates) {
    text += fmt::format("At least {} of a thread's updates were overwritten by another's\n",
                        *result.trace.lost_updates);
  }
  if (const std::optional<TargetReport>& target = result.trace.target) {
    text += fmt::format(
        "Target {} after {}, {} of training, {} with the evaluations (held-out loss {:.6g}{})\n",
        target->met ? "met" : "not met", format_count(target->epochs, "epoch"),
        format_seconds(target->seconds), format_seconds(target->seconds_with_evaluation), target->loss,
        target->accuracy ? fmt::format(", accuracy {:.2f} %", 100.0 * *target->accuracy) : "");
  }
  if (settings.folds > 1) return text + fold_lines(result);
  if (const std::optional<ValidationReport>& validation = result.trace.validation) {
    text +=
        fmt::format("Validation loss {:.6g} after epoch {}, the lowest: these weights are kept{}\n",
                    validation->best_loss, validation->best_epoch,
                    validation->stopped ? fmt::format("; ended after epoch {} (--patience {})",
                                                      validation->loss_per_epoch.size(), *settings.patience)
                                        : "");
  }
  if (!result.members.empty()) text += ensemble_line(result) + "\n";
  return text + timing_line(problem, result) + "\n";
}

}  // namespace mlpbench
