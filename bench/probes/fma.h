#pragma once

#include <string>

#include "bench/probes/trials.h"
#include "core/dtype.h"
#include "support/cpu.h"

namespace mlpbench {

/// Why the probes of this instruction set cannot run here: "this CPU lacks AVX-512F", "the compiler does not
/// take its flags". Empty when they can.
std::string unusable_probe(Isa isa);

/// `isa`, or the next lower one whose probe can run here.
Isa probed_isa(Isa isa);

/// The most floating-point operations a second that `isa` does in registers on options.threads threads, in
/// flop/s: two for a fused multiply-add of one element, one for an addition or a multiplication of the
/// baseline, which has none. The ceiling of a product. std::invalid_argument with unusable_probe()'s words
/// when it cannot run.
Summary fma_peak(Isa isa, DType dtype, const ProbeOptions& options = {});

}  // namespace mlpbench
