// Cases on several ranks: each training is a job of mpirun.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

struct Case;
struct Selection;

/// The word that makes `mlpbench` one rank of a job: `mlpbench rank --job-case NAME --job-epochs N` with the
/// options that select the case. Rank 0 prints one line, rank_answer() or {"error": why}.
inline constexpr std::string_view kRankCommand = "rank";

/// Starts mpirun for each training, so that between two of them no rank waits and takes time from other rows.
/// A job lives as long as the training: its start and its reading of data are outside the training's clock.
class Launcher {
 public:
  /// For the cases of `selection`. UserError where the PATH has no mpirun, or it is not one of Open MPI and
  /// MPICH.
  explicit Launcher(const Selection& selection);

  /// As run_experiment(), on what.ranks ranks. UserError when a rank refuses or is lost.
  RunResult train(const Case& what, const Problem& problem, const Settings& settings,
                  const std::atomic<bool>* interrupt) const;

  /// The words that start `program` on so many ranks.
  std::vector<std::string> command(std::size_t ranks, const std::vector<std::string>& program) const;

 private:
  std::string mpirun_, hostfile_;
  bool is_open_mpi_ = false;
  std::vector<std::string> selecting_;  ///< options of the user's own networks, data and backends
};

/// A line of JSON: what the first rank found, without the test outputs.
std::string rank_answer(const RunResult& run);

}  // namespace mlpbench
