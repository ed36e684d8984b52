#pragma once

#include <functional>
#include <string_view>

#include "support/standard_output.h"

namespace CLI {
class App;
}

namespace mlpbench {

class Communicator;

/// The main of every program. Prepares the standard streams, runs `body`, and turns what it throws into one
/// line on stderr that begins with the program's name. Returns body's exit code, 4 after a WrongResult, else
/// 2.
int program_main(std::string_view program, const std::function<int(StandardOutput&)>& body);

/// The same for a program whose processes a launcher may have started as ranks
/// (core/training/communicator.h). Only the first has a stdout. When all ranks fail, the first says why. When
/// one fails alone, that one says so, with its number, and ends the others within two seconds. All end with
/// the same exit code.
int ranks_main(std::string_view program, const std::function<int(StandardOutput&, Communicator&)>& body);

/// Prints "PROGRAM: MESSAGE" on stderr, fit for one line.
void report(std::string_view program, std::string_view message);

/// Parses the command line of `app`, which gets the hidden --shell-file as well. Returns false after --help,
/// --version and their like, which are answered. Throws UserError for what CLI11 refuses.
bool parse_command_line(CLI::App& app, int argc, char** argv, StandardOutput& output);

}  // namespace mlpbench
