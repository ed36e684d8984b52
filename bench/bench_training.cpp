// Times whole steps and epochs: see add_training_rows().

#include "bench/training_rows.h"

int main(int argc, char** argv) {
  return mlpbench::suite_main(argc, argv, [](mlpbench::Suite& suite) {
    mlpbench::add_training_rows(suite, mlpbench::all_backends());
  });
}
