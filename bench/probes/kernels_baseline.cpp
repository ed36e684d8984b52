// The probes with the sixteen-byte vectors that every x86-64 and ARM64 has. The baseline of x86-64 has no
// fused multiply-add. Half of the chains multiply and the other half add, which its units do at once.
namespace mlpbench::probes {
namespace {

constexpr int kVectorBytes = 16, kChains = 14;
constexpr bool kFused = false;

template <typename V>
V multiply_add(V x, V factor, V term) {
  return x * factor + term;
}

}  // namespace
}  // namespace mlpbench::probes

#include "bench/probes/kernel_definitions.h"

const mlpbench::probes::KernelTable mlpbench::probes::baseline_kernels = table;
