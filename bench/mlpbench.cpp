// The suite's program: `mlpbench run` measures all experiments on all backends, `mlpbench compare` judges two
// such results, `mlpbench report` writes their reports again, `mlpbench list` names the cases, `mlpbench doctor` looks at the machine.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "bench/compare/command.h"
#include "bench/doctor.h"
#include "bench/program_main.h"
#include "bench/report/command.h"
#include "bench/run/command.h"
#include "core/error.h"
#include "experiments/cli/provenance.h"

namespace mlpbench {
namespace {

/// The command line as it was typed, for the report; a path to the program is shortened to its name.
std::string command_of(int argc, char** argv) {
  std::string text = std::filesystem::path(argv[0]).filename();
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--output" && ++i < argc) continue;
    text += " " + std::string(argument);
  }
  return text;
}

int run(int argc, char** argv, StandardOutput& output) {
  CLI::App app("Compares the backends of mlpbench over its experiments.", "mlpbench");
  app.set_version_flag("--version", version_line());
  app.require_subcommand(1);
  app.footer("Exit codes: 0 ok, 1 a case regressed, 2 usage, 3 incomparable, 4 a result is wrong.");
  const RunCommand run_command(app);
  const CompareCommand compare_command(app);
  const ReportCommand report_command(app);
  const CLI::App& doctor_command =
      *app.add_subcommand("doctor", "check this machine for what spoils measurements, and say what to do");

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& answered) {
    output.print([&] { app.exit(answered); });
    return kExitOk;
  } catch (const CLI::ParseError& error) {
    throw UserError(error.what());
  }
  if (compare_command.parsed()) return compare_command.run(output);
  if (report_command.parsed()) return report_command.run(output);
  if (doctor_command.parsed()) {
    output.print([] { fmt::print("{}", doctor_text(examine(meet_patient(1.0)))); });
    return kExitOk;
  }
  return run_command.run(command_of(argc, argv), output);
}

}  // namespace
}  // namespace mlpbench

int main(int argc, char** argv) {
  return mlpbench::program_main("mlpbench", argc, argv, [&](mlpbench::StandardOutput& output) {
    return mlpbench::run(argc, argv, output);
  });
}
