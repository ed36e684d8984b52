#include <CLI/CLI.hpp>

#include "bench/programs/commands.h"

namespace mlpbench {

void TerminalOptions::add_to(CLI::App& app, const char* group) {
  app.add_flag("--wide", wide_, "whole tables, however narrow the terminal is")
      ->group(group)
      ->configurable(false);
  app.add_option("--color", color_, "auto, always or never (auto; NO_COLOR is heeded)")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}).description(""))
      ->group(group)
      ->configurable(false);
}

}  // namespace mlpbench
