#pragma once

#include <functional>

#include "backends/registry.h"
#include "support/cpu.h"

namespace mlpbench::test {

/// The SIMD backend of this architecture that almost all of its machines can run.
inline std::string_view simd_backend() { return architecture() == "aarch64" ? "neon" : "avx2"; }

/// Runs `check` on every backend that this machine can run, in the registry's order, with the backend's name
/// in the messages of failures. Counts the backend as covered when `check` has returned. The environment
/// variable MLPBENCH_TEST_BACKENDS (a comma list) narrows the loop.
void for_each_backend(const std::function<void(const BackendEntry&)>& check);

/// The same with those that have the precision.
void for_each_backend(DType dtype, const std::function<void(const BackendEntry&)>& check);

/// Prints `covered: naive, avx2` and `skipped: avx512 (this CPU lacks AVX-512F)`, and returns the exit code
/// of the test program. The environment variable MLPBENCH_REQUIRE_BACKENDS (a comma list) names backends that
/// must be covered. It is a failure when one was to be looped over and was not covered. A backend that
/// vanishes from a build must not pass for tested. A process that loops over no backends, such as the tests
/// of the CSV reader, is not asked. A process that was narrowed to backends that cannot run here ends with
/// ctest's code for "Skipped" (SKIP_RETURN_CODE in tests/CMakeLists.txt). So does one of whose cases called
/// skip().
int report_coverage(int session_result);

}  // namespace mlpbench::test
