#include "tests/catch.h"
#include "tests/ops/conformance.h"
#include "tests/support/backends.h"

namespace mlpbench::test {

TEMPLATE_TEST_CASE("a backend does what core/backend.h says", "", float, double) {
  for_each_backend(kDTypeOf<TestType>, [](const BackendEntry& entry) {
    const std::vector<std::string> failures = conformance_failures(entry.get<TestType>());
    for (const std::string& failure : failures) UNSCOPED_INFO(failure);
    CHECK(failures.empty());
  });
}

}  // namespace mlpbench::test
