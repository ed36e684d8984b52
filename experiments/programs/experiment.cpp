#include "experiments/cli/program.h"

// One program an experiment; MLPBENCH_EXPERIMENT is its name (experiments/CMakeLists.txt).
int main(int argc, char** argv) { return mlpbench::run_program(MLPBENCH_EXPERIMENT, argc, argv); }
