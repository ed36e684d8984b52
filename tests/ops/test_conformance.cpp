#include "tests/catch.h"
#include "tests/ops/conformance.h"
#include "tests/support/backends.h"

namespace mlpbench::test {

TEMPLATE_TEST_CASE("a backend does what core/backend.h says", "", float, double) {
  for_each_backend([](const BackendEntry& entry) {
    const Backend<TestType>& backend = entry.get<TestType>();
    const LibraryReport library = entry.library ? entry.library() : LibraryReport{};
    for (bool LibraryReport::*const exception :
         {&LibraryReport::skips_zero_factors, &LibraryReport::rounds_by_placement}) {
      if (!(library.*exception)) continue;
      LibraryReport without = library;
      without.*exception = false;
      CHECK_FALSE(conformance_failures(backend, 1, without).empty());  // else its entry is out of date
    }
    const std::vector<std::string> failures = conformance_failures(backend, 10, library);
    for (const std::string& failure : failures) UNSCOPED_INFO(failure);
    CHECK(failures.empty());
  });
}

}  // namespace mlpbench::test
