#pragma once

#include <map>
#include <string>

namespace CLI {
class App;
}

namespace mlpbench {

struct RunOptions;

/// Where the values of options came from that the command line did not give: "--rounds" -> "MLPBENCH_ROUNDS"
/// or the name of a file.
using Origins = std::map<std::string, std::string>;

/// Gives every option of `command` that the command line left out the value of its environment variable,
/// MLPBENCH_ROUNDS for --rounds; then those that still have none the value of the TOML file that --config
/// names. Throws UserError that begins with the variable or the file: the option does not take the value; the
/// file cannot be read, has a key that is no option of a run, or the same one twice.
Origins complete_options(CLI::App& command);

/// TOML that makes the same run when it is given as --config: its lines are options without their dashes.
/// Lists that select everything and where the results go are left out.
std::string configuration_text(const RunOptions& options);

}  // namespace mlpbench
