#include "experiments/cli/trainer_comparison.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/cli/backend_comparison.h"
#include "experiments/notebook.h"
#include "support/format.h"
#include "support/table.h"

namespace mlpbench {

std::string trainers_text(const Problem& problem, const std::vector<TrainerRun>& runs) {
  Table table;
  table.add_column("trainer", Table::Align::left);
  for (const std::string& title :
       {std::string("threads"), std::string("final loss"), quality_title(problem), std::string("trained in"),
        std::string("time/epoch"), std::string("samples/s")}) {
    table.add_column(title);
  }
  const RunResult* any = nullptr;
  for (const TrainerRun& run : runs) {
    if (!run.result) {
      table.add_row({std::string(run.trainer->name)}, "unavailable: " + run.unusable_reason);
      continue;
    }
    const RunResult& result = *run.result;
    any = &result;
    const std::span<const double> losses = shown_losses(result.trace);
    const double seconds = result.members.empty() ? result.trace.seconds : result.ensemble_seconds;
    const auto members = static_cast<double>(std::max<std::size_t>(1, result.members.size()));
    table.add_row({std::string(run.trainer->name), std::to_string(result.settings.threads),
                   losses.empty() ? "" : fmt::format("{:.8g}", losses.back()), quality_text(result),
                   format_seconds(seconds), format_seconds(seconds / static_cast<double>(losses.size())),
                   format_quantity(members * static_cast<double>(result.trace.samples_trained) / seconds)});
  }
  std::string text = table.console();
  if (any != nullptr) {
    text += fmt::format("on {} in {}; final loss: the mean over the last epoch\n", any->backend->name,
                        to_string(any->dtype));
    if (runs.back().trainer->runs_members && runs.back().result) {
      text += fmt::format("ensemble: {}, trained together; loss and quality are the first one's\n",
                          format_count(runs.back().result->members.size(), "seed"));
    }
  }
  return text;
}

}  // namespace mlpbench
