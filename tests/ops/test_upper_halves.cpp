// No operation leaves the upper halves of the vector registers in use. SSE code of any backend that follows
// would wait for them. Source: Intel 64 and IA-32 Architectures Optimization Reference Manual, "Mixing AVX
// code with SSE code".

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include "core/backend.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/skip.h"

namespace mlpbench::test {
namespace {

#if defined(__x86_64__)
/// Whether XGETBV tells what is in use (CPUID leaf 13, part 1).
bool can_tell() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid_count(13, 1, &a, &b, &c, &d) != 0 && (a & 4U) != 0;
}

/// Bit 2 of XINUSE: the halves above the 16 bytes of SSE.
bool upper_halves_are_used() {
  unsigned a = 0, d = 0;
  asm volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(1));
  return (a & 4U) != 0;
}
#else
bool can_tell() { return false; }
bool upper_halves_are_used() { return false; }
#endif

template <typename T>
void check_steps(const BackendEntry& entry) {
  for (const std::size_t batch : {1u, 32u, 455u}) {
    NetworkSpec network{30, {{10, Activation::relu}, {1, Activation::sigmoid}}, {}};
    Workspace<T> workspace(entry.get<T>(), network, batch);
    Parameters<T> theta(network);
    const Matrix<T> X = Matrix<T>::padded(30, batch), Y = Matrix<T>::padded(1, batch);
    entry.get<T>().gradients(network, theta, X.view(), Y.view(), T{1}, workspace);
    const bool used = upper_halves_are_used();
    INFO(entry.name << ", batch " << batch);
    CHECK_FALSE(used);
  }
}

}  // namespace

TEMPLATE_TEST_CASE("no operation leaves the upper halves of registers in use", "", float, double) {
  if (!can_tell()) return skip("this CPU does not tell which registers are in use");
  for_each_backend(kDTypeOf<TestType>, [](const BackendEntry& entry) { check_steps<TestType>(entry); });
}

}  // namespace mlpbench::test
