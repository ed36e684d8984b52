#pragma once

#include <optional>
#include <string>
#include <vector>

#include "support/machine.h"

namespace mlpbench {

/// What is known about the machine and this build before anything is measured.
struct SystemReport {
  Hardware hardware;
  MachineState state;
  std::optional<double> stolen;  ///< part of the time of a short wait, or since the start of the machine
  std::string build_type;
  std::string architecture, isa;  ///< "aarch64", "NEON": what best_isa() says
  std::string blas_shortfall;     ///< "OpenBLAS Prescott (baseline x86-64), less than ...", or empty
  std::string flushing;           ///< flushing_bits() once all libraries were opened
  std::string hidden_isa;         ///< the instruction set that MLPBENCH_MAX_ISA leaves, or empty
};

/// One thing that can spoil a measurement, as it is here.
struct Finding {
  enum class Kind { fine, fix, unknown };
  Kind kind = Kind::fine;
  std::string what;    ///< "governor"
  std::string found;   ///< "powersave"
  std::string advice;  ///< what to do about it; empty when it is fine
};

/// Looks at what spoils measurements: build, BLAS kernels, hidden instructions, subnormals, governor, turbo,
/// load, steal, quota, processor, hypervisor, affinity, SMT, clock, huge pages, memory. One finding each,
/// always in the same order.
std::vector<Finding> examine(const SystemReport& system);

/// A line each, and one that counts them.
std::string doctor_text(const std::vector<Finding>& findings);

}  // namespace mlpbench
