// Declares what it calls itself: seven programs are this file, and the headers would be most of compiling it.
namespace mlpbench {
struct Experiment;
Experiment MLPBENCH_EXPERIMENT();  // the function that defines it (experiments/CMakeLists.txt)
int run_program(Experiment (*experiment)(), int argc, char** argv);  // experiments/cli/program.h
}  // namespace mlpbench

int main(int argc, char** argv) { return mlpbench::run_program(mlpbench::MLPBENCH_EXPERIMENT, argc, argv); }
