#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/cli/program.h"
#include "experiments/programs/csv_problem.h"

using namespace mlpbench;

namespace {

/// No notebook to agree with: rows of a user's file are not dropped.
constexpr const char* kDefaults =
    "--trainer mini-batch --epochs 100 --learning-rate 0.05 --batch-size 32 --hidden 16 --seed 42 "
    "--keep-incomplete-batch";

void note_inferred_task(const CsvProblem& csv, const CsvQuestion& question) {
  const Task task = csv.problem.task;
  fmt::print(stderr, "train_csv: note: --target {} is taken for a {} task{}; --task says otherwise\n",
             question.target, task_words()[static_cast<std::size_t>(task)],
             task == Task::regression ? "" : fmt::format(" with {} classes", csv.problem.class_names.size()));
}

}  // namespace

int main(int argc, char** argv) {
  CsvQuestion question;
  CsvProblem csv;
  Program program;
  program.experiment = {
      .name = "train_csv",
      .about =
          "trains on a CSV file with a header line and numbers in every column but the target.\n"
          "A fifth of the rows is the test set; features are standardised by the training rows alone.",
      .defaults = settings_of(kDefaults),
      .draws_boundary = true};
  program.own_options = {
      {"FILE", "", "the data", &question.file, true},
      {"--target", "COLUMN", "the column to predict", &question.target, true},
      {"--task", "TASK", "binary, multiclass, regression (default: by the target)", &question.task, false,
       task_words()},
      {"--activation", "NAME", fmt::format("of hidden layers: {}", fmt::join(activation_words(), " ")),
       &question.activation, false, activation_words()}};
  program.examples = {"flowers.csv --target species --hidden 32,16",
                      "prices.csv --target price --task regression"};
  program.build = [&](Options& options) {
    csv = build_csv_problem(question, options);
    if (csv.task_inferred && !options.quiet) note_inferred_task(csv, question);
    return csv.problem;
  };
  program.finish = [&](const Problem&, RunResult& result) { restore_units(csv, result); };
  program.print = [&](const Problem&, const RunResult& result) { print_csv_result(csv, result); };
  return run_program(program, argc, argv);
}
