// results.json in types: what `mlpbench run` writes and every other reader reads. The structs list their
// fields once; the writer, the reader and docs/results-schema.md are made from the lists. Knows nothing of
// what measures.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/results/case.h"
#include "bench/results/sections.h"
#include "support/error.h"

namespace mlpbench {

/// Raised whenever a field changes its meaning or goes away. An added field does not raise it: it has
/// Presence::added, and the reader takes files without it and notes them in Document::not_stated.
/// Version 2 had speeds against naive alone, under another name; they are computed again.
inline constexpr int kResultsSchemaVersion = 3, kOldestResultsSchemaVersion = 2;
inline constexpr std::size_t kMaxResultsBytes = std::size_t{64} << 20;

/// What was asked for.
struct SelectionFacts {
  std::vector<std::string> experiments, backends, dtypes, trainers;
  std::vector<std::size_t> threads, ranks = {1};
  std::string filter;
  Count seeds;
  std::vector<std::string> studies;
  bool quick = false;
  Count cases_matching, cases_known;
  std::string config;

  static void fields(auto& self, auto&& visit) {
    visit("experiments", self.experiments, "names; null: all");
    visit("backends", self.backends, "names; null: all");
    visit("dtypes", self.dtypes, "names; null: all");
    visit("trainers", self.trainers, "names; \"own\": each experiment's");
    visit("threads", self.threads, "numbers of threads");
    visit("ranks", self.ranks, "numbers of ranks", Presence::added);
    visit("filter", self.filter, "regular expression on the names of cases");
    visit("seeds", self.seeds, "of the studies");
    visit("studies", self.studies, "names", Presence::always);
    visit("quick", self.quick, "few and short rounds, small studies");
    visit("cases_matching", self.cases_matching, "cases of the run");
    visit("cases_known", self.cases_known, "cases that there are with these trainers and threads");
    visit("config", self.config, "TOML that makes the same run");
  }
};

/// The names that the mlpbench of the run knew, in its order: the order of every table.
struct SuiteFacts {
  std::vector<std::string> experiments, trainers, backends;

  // The place of a name; one that is not in the list comes after all others. Who sorts by it takes the name
  // itself as the second key.
  std::size_t place_of_experiment(std::string_view name) const;
  std::size_t place_of_trainer(std::string_view name) const;  ///< "hogwild-strict" is at "hogwild"
  std::size_t place_of_backend(std::string_view name) const;

  // The same as functions of a name.
  auto experiment_order() const {
    return [this](std::string_view name) { return place_of_experiment(name); };
  }
  auto trainer_order() const {
    return [this](std::string_view name) { return place_of_trainer(name); };
  }
  auto backend_order() const {
    return [this](std::string_view name) { return place_of_backend(name); };
  }

  static void fields(auto& self, auto&& visit) {
    visit("experiments", self.experiments, "names in their order", Presence::always);
    visit("trainers", self.trainers, "names in their order", Presence::always);
    visit("backends", self.backends, "names in their order, those of the run's peers behind them",
          Presence::always);
  }
};

/// How the cases were timed.
struct MethodFacts {
  Count rounds;
  double budget_seconds = kUnknown, precision = kUnknown, seconds_per_run = kUnknown;
  Count order_seed, seeds;
  double confidence = kUnknown;
  std::string base;
  Count comparisons;
  double confidence_of_each = kUnknown;
  std::string clock;
  bool resumed = false;
  double wall_seconds = kUnknown;

  static void fields(auto& self, auto&& visit) {
    visit("rounds", self.rounds, "that a case is timed in, at most");
    visit("budget_seconds", self.budget_seconds, "no round began after so many; 0: no limit");
    visit("precision", self.precision, "a case stopped when its interval was so narrow, part of 1");
    visit("seconds_per_run", self.seconds_per_run, "of a case in a round, about");
    visit("order_seed", self.order_seed, "of the random order of the cases within a round");
    visit("seeds", self.seeds, "of the studies");
    visit("confidence", self.confidence, "of all speeds together");
    visit("base", self.base, "backend that speeds are ratios to", Presence::added);
    visit("comparisons", self.comparisons, "how many speeds there are");
    visit("confidence_of_each", self.confidence_of_each, "of one speed (Bonferroni)");
    visit("clock", self.clock, "and what it measures");
    visit("resumed", self.resumed, "whether some rounds are of an earlier process");
    visit("wall_seconds", self.wall_seconds, "of checks and rounds, without the studies");
  }
};

struct Document {
  int schema_version = kResultsSchemaVersion;
  std::string status, command, date;
  SelectionFacts selection;
  SuiteFacts suite;
  MachineFacts machine;
  MeasurementFacts measurement;
  BuildFacts build;
  MethodFacts method;
  std::vector<ReportCase> cases;
  std::vector<CurveFact> curves;
  std::vector<TargetFact> time_to_accuracy;
  std::vector<ScalingFact> scaling;
  std::vector<CrossoverFact> crossover;
  std::vector<DeterminismFact> determinism;
  std::vector<SimulatedRanksFact> simulated_ranks;
  std::optional<RooflineFact> roofline;
  std::vector<BoundaryFact> boundaries;
  std::vector<OptimiserFact> optimisers;

  // Not in the file.
  std::string path;                     ///< of the file, for messages
  std::vector<std::string> not_stated;  ///< added fields that it is older than: "cases[].record.target"

  bool interrupted() const noexcept { return status == "interrupted"; }

  static void fields(auto& self, auto&& visit) {
    visit("schema_version", self.schema_version, "of results.json", Presence::required);
    visit("status", self.status, "complete or interrupted");
    visit("command", self.command, "the command line, without --output");
    visit("date", self.date, "when the run began, UTC, ISO 8601", Presence::added);
    visit("selection", self.selection, "what was asked for");
    visit("suite", self.suite, "names that mlpbench knew, in the order of every table", Presence::added);
    visit("machine", self.machine, "the machine, and its state at the end", Presence::required);
    visit("measurement", self.measurement, "how time is measured");
    visit("build", self.build, "of mlpbench", Presence::required);
    visit("method", self.method, "how the cases were timed");
    visit("cases", self.cases,
          "one entry an experiment, backend, dtype, trainer and number of threads and ranks",
          Presence::required);
    visit("curves", self.curves, "study: how the loss falls, one entry an experiment and trainer",
          Presence::always);
    visit("time_to_accuracy", self.time_to_accuracy, "study: epochs and seconds to a target",
          Presence::always);
    visit("scaling", self.scaling, "study: what threads bring", Presence::always);
    visit("crossover", self.crossover, "study: the sizes from which on a second thread pays",
          Presence::always);
    visit("determinism", self.determinism, "study: what the one order of all sums costs", Presence::always);
    visit("simulated_ranks", self.simulated_ranks, "study: what steps on many nodes would take, simulated",
          Presence::always);
    visit("roofline", self.roofline, "study: operations and what the machine allows");
    visit("boundaries", self.boundaries, "study: what two backends think of a plane", Presence::always);
    visit("optimisers", self.optimisers, "study: optimisers to a target, each tuned alike", Presence::always);
  }
};

/// float64, float32, then all others.
std::size_t place_of_dtype(std::string_view name);

/// Reads a file that json_of() wrote, and puts its lists into the order of its suite: by experiment, trainer,
/// dtype, backend, threads and ranks. Throws UserError, one line. "PATH: what is wrong": the file cannot be
/// read, is larger than kMaxResultsBytes, or is no JSON (also truncated or nested deeper than 64). Or it has
/// a number that no double holds, or another schema version. "PATH: JSON PATH: what is wrong": a field is
/// missing, or has another type or length, or a case is there twice. Or a time is not positive and finite, or
/// it is the summary of other times (somebody has changed it by hand).
Document read_document(const std::string& path);

/// As read_document(), of a JSON that is there already; `path` begins the messages.
Document document_of(const nlohmann::ordered_json& json, const std::string& path);

/// "PATH: what".
UserError results_error(const std::string& path, const std::string& what);

/// docs/results-schema.md: every field, made from the lists above.
std::string schema_markdown();

}  // namespace mlpbench
