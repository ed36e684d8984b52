#include "experiments/cli/program.h"
#include "experiments/csv_problem.h"

using namespace mlpbench;

int main(int argc, char** argv) {
  const auto question = std::make_shared<CsvQuestion>();
  Program program;
  program.experiment = csv_experiment(question);
  program.own_options = {{"FILE", "", "the data; - is stdin", &question->file, true, {}, "--csv"}};
  for (const CsvOption& option : csv_options()) {
    program.own_options.push_back({option.name, option.type, option.about, &((*question).*option.value),
                                   option.value == &CsvQuestion::target,
                                   option.words == nullptr ? std::vector<std::string_view>{} : option.words(),
                                   "", option.rarely_needed});
  }
  program.examples = {"flowers.csv --target species --hidden 32,16",
                      "titanic.csv --target survived --categorical sex --missing mean"};
  return run_program(program, argc, argv);
}
