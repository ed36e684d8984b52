#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "bench/programs/commands.h"
#include "bench/programs/output_files.h"
#include "bench/report/history_report.h"

namespace mlpbench {
namespace {

using Histories = std::vector<History>;

constexpr OutputFiles<Histories>::File kHistoryFiles[] = {{"--html", "write the trend page", history_page}};

struct HistoryValues {
  std::string folder = "results/history";
  std::vector<std::string> add;
  OutputFiles<Histories> files{kHistoryFiles};
  TerminalOptions terminal;
};

int keep_or_print(const HistoryValues& v, StandardOutput& output) {
  v.files.require_writable();
  for (const std::string& file : v.add) {
    const std::string kept = add_to_history(read_document(file), v.folder);
    output.print([&] { fmt::print("{}\n", kept); });
  }
  if (!v.add.empty() && v.files.written().empty()) return kExitOk;
  const Histories histories = read_histories(v.folder);
  const std::optional<std::string> shown = v.files.write(histories);
  output.print(
      [&] { fmt::print("{}", shown ? *shown : history_console(histories, v.terminal.standard_output())); });
  return kExitOk;
}

}  // namespace

Command history_command(CLI::App& app) {
  const auto v = std::make_shared<HistoryValues>();
  CLI::App* command = app.add_subcommand("history", "keep results of many commits, show the trends");
  command->add_option("FOLDER", v->folder, "of the history (results/history)")->type_name("");
  command->add_option("--add", v->add, "keep this results.json; it replaces one of its commit")
      ->type_name("FILE")
      ->allow_extra_args(false);
  v->files.add_to(*command, "Options");
  v->terminal.add_to(*command, "Options");
  command->footer(
      "Examples:\n"
      "  mlpbench history --add results/results.json     after a run\n"
      "  mlpbench history --html trends.html             the page of all machines\n"
      "\n"
      "Exit codes: 0 ok, 2 wrong usage or file. docs/history.md has a recipe for CI.");
  return {command, [v](StandardOutput& output) { return keep_or_print(*v, output); }};
}

}  // namespace mlpbench
