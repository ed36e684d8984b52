// exp, log, tanh and sigmoid of the SIMD kernels by themselves: two units in the last place, in both
// precisions, on a dense sample. nightly_simd_functions.cpp leaves no float out.

#include "tests/catch.h"
#include "tests/ops/simd_functions.h"
#include "tests/support/backends.h"

namespace mlpbench::test {

TEMPLATE_TEST_CASE("the functions of the SIMD kernels are exact to 2 units in the last place", "", float,
                   double) {
  for_each_backend([&](const BackendEntry& entry) {
    for (const Elementary<TestType>& function : simd_functions<TestType>(entry)) {
      INFO(entry.name);
      CHECK(accuracy_problem(function) == "");
    }
  });
}

}  // namespace mlpbench::test
