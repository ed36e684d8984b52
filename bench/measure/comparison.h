#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "backends/added_backends.h"
#include "bench/measure/launcher.h"
#include "bench/peers/supplied.h"
#include "bench/probes/ceilings.h"
#include "bench/stats/paired.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// What to run: empty lists mean all, but for the trainers.
struct Selection {
  std::vector<std::string> experiments;
  std::vector<std::string> backends;
  std::vector<std::string> dtypes;
  std::vector<std::string> trainers = {};  ///< also "own" (the experiment's), "all", kPredict; empty: "own"
  std::vector<std::size_t> threads = {1};  ///< of the parallel trainers; the others have one
  std::vector<std::size_t> ranks = {1};    ///< of the trainers that share ranks; the others have one
  std::string hostfile = {};               ///< mpirun's; empty: this machine alone
  std::string filter = {};                 ///< regular expression that a case's name must contain; empty: any
  AddedBackends added = {};                ///< backends besides the suite's
  OwnExperiments own = {};                 ///< the user's; without `experiments` only they are run
  std::vector<std::pair<std::string, std::vector<std::string>>> own_options = {};  ///< what made them
  PeerOptions peer_options = {};
  Peers peers = {};  ///< of peer_options: rows of the experiments' own trainers on one thread
  Subnormals subnormals = Subnormals::flush;
};

/// One row of the comparison.
struct Case {
  const Experiment* experiment;  ///< of the suite, or Selection::own's, which must outlive the case
  const BackendEntry* backend;
  DType dtype;
  std::string unusable_reason;    ///< why the row has no numbers, or empty
  std::string_view trainer = {};  ///< a name of all_trainers() or kPredict; empty: the experiment's own
  std::size_t threads = 1;
  Peer* peer = nullptr;  ///< who trains; `backend` is then its entry. Null: the backend
  Subnormals subnormals = Subnormals::flush;
  std::size_t ranks = 1;
  std::shared_ptr<const Launcher> launcher = {};  ///< who trains on several ranks

  std::string_view trainer_name() const { return trainer.empty() ? experiment->defaults.trainer : trainer; }

  /// The experiment's, with this trainer, threads and mode of subnormals. An ensemble is one of the
  /// experiment's own trainer.
  Settings settings() const;

  /// Whether what it learns says something: data that are made up, and inference, say nothing.
  bool learns() const { return !experiment->made_up && trainer_name() != kPredict; }

  /// "breast_cancer/avx2/float64"; after it "/sync" where the trainer is not the experiment's own, and "/t2"
  /// and "/r2" where there are more threads or ranks than
  /// one.
  std::string name() const;
};

/// The experiments of the suite and the user's that are selected. UserError as select_cases().
std::vector<const Experiment*> select_experiments(const Selection& selection);

/// The product of the selected experiments, trainers, ranks, threads, precisions and backends, in the order
/// of their lists, where the filter matches. Backends and peers that cannot run here are in it, with the
/// reason. UserError for a name that does not exist, a filter that is no regular expression, or one that
/// leaves nothing; for several ranks as Launcher().
std::vector<Case> select_cases(const Selection& selection);

struct MeasureOptions {
  std::size_t rounds = 20;      ///< at most
  double budget_seconds = 0.0;  ///< no round begins after so many seconds of rounds; 0: no limit
  double precision = 0.05;      ///< a case is done when its interval is this narrow: median +- 5 %
  double confidence = 0.95;     ///< of all speeds of a run together
  double seconds_per_run =
      0.05;  ///< of a case in a round, in two parts of as many epochs as fit, one at least
  std::uint32_t order_seed = 1;  ///< of the random order of the cases within a round
  std::string base = {};  ///< backend that speeds are ratios to; empty: openblas, or what usual_base() finds
};

/// Why a case was not timed any further.
enum class Stop { none, precise, rounds, budget, interrupted };
std::string_view to_string(Stop stop) noexcept;

/// How often an item is called in one visit: `trainings` times `epochs` calls, one at least.
struct VisitPlan {
  std::size_t epochs = 1;     ///< at once; of a case at most those of the whole training
  std::size_t trainings = 1;  ///< one after the other, where one is too short

  std::size_t all_epochs() const { return epochs * trainings; }
};

/// What the engine (bench/measure/engine.h) measured of something, one entry a round.
struct Measurement {
  std::string wrong;  ///< why the result is not right, or empty; what is wrong is not timed
  VisitPlan plan;

  /// Seconds of a call, of a case an epoch, in each visit of a round. The same code at two moments: their
  /// ratio is the noise.
  std::array<std::vector<double>, 2> visits;
  std::vector<double> seconds;            ///< mean of the visits
  std::vector<std::vector<double>> also;  ///< what Item::time returned besides, in the first visit
  std::vector<Reading> readings;          ///< of Item::probe, mean of before and after
  Stop stop = Stop::none;

  bool timed() const { return !seconds.empty(); }
};

struct CaseResult : Measurement {
  Case what;
  std::optional<RunResult> run;  ///< the whole experiment, as its program runs it; empty where it cannot run
  Parity parity;
};

/// An experiment's data: one problem a seed. The first is every case's; the others are the members of an
/// ensemble, made where one is selected.
using Problems = std::vector<Problem>;
using ProblemsOf = std::map<const Experiment*, Problems>;

/// Everything that one `mlpbench run` found.
struct Comparison {
  MeasureOptions options;
  ProblemsOf problems;
  std::vector<CaseResult> cases;
  Ceilings peaks;  ///< of what the cases ran on
  double wall_seconds = 0.0;
  bool interrupted = false;  ///< by the user, before all cases were timed
  bool resumed = false;      ///< some rounds are an earlier process's

  const Problem& problem_of(const CaseResult& result) const;

  /// The interval of the median epoch, for the confidence of this row alone. Empty when the rounds are too
  /// few.
  std::optional<Interval> epoch_interval_of(const CaseResult& result) const;

  /// The smallest effect that this row's times can tell from nothing: noise_floor() of the two parts.
  double noise_of(const CaseResult& result) const;

  std::size_t wrong_cases() const;
};

/// The row of `backend` on one thread of one rank, of the same experiment, trainer and precision, or null.
const CaseResult* row_of(std::span<const CaseResult> cases, const Case& what, std::string_view backend);

/// Samples that one epoch trains on; all members' of an ensemble.
double samples_per_epoch(const Problem& problem, const RunResult& run);

/// Floating-point operations of one epoch (backends/operations/work.h), of all members of an ensemble.
double flop_per_epoch(const Problem& problem, const RunResult& run);

/// The threads that the steps ran on: one below the parallel threshold, at most one a member of an ensemble.
std::size_t threads_used(const RunResult& run);

}  // namespace mlpbench
