#include "experiments/cli/program.h"

namespace mlpbench {
Experiment MLPBENCH_EXPERIMENT();  // the function that defines it (experiments/CMakeLists.txt)
}

int main(int argc, char** argv) { return mlpbench::run_program(mlpbench::MLPBENCH_EXPERIMENT(), argc, argv); }
