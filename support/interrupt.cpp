#include "support/interrupt.h"

namespace mlpbench {
namespace {

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // what a signal handler may touch

extern "C" void mlpbench_set_interrupted(int) { interrupted.store(true, std::memory_order_relaxed); }

void catch_signal(int signal, struct sigaction& before) {
  struct sigaction ours = {};
  ours.sa_handler = mlpbench_set_interrupted;
  ours.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  sigemptyset(&ours.sa_mask);
  ::sigaction(signal, nullptr, &before);
  if (before.sa_handler != SIG_IGN) ::sigaction(signal, &ours, nullptr);
}

}  // namespace

InterruptFlag::InterruptFlag() {
  interrupted = false;
  catch_signal(SIGINT, interrupt_before_);
  catch_signal(SIGTERM, terminate_before_);
}

InterruptFlag::~InterruptFlag() {
  ::sigaction(SIGINT, &interrupt_before_, nullptr);
  ::sigaction(SIGTERM, &terminate_before_, nullptr);
}

const std::atomic<bool>* InterruptFlag::flag() const noexcept { return &interrupted; }

}  // namespace mlpbench
