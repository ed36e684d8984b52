// Times each operation of core/backend.h by itself: see add_operation_rows().

#include "bench/operations/suite.h"

int main(int argc, char** argv) {
  constexpr mlpbench::SuiteText kText = {
      "bench_ops", "Times each operation of a training step by itself, on every backend.",
      "dense_forward/.*/512x784x256/float32"};
  return mlpbench::suite_main(argc, argv, kText, [](mlpbench::Suite& suite) {
    mlpbench::add_operation_rows(suite, mlpbench::all_backends());
  });
}
