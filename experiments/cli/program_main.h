#pragma once

#include <functional>
#include <string_view>

#include "support/standard_output.h"

namespace mlpbench {

/// The main of a program of this folder: prepares the standard streams and the process (prepare_process),
/// runs `body`, and turns what it throws into one line on stderr. Returns body's exit code, 4 after a
/// WrongResult, else 2.
int program_main(std::string_view program, int argc, char** argv,
                 const std::function<int(StandardOutput&)>& body);

}  // namespace mlpbench
