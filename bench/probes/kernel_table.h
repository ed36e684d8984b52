#pragma once

#include <cstddef>

namespace mlpbench {
enum class Isa;
}

namespace mlpbench::probes {

/// The loops of the probes for one instruction set. As in backends/*/kernels_*.cpp, only the files that
/// define such a table are compiled with ISA flags. Nothing in them may become a symbol that the linker
/// shares.
struct KernelTable {
  /// `repetitions` rounds of flop_per_round_* multiplications and additions in registers, in independent
  /// chains. The chains keep every unit busy while a result is on its way. Each element of a chain is x = x *
  /// factor + term; the caller passes 1 and 0, which the compiler must not know.
  double (*arithmetic_float32)(std::size_t repetitions, float factor, float term);
  double (*arithmetic_float64)(std::size_t repetitions, double factor, double term);
  std::size_t flop_per_round_float32, flop_per_round_float64;

  /// Reads `size` numbers (a multiple of 64) `repetitions` times. Every bit read is in the result.
  double (*read)(const double* x, std::size_t size, std::size_t repetitions);

  /// a = b + factor * c over `size` numbers (a multiple of 64), `repetitions` times, with ordinary stores.
  /// `a` may be `b`.
  void (*triad)(double* a, const double* b, const double* c, double factor, std::size_t size,
                std::size_t repetitions);
};

extern const KernelTable baseline_kernels;
extern const KernelTable neon_kernels;    ///< empty on another architecture
extern const KernelTable avx2_kernels;    ///< the same, and when the compiler does not take the flags
extern const KernelTable avx512_kernels;  ///< the same

/// Those of `isa`.
const KernelTable& kernels_of(Isa isa);

}  // namespace mlpbench::probes
