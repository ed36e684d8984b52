#pragma once

#include <cstdint>
#include <string>

namespace mlpbench {

/// What a thread's arithmetic does with subnormal numbers: those below the smallest normal one, 1.2e-38 in
/// float32 and 2.2e-308 in float64.
enum class Subnormals {
  flush,  ///< makes zeros of the same sign of them, as operands and as results
  keep    ///< computes with them, as IEEE 754 says; on Intel CPUs some 150 cycles an operation
};

/// Sets the mode of the calling thread for the life of the object, and then puts back the one before. The
/// destructor runs in the thread of the constructor. Elements that are moved and not computed stay as they
/// are. Only these control bits change; status flags stay raised.
///   x86-64    MXCSR: flush-to-zero (bit 15), denormals-are-zero (bit 6). Intel SDM, volume 1, 10.2.3.
///   aarch64   FPCR: FZ (bit 24). Arm ARM for A-profile, C5.2.8.
class SubnormalsScope {
 public:
  explicit SubnormalsScope(Subnormals mode) noexcept;
  ~SubnormalsScope();
  SubnormalsScope(const SubnormalsScope&) = delete;
  SubnormalsScope& operator=(const SubnormalsScope&) = delete;

 private:
  std::uint64_t before_;  ///< the control bits
};

/// The control bits that are set in the calling thread, "FTZ and DAZ"; empty: it keeps subnormals.
std::string flushing_bits();

}  // namespace mlpbench
