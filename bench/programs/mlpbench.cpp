// The suite's program. `mlpbench run` measures all experiments on all backends, `mlpbench compare` judges two
// such results, and `mlpbench report` writes their reports again. `mlpbench history` shows many of them, and
// `mlpbench list` names the cases. `mlpbench doctor` looks at the machine, and `mlpbench completion` prints
// what completes options in a shell.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "backends/registry.h"
#include "bench/measure/launcher.h"
#include "bench/probes/doctor.h"
#include "bench/programs/commands.h"
#include "experiments/cli/command_page.h"
#include "experiments/cli/program_main.h"
#include "experiments/cli/provenance.h"
#include "support/error.h"
#include "support/subnormals.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  mlpbench run --quick                        a first look, under half a minute\n"
    "  mlpbench run --experiment digits,moons      only these, in full\n"
    "  mlpbench compare base.json candidate.json   is anything slower?\n"
    "  mlpbench doctor                             what spoils measurements here\n"
    "  source <(mlpbench completion bash)          complete options; also zsh, fish\n"
    "\n"
    "Exit codes: 0 ok, 1 a case regressed, 2 wrong usage or file, 3 incomparable,\n"
    "inconclusive or nothing ran, 4 a result is wrong or less accurate; 129, 130, 143\n"
    "ended by SIGHUP, Ctrl-C, SIGTERM. mlpbench COMMAND --help has the options.";

/// CLI11 says "A subcommand is required" for a word that is none as well.
UserError no_command(const CLI::App& app, int argc, const char* const* argv) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
  }
  const std::string wrong = argc > 1 ? fmt::format("'{}' is none", printable(argv[1])) : "it is missing";
  return UserError(fmt::format("needs a command, and {}: {}{}; --help says more", wrong,
                               fmt::join(names, ", "), did_you_mean(argc > 1 ? argv[1] : "", names)));
}

/// This machine: reads its files, then waits for `seconds` to see how much of its time is stolen.
SystemReport read_system_report(double seconds) {
  SystemReport system;
  system.hardware = read_hardware();
  system.state = read_machine_state();
  const std::optional<CpuTimes> before = read_cpu_times();
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
  system.stolen = stolen_part(before, read_cpu_times());
  system.build_type = build_facts().build_type;
  system.architecture = architecture();
  system.isa = to_string(best_isa());
  for (const BackendEntry& entry : all_backends()) {
    if (!entry.library || !unusable_reason(entry).empty()) continue;
    if (!entry.library().kernels.empty() && entry.isa() < best_isa())
      system.blas_shortfall = entry.isa_text();
  }
  system.flushing = flushing_bits();
  const char* cap = std::getenv("MLPBENCH_MAX_ISA");
  for (const Isa isa : known_isas()) {
    if (missing_feature(isa).ends_with("MLPBENCH_MAX_ISA)")) system.hidden_isa = cap;
  }
  return system;
}

Command doctor_command(CLI::App& app) {
  CLI::App* doctor = app.add_subcommand("doctor", "say what spoils measurements here, and what to do");
  add_backend_options(*doctor, "Options");
  doctor->footer("Exit codes: 0 ok, 2 wrong usage or file.");
  return {doctor, [doctor](StandardOutput& to) {
            add_backends(added_backends(*doctor));
            to.print([] { fmt::print("{}", doctor_text(examine(read_system_report(1.0)))); });
            return int{kExitOk};
          }};
}

int run(int argc, char** argv, StandardOutput& output) {
  CLI::App app("Compares the backends of mlpbench over its experiments.", "mlpbench");
  app.set_version_flag("--version", version_line());
  app.require_subcommand(1);
  app.footer(kFooter);
  const Command commands[] = {run_command(app, command_text({argv, static_cast<std::size_t>(argc)})),
                              list_command(app),
                              compare_command(app),
                              report_command(app),
                              history_command(app),
                              doctor_command(app),
                              completion_command(app)};
  try {
    if (!parse_command_line(app, argc, argv, output)) return kExitOk;
  } catch (const UserError&) {
    const bool other_error = !app.get_subcommands().empty() || app.count(kShellFileOption) > 0;
    if (!other_error) throw no_command(app, argc, argv);
    throw;
  }
  for (const Command& command : commands) {
    if (command.app->parsed()) return command.run(output);
  }
  return kExitUsage;  // not reached: CLI11 requires one
}

}  // namespace
}  // namespace mlpbench

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == mlpbench::kRankCommand) return mlpbench::train_as_rank(argc - 1, argv + 1);
  return mlpbench::program_main(
      "mlpbench", [&](mlpbench::StandardOutput& output) { return mlpbench::run(argc, argv, output); });
}
