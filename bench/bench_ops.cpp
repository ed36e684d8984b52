// Times each operation of core/backend.h by itself: see add_operation_rows().

#include "bench/operation_rows.h"

int main(int argc, char** argv) {
  return mlpbench::suite_main(argc, argv, [](mlpbench::Suite& suite) {
    mlpbench::add_operation_rows(suite, mlpbench::all_backends());
  });
}
