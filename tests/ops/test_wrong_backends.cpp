#include <sys/wait.h>
#include <unistd.h>

#include <cfenv>
#include <csignal>

#include "backends/simd/simd_backend.h"
#include "tests/catch.h"
#include "tests/ops/conformance.h"
#include "tests/ops/wrong_backend.h"

namespace mlpbench::test {
namespace {

/// Whether a child process that checks `backend` ends in any other way than by finding nothing.
template <typename T>
bool rejected_in_child(const Backend<T>& backend) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // A crash is expected: without Catch's handlers, and without the page of text that a sanitizer writes.
    for (const int signal : {SIGSEGV, SIGBUS}) std::signal(signal, SIG_DFL);
    _exit(conformance_failures(backend, 1).empty() ? 0 : 1);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace

TEMPLATE_TEST_CASE("the conformance check rejects every wrong backend", "", float, double) {
  const std::vector<WrongBackend<TestType>> mutants = wrong_backends<TestType>();
  REQUIRE(mutants.size() >= 30);
  std::fenv_t mode;
  std::fegetenv(&mode);
  for (const WrongBackend<TestType>& mutant : mutants) {
    INFO("survived: " << mutant.mistake);
    if (mutant.crashes) {
      CHECK(rejected_in_child(mutant));
    } else {
      CHECK_FALSE(conformance_failures(mutant, 1).empty());
    }
    std::fesetenv(&mode);  // one of the mutants changes it
  }
}

TEMPLATE_TEST_CASE("the conformance check rejects a wrong elementary function of a kernel", "", float,
                   double) {
  using T = TestType;
  for (const BackendEntry* entry : usable_backends(kDTypeOf<T>)) {
    const auto* simd = dynamic_cast<const SimdBackend<T>*>(&entry->get<T>());
    if (simd == nullptr) continue;
    simd::KernelTable<T> wrong = simd->kernels();
    wrong.tanh = [](const T* x, T* y, std::size_t size) {
      for (std::size_t n = 0; n < size; ++n)
        y[n] = std::tanh(x[n]) * (1 + 8 * std::numeric_limits<T>::epsilon());
    };
    const std::vector<std::string> failures = conformance_failures(SimdBackend<T>(wrong), 1);
    REQUIRE(failures.size() == 1);
    CHECK(failures[0].starts_with("elementary"));
  }
}

TEST_CASE("the wrapper of the wrong backends itself does nothing wrong") {
  CHECK(conformance_failures(WrongBackend<float>()).empty());
}

}  // namespace mlpbench::test
