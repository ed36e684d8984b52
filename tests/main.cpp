#define CATCH_CONFIG_RUNNER
#include "tests/catch.h"
#include "tests/support/backends.h"

int main(int argc, char** argv) { return mlpbench::test::report_coverage(Catch::Session().run(argc, argv)); }
