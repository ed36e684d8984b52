// Times whole steps and epochs: see add_training_rows().

#include "bench/operations/suite.h"

int main(int argc, char** argv) {
  constexpr mlpbench::SuiteText kText = {
      "bench_training", "Times single training steps and epochs, on every backend.", "epoch/.*/naive"};
  return mlpbench::suite_main(argc, argv, kText, [](mlpbench::Suite& suite) {
    mlpbench::add_training_rows(suite, mlpbench::all_backends());
  });
}
