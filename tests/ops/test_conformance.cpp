#include "tests/catch.h"
#include "tests/ops/conformance.h"
#include "tests/support/backends.h"

namespace mlpbench::test {

TEMPLATE_TEST_CASE("a backend does what core/backend.h says", "", float, double) {
  for_each_backend(kDTypeOf<TestType>, [](const BackendEntry& entry) {
    const Backend<TestType>& backend = entry.get<TestType>();
    const Exceptions exceptions = entry.exceptions();
    const std::vector<std::string> failures = conformance_failures(backend, 10, exceptions);
    for (const std::string& failure : failures) UNSCOPED_INFO(failure);
    CHECK(failures.empty());
    for (bool Exceptions::*const excused :
         {&Exceptions::skips_zero_factors, &Exceptions::relu_drops_nan, &Exceptions::rounds_by_placement}) {
      if (!(exceptions.*excused)) continue;
      Exceptions fewer = exceptions;
      fewer.*excused = false;
      CHECK_FALSE(conformance_failures(backend, 1, fewer).empty());  // else its entry is out of date
    }
  });
}

}  // namespace mlpbench::test
