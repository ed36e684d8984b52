#include "support/illegal_instruction.h"

#include <csetjmp>
#include <csignal>

namespace mlpbench {
namespace {

sigjmp_buf before_call;

void leave_call(int) { siglongjmp(before_call, 1); }

}  // namespace

bool runs_on_this_cpu(void (*function)(void* context), void* context) noexcept {
  struct sigaction catching = {}, earlier = {};
  catching.sa_handler = leave_call;
  sigemptyset(&catching.sa_mask);
  sigaction(SIGILL, &catching, &earlier);
  // The signal of an instruction is delivered at once, to the thread that met it.
  const bool ran = sigsetjmp(before_call, 1) == 0;
  if (ran) function(context);
  sigaction(SIGILL, &earlier, nullptr);
  return ran;
}

}  // namespace mlpbench
