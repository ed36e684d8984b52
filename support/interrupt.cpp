#include "support/interrupt.h"

namespace mlpbench {
namespace {

std::atomic<bool> interrupted = false;
std::atomic<int> last_signal = SIGINT;
static_assert(std::atomic<bool>::is_always_lock_free &&
              std::atomic<int>::is_always_lock_free);  // in a handler

struct sigaction answer_of(void (*handler)(int)) {
  struct sigaction answer = {};
  answer.sa_handler = handler;
  answer.sa_flags = SA_RESTART;
  sigemptyset(&answer.sa_mask);
  return answer;
}

}  // namespace

extern "C" void mlpbench_set_interrupted(int signal) {
  interrupted.store(true, std::memory_order_relaxed);
  last_signal.store(signal, std::memory_order_relaxed);
  const struct sigaction usual = answer_of(SIG_DFL);
  for (const int other : InterruptFlag::kSignals) {
    struct sigaction now = {};
    ::sigaction(other, nullptr, &now);
    if (now.sa_handler == mlpbench_set_interrupted) ::sigaction(other, &usual, nullptr);
  }
}

InterruptFlag::InterruptFlag() {
  interrupted = false;
  const struct sigaction ours = answer_of(mlpbench_set_interrupted);
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) ::sigaction(kSignals[i], &ours, nullptr);
  }
}

InterruptFlag::~InterruptFlag() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
}

const std::atomic<bool>* InterruptFlag::flag() const noexcept { return &interrupted; }

int InterruptFlag::exit_code() noexcept { return 128 + last_signal.load(std::memory_order_relaxed); }

}  // namespace mlpbench
