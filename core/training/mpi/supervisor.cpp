#include "core/training/mpi/supervisor.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "support/error.h"

namespace mlpbench {
namespace {

constexpr int kHandedOn[] = {SIGINT, SIGTERM, SIGHUP};

volatile sig_atomic_t worker_of_supervisor = 0;

extern "C" void mlpbench_hand_signal_on(int signal) { ::kill(worker_of_supervisor, signal); }

/// A launcher with PMI 1 (MPICH's Hydra) ends the other ranks with a signal. The number of the signal becomes
/// its own exit code, unless a rank asked it to abort with another. The worker can no longer ask, but its
/// connection is still open here.
void ask_to_abort(int code) {
  const char* const connection = std::getenv("PMI_FD");
  if (connection == nullptr) return;
  ::usleep(200'000);  // Hydra drops what it has not read of stderr when it is asked
  ::dprintf(std::atoi(connection), "cmd=abort exitcode=%d\n", code);
  ::sleep(10);  // the launcher ends this process sooner
}

[[noreturn]] void wait_for(pid_t worker, int rank, int size) {
  int status = 0;
  while (::waitpid(worker, &status, 0) < 0 && errno == EINTR) {
  }
  int code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) {
    code = kExitRankLost;
    const int signal = WTERMSIG(status);
    std::fprintf(stderr, "mlpbench: rank %d of %d was lost: signal %d (%s) ended it\n", rank, size, signal,
                 ::strsignal(signal));
  }
  if (code != 0) ask_to_abort(code);
  ::_exit(code);
}

}  // namespace

bool supervise(int rank, int size) {
  sigset_t handed_on, before;
  ::sigemptyset(&handed_on);
  for (const int signal : kHandedOn) ::sigaddset(&handed_on, signal);
  ::sigprocmask(SIG_BLOCK, &handed_on, &before);  // until the handler knows the worker
  const pid_t supervisor = ::getpid(), worker = ::fork();
  if (worker > 0) {
    worker_of_supervisor = worker;
    struct sigaction hand_on = {};
    hand_on.sa_handler = mlpbench_hand_signal_on;
    for (const int signal : kHandedOn) ::sigaction(signal, &hand_on, nullptr);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    wait_for(worker, rank, size);
  }
  if (worker == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != supervisor) ::_exit(kExitRankLost);
    // What the launcher sends to the whole group reaches the worker once, from the supervisor.
    ::setpgid(0, 0);
  }
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  return worker == 0;
}

}  // namespace mlpbench
