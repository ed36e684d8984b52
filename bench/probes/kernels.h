#pragma once

#include "bench/probes/kernel_table.h"
#include "support/cpu.h"

namespace mlpbench::probes {

/// The loops of `isa`; its pointers are null when the compiler does not take the flags.
inline const KernelTable& kernels_of(Isa isa) {
  switch (isa) {
    case Isa::avx512:
      return avx512_kernels;
    case Isa::avx2:
      return avx2_kernels;
    case Isa::baseline:
      break;
  }
  return baseline_kernels;
}

}  // namespace mlpbench::probes
