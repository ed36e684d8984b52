#pragma once

#include <array>
#include <atomic>
#include <csignal>

namespace mlpbench {

/// While it lives, SIGINT (Ctrl-C), SIGTERM and SIGHUP set a flag instead of ending the process. The
/// training stops within the current step, and the result so far can be written. A second signal, any of the
/// three, ends the process at once. A signal that our parent had ignored stays ignored. One at a time.
class InterruptFlag {
 public:
  InterruptFlag();
  ~InterruptFlag();
  InterruptFlag(const InterruptFlag&) = delete;
  InterruptFlag& operator=(const InterruptFlag&) = delete;

  const std::atomic<bool>* flag() const noexcept;

  /// Of a program that the last signal ended: 128 + its number, as a shell has it for one that died of it.
  static int exit_code() noexcept;

  static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

 private:
  std::array<struct sigaction, kSignals.size()> before_ = {};
};

}  // namespace mlpbench
