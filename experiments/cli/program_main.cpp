#include "experiments/cli/program_main.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <new>
#include <stdexcept>

#include "experiments/cli/command_page.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {

void report(std::string_view program, std::string_view message) {
  fmt::print(stderr, "{}: {}\n", program, printable(message, 2000));
}

int program_main(std::string_view program, const std::function<int(StandardOutput&)>& body) {
  StandardOutput::prepare();
  try {
    StandardOutput output;
    const int code = body(output);
    output.finish();
    return code;
  } catch (const WrongResult& error) {
    report(program, error.what());
    return kExitWrongResult;
  } catch (const std::bad_alloc&) {
    report(program, "not enough memory for this network and these data");
  } catch (const std::length_error&) {
    report(program, "this network or these data are larger than the memory of any machine");
  } catch (const std::exception& error) {
    report(program, error.what());
  }
  return kExitUsage;
}

bool parse_command_line(CLI::App& app, int argc, char** argv, StandardOutput& output) {
  app.add_option_function<std::string>(kShellFileOption,
                                       [&app](const std::string& kind) {
                                         std::string text = shell_file(app, kind);
                                         text.pop_back();  // the end of the line follows
                                         throw CLI::CallForVersion(text, 0);
                                       })
      ->group("");
  try {
    app.parse(argc, argv);
    return true;
  } catch (const CLI::Success& asked) {
    const bool all = asked.get_name() == "CallForAllHelp", help = all || asked.get_name() == "CallForHelp";
    output.print([&] { fmt::print("{}", help ? help_page(app, all) : std::string(asked.what()) + "\n"); });
    return false;
  } catch (const CLI::ExtrasError& error) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    const std::vector<std::string> extras = app.remaining(true);
    const CLI::App& page = commands.empty() ? app : *commands.front();
    throw UserError(error.what() + (extras.empty() ? "" : suggested_option(page, extras.front())));
  } catch (const CLI::ParseError& error) {
    throw UserError(error.what());
  }
}

}  // namespace mlpbench
