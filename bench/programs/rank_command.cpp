#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "bench/measure/check.h"
#include "bench/measure/launcher.h"
#include "bench/programs/commands.h"
#include "bench/programs/run.h"
#include "core/training/communicator.h"
#include "support/error.h"
#include "support/standard_output.h"

namespace mlpbench {
namespace {

/// What this rank's part of the training came to.
std::string answer_of_case(const Selection& selection, const std::string& name, std::size_t epochs) {
  const std::vector<Case> cases = select_cases(selection);
  const auto found = std::ranges::find(cases, name, &Case::name);
  if (found == cases.end()) throw UserError("--case: this rank has no case " + name);
  if (!found->unusable_reason.empty()) throw UserError(found->unusable_reason);
  Settings settings = found->settings();
  settings.epochs = epochs;
  const ProblemsOf problems = build_problems({*found}, nullptr);
  return rank_answer(train_case(problems.at(found->experiment), *found, settings, nullptr));
}

}  // namespace

int train_as_rank(int argc, char** argv, StandardOutput& output) {
  Communicator& ranks = launched_ranks();  // forks: before any thread begins
  CLI::App app("One rank of a case of mlpbench run --ranks", "mlpbench rank");
  SelectionOptions selection;
  std::string name;
  std::size_t epochs = 0;
  selection.add_to(app);
  app.add_option("--case", name)->required();
  app.add_option("--epochs", epochs)->required();
  std::string answer;
  try {
    app.parse(argc, argv);
    answer = answer_of_case(selection.selection(), name, epochs);
  } catch (const WrongResult& error) {
    answer = nlohmann::json{{"wrong", error.what()}}.dump();
  } catch (const CLI::ParseError& error) {
    throw UserError(error.what());
  } catch (const UserError& error) {
    answer = nlohmann::json{{"error", error.what()}}.dump();
  }
  if (ranks.is_first()) output.print([&] { fmt::print("{}\n", answer); });
  return kExitOk;
}

}  // namespace mlpbench
