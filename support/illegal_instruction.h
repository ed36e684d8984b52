#pragma once

#include <type_traits>

namespace mlpbench {

/// Whether a function runs to its end on this CPU. False when it meets an instruction that the CPU lacks
/// (SIGILL), which would end the process. It must hold nothing that has to be released: it is left where it
/// stands. What it called must not be called again. One thread at a time.
bool runs_on_this_cpu(void (*function)(void* context), void* context) noexcept;

/// The same for anything that can be called without arguments and does not throw.
template <typename Body>
bool runs_on_this_cpu(Body&& body) noexcept {
  using Plain = std::remove_reference_t<Body>;
  return runs_on_this_cpu([](void* context) { (*static_cast<Plain*>(context))(); }, &body);
}

}  // namespace mlpbench
