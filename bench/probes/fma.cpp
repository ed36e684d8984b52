#include "bench/probes/fma.h"

#include <stdexcept>

#include "bench/probes/kernel_table.h"

namespace mlpbench {

const probes::KernelTable& probes::kernels_of(Isa isa) {
  return isa == Isa::avx512 ? avx512_kernels : isa == Isa::avx2 ? avx2_kernels : baseline_kernels;
}

std::string unusable_probe(Isa isa) {
  const std::string missing = missing_feature(isa);
  if (!missing.empty()) return "this CPU lacks " + missing;
  return probes::kernels_of(isa).read == nullptr ? "the compiler does not take its flags" : "";
}

Isa probed_isa(Isa isa) {
  while (isa != Isa::baseline && !unusable_probe(isa).empty())
    isa = static_cast<Isa>(static_cast<int>(isa) - 1);
  return isa;
}

Summary fma_peak(Isa isa, DType dtype, const ProbeOptions& options) {
  if (const std::string reason = unusable_probe(isa); !reason.empty()) throw std::invalid_argument(reason);
  const probes::KernelTable& kernels = probes::kernels_of(isa);
  // A repetition is many rounds, so that the call and the reading of the clock do not count.
  constexpr std::size_t kRounds = 4096;
  if (dtype == DType::float32) {
    return measured_rate(options, static_cast<double>(kRounds * kernels.flop_per_round_float32),
                         [&](std::size_t, std::size_t repetitions) {
                           return kernels.arithmetic_float32(kRounds * repetitions, 1.0F, 0.0F);
                         });
  }
  return measured_rate(options, static_cast<double>(kRounds * kernels.flop_per_round_float64),
                       [&](std::size_t, std::size_t repetitions) {
                         return kernels.arithmetic_float64(kRounds * repetitions, 1.0, 0.0);
                       });
}

}  // namespace mlpbench
