#include "tests/ops/conformance.h"

#include <cfenv>

#include "tests/ops/checks.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace mlpbench::test {
namespace {

/// Rounding mode, flushing of subnormal numbers, and which exceptions trap; not which of them have been seen.
int floating_point_mode() {
#if defined(__x86_64__)
  return static_cast<int>(_mm_getcsr() & ~static_cast<unsigned>(_MM_EXCEPT_MASK));
#else
  return std::fegetround();
#endif
}

constexpr std::size_t kRandomShapes = 3000;

}  // namespace

template <typename T>
std::vector<std::string> conformance_failures(const Backend<T>& backend, std::size_t limit) {
  Findings findings(limit);
  const int mode = floating_point_mode();
  for (Case layer : layer_cases(kRandomShapes)) {
    if (findings.full()) break;
    check_dense_forward(findings, backend, layer);
    check_weight_gradient(findings, backend, layer);
    check_input_delta(findings, backend, layer);
    if (layer.activation != Activation::identity && layer.activation != Activation::relu) continue;
    layer.data = Data::integer;
    check_dense_forward(findings, backend, layer);
    check_weight_gradient(findings, backend, layer);
    check_input_delta(findings, backend, layer);
  }
  check_output_delta(findings, backend);
  check_update(findings, backend);
  check_special_values(findings, backend);
  check_placements(findings, backend);
  check_step(findings, backend);
  if (floating_point_mode() != mode) {
    findings.add("some operation", "in the end", "the processor's floating-point mode has changed");
  }
  return findings.take();
}

template std::vector<std::string> conformance_failures(const Backend<float>&, std::size_t);
template std::vector<std::string> conformance_failures(const Backend<double>&, std::size_t);

}  // namespace mlpbench::test
