#include "support/subnormals.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace mlpbench {
namespace {

struct ControlBit {
  std::uint64_t mask;
  const char* name;
};

#if defined(__x86_64__)
constexpr ControlBit kFlushing[] = {{1U << 15, "FTZ"}, {1U << 6, "DAZ"}};

std::uint64_t control_word() noexcept { return _mm_getcsr(); }
void set_control_word(std::uint64_t word) noexcept { _mm_setcsr(static_cast<unsigned>(word)); }
#elif defined(__aarch64__)
constexpr ControlBit kFlushing[] = {{1U << 24, "FZ"}};

std::uint64_t control_word() noexcept {
  std::uint64_t word;
  __asm__ volatile("mrs %0, fpcr" : "=r"(word));
  return word;
}
void set_control_word(std::uint64_t word) noexcept { __asm__ volatile("msr fpcr, %0" : : "r"(word)); }
#else
#error "support/subnormals.cpp: says how x86-64 and aarch64 flush subnormals; this architecture is neither"
#endif

constexpr std::uint64_t flushing_mask() noexcept {
  std::uint64_t mask = 0;
  for (const ControlBit& bit : kFlushing) mask |= bit.mask;
  return mask;
}

void set_flushing(std::uint64_t bits) noexcept {
  set_control_word((control_word() & ~flushing_mask()) | bits);
}

}  // namespace

SubnormalsScope::SubnormalsScope(Subnormals mode) noexcept : before_(control_word() & flushing_mask()) {
  set_flushing(mode == Subnormals::flush ? flushing_mask() : 0);
}

SubnormalsScope::~SubnormalsScope() { set_flushing(before_); }

std::string flushing_bits() {
  std::string names;
  for (const ControlBit& bit : kFlushing) {
    if ((control_word() & bit.mask) != 0) names += (names.empty() ? "" : " and ") + std::string(bit.name);
  }
  return names;
}

}  // namespace mlpbench
