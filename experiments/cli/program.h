#pragma once

#include <functional>
#include <string_view>

#include "experiments/cli/options.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// What run_program() runs: an experiment of the suite, or one that is made from a file at run time.
struct Program {
  Experiment experiment;  ///< name, about, defaults; of its functions only `also` is called
  CommandLine command_line;

  /// The data and network for the options; may adapt settings that the user did not give.
  std::function<Problem(Options&)> build;

  /// Optional, after the training: what the user reads is in other units than what the network was trained
  /// on.
  std::function<void(const Problem&, RunResult&)> finish = {};

  /// The result's lines on stdout.
  std::function<void(const Problem&, const RunResult&)> print;
};

/// The whole of a main function: reads the command line, trains, prints. Returns the exit code. Whatever goes
/// wrong becomes one line on stderr that begins with the program's name.
///   stdout   the result's lines and how long training took (with --json -: the record instead); with
///            --backend all a table
///   stderr   progress, notes, errors
/// Ctrl-C or SIGTERM end the training after the step under way: the record is written and says so, nothing is
/// printed on stdout, and the exit code is 130.
int run_program(const Program& program, int argc, char** argv);

/// The same for the experiment of all_experiments() with this name.
int run_program(std::string_view experiment, int argc, char** argv);

}  // namespace mlpbench
