#include "tests/ops/conformance.h"

#include <cstdint>

#include "tests/ops/checks.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace mlpbench::test {
namespace {

/// Rounding mode, flushing of subnormal numbers, and which exceptions trap; not which of them have been seen.
std::uint64_t floating_point_mode() {
#if defined(__x86_64__)
  return _mm_getcsr() & ~static_cast<unsigned>(_MM_EXCEPT_MASK);
#else
  std::uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  return control;
#endif
}

void check_mode(Findings& findings, std::uint64_t mode) {
  if (floating_point_mode() == mode) return;
  findings.add("an operation", "or a step", "leaves the processor in another floating-point mode");
}

}  // namespace

template <typename T>
std::vector<std::string> conformance_failures(const Backend<T>& backend, std::size_t limit,
                                              const Exceptions& exceptions) {
  Findings findings(limit);
  const std::uint64_t mode = floating_point_mode();
  // The short checks first: a wrong backend is then rejected soon.
  check_special_values(findings, backend, exceptions);
  if (!exceptions.rounds_by_placement) check_placements(findings, backend);
  check_step(findings, backend, exceptions);
  check_mode(findings, mode);
  check_operations(findings, backend);
  check_mode(findings, mode);
  return findings.take();
}

template std::vector<std::string> conformance_failures(const Backend<float>&, std::size_t, const Exceptions&);
template std::vector<std::string> conformance_failures(const Backend<double>&, std::size_t,
                                                       const Exceptions&);

}  // namespace mlpbench::test
