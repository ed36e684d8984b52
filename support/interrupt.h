#pragma once

#include <atomic>
#include <csignal>

namespace mlpbench {

/// While it lives, SIGINT (Ctrl-C) and SIGTERM set a flag instead of ending the process: the training stops
/// after the step under way, and what there is can be written. A second signal ends the process at once. A
/// signal that whoever started us had ignored stays ignored. One at a time.
class InterruptFlag {
 public:
  InterruptFlag();
  ~InterruptFlag();
  InterruptFlag(const InterruptFlag&) = delete;
  InterruptFlag& operator=(const InterruptFlag&) = delete;

  const std::atomic<bool>* flag() const noexcept;

 private:
  struct sigaction interrupt_before_ = {}, terminate_before_ = {};
};

}  // namespace mlpbench
