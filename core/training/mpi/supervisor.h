#pragma once

namespace mlpbench {

/// Forks, and returns in the child: the worker, which goes on as rank `rank` of `size`. The process that the
/// launcher started stays behind as its supervisor. It hands SIGINT, SIGTERM and SIGHUP on, and ends with the
/// worker's exit code. Where a signal ended the worker it writes one line to stderr and ends with
/// kExitRankLost. So a launcher, which ends all ranks when one fails, hands that code on, and not the signal
/// of its own choice. Dies the supervisor, so does the worker. Call it before MPI_Init, and before any thread
/// begins. False where the system grants no process: the caller is then still the only one.
bool supervise(int rank, int size);

}  // namespace mlpbench
