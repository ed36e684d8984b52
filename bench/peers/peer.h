// Peers: other programs that train an experiment whole, as rows beside the backends. docs/peers.md is what
// they speak.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bench/peers/handover.h"
#include "experiments/experiment.h"
#include "support/worker_process.h"

namespace mlpbench {

/// How a peer's worker is started.
struct PeerCommand {
  std::string name;                                ///< of its rows
  std::vector<std::vector<std::string>> commands;  ///< the first whose worker says what it is, is the peer
  double seconds = 120.0;                          ///< a worker that does not answer for so long is ended
};

/// One worker process, started when it is first asked for and ended with the object, and what it says of
/// itself. One that dies, hangs or gives an invalid answer is ended. The next call starts another, unless
/// that has happened three times without a training in between. It is one thread's: a call ends before the
/// next begins.
class Peer {
 public:
  explicit Peer(PeerCommand command);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// The row's name, what it is, and as the library that computes, its version, interpreter and threads.
  /// Its arithmetic is naive's, which evaluates what a peer trained.
  const BackendEntry& entry() const noexcept { return entry_; }

  /// Why it cannot train in `dtype`, one line, or empty. Starts the worker where there is none.
  std::string unusable_reason(DType dtype);

  /// Why it cannot be given initial weights and the order of the batches, so that accuracy alone is
  /// compared; empty when it can.
  const std::string& why_only_accuracy() const noexcept { return why_only_accuracy_; }

  /// As run_experiment(), with settings.trainer the serial one of the experiment: full-batch or mini-batch,
  /// on one thread. The trace's seconds are the worker's own. UserError when it refuses, and when it hangs,
  /// dies or answers what it must not.
  RunResult train(const Experiment& experiment, const Problem& problem, const Settings& settings, DType dtype,
                  const std::atomic<bool>* interrupt = nullptr);

 private:
  /// What the worker was given under the name of a case.
  struct Prepared {
    const Problem* problem = nullptr;
    std::size_t epochs = 0;
    std::string_view trainer = {};
    bool operator==(const Prepared&) const = default;
  };

  void start();
  void greet(const std::vector<std::string>& command);
  void prepare(const std::string& name, const Experiment& experiment, const Problem& problem,
               const Settings& settings, DType dtype, const std::atomic<bool>* interrupt);
  nlohmann::json ask(const nlohmann::json& request, const std::atomic<bool>* interrupt = nullptr);
  [[noreturn]] void end(const std::string& why);

  PeerCommand command_;
  BackendEntry entry_;
  std::string about_ = "another program";
  LibraryReport report_;
  std::vector<std::string> dtypes_;
  std::string why_only_accuracy_;
  int failures_ = 0;   ///< since the last training
  std::string ended_;  ///< why there is no worker any more
  std::unique_ptr<WorkerProcess> worker_;
  Handover handover_;
  std::map<std::string, Prepared> prepared_;
};

}  // namespace mlpbench
