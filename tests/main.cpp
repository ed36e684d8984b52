#define CATCH_CONFIG_RUNNER
#include "backends/process.h"
#include "tests/catch.h"
#include "tests/support/backends.h"

int main(int argc, char** argv) {
  mlpbench::prepare_process(argc, argv);
  return mlpbench::test::report_coverage(Catch::Session().run(argc, argv));
}
