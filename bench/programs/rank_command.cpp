#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/measure/launcher.h"
#include "bench/programs/commands.h"
#include "bench/programs/run.h"
#include "core/training/communicator.h"
#include "experiments/checkpoint_file.h"
#include "experiments/cli/program_main.h"
#include "experiments/cli/rank_identity.h"
#include "support/error.h"
#include "support/standard_output.h"

namespace mlpbench {
namespace {

/// What the training of the case came to, on every rank.
std::string answer_of_case(const Selection& selection, const std::string& name, std::size_t epochs,
                           Communicator& ranks) {
  const std::vector<Case> cases = select_cases(selection);
  const auto found = std::ranges::find(cases, name, &Case::name);
  if (found == cases.end()) throw UserError("--job-case: this rank has no case " + name);
  if (!found->unusable_reason.empty()) throw UserError(found->unusable_reason);
  const Case& what = *found;
  Settings settings = what.settings();
  settings.epochs = epochs;
  const Problem problem = what.experiment->build(settings);
  require_same_run(ranks, identity_of(*what.experiment, problem, settings, *what.backend, what.dtype));
  return rank_answer(run_experiment(*what.experiment, problem, settings, *what.backend, what.dtype, {},
                                    nullptr, nullptr, &ranks));
}

/// Its errors are answers too: what a launcher adds to stderr hides the line there.
int train(int argc, char** argv, StandardOutput& output, Communicator& ranks) {
  CLI::App app("One rank of a case of mlpbench run --ranks", "mlpbench rank");
  SelectionOptions selection;
  std::string name;
  std::size_t epochs = 0;
  selection.add_to(app);
  app.add_option("--job-case", name)->required();
  app.add_option("--job-epochs", epochs)->required();
  const auto answer = [&](const std::string& line) {
    if (ranks.is_first()) output.print([&] { fmt::print("{}\n", line); });
  };
  try {
    app.parse(argc, argv);
    answer(answer_of_case(selection.selection(), name, epochs, ranks));
  } catch (const WrongResult& error) {
    answer(nlohmann::json{{"wrong", error.what()}}.dump());
    throw;
  } catch (const std::exception& error) {
    answer(nlohmann::json{{"error", error.what()}}.dump());
    throw;
  }
  return kExitOk;
}

}  // namespace

int train_as_rank(int argc, char** argv) {
  return ranks_main("mlpbench rank", [&](StandardOutput& output, Communicator& ranks) {
    return train(argc, argv, output, ranks);
  });
}

}  // namespace mlpbench
