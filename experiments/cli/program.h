#pragma once

#include "experiments/cli/options.h"

namespace mlpbench {

/// The whole of a main function: reads the command line, trains, prints. Returns the exit code. Whatever goes
/// wrong becomes one line on stderr that begins with the program's name.
///   stdout   the result's lines and how long training took (with --json -: the record instead); with
///            --backend all a table
///   stderr   progress, notes, errors
/// Ctrl-C, SIGTERM and SIGHUP end the training within the current step. The record is written and says so.
/// Nothing is printed on stdout, and the exit code is InterruptFlag::exit_code().
int run_program(const Program& program, int argc, char** argv);

/// The same for an experiment of the suite.
int run_program(Experiment (*experiment)(), int argc, char** argv);

}  // namespace mlpbench
