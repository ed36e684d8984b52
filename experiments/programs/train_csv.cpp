#include "experiments/cli/program.h"
#include "experiments/csv_problem.h"

using namespace mlpbench;

int main(int argc, char** argv) {
  const auto question = std::make_shared<CsvQuestion>();
  Program program;
  program.experiment = csv_experiment(question);
  program.own_options = {{"FILE", "", "the data", &question->file, true, {}, "--csv"},
                         {"--target", "COLUMN", "the column to predict", &question->target, true},
                         {"--task", "TASK", "binary, multiclass, regression (default: by the target)",
                          &question->task, false, task_words()}};
  program.examples = {"flowers.csv --target species --hidden 32,16",
                      "prices.csv --target price --task regression"};
  program.note = [question](const Problem& problem) { return task_note(*question, problem); };
  return run_program(program, argc, argv);
}
