// The parts of `mlpbench run`: its options, what it would take, and its results.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "bench/studies/study.h"
#include "experiments/cli/own_experiments.h"

namespace CLI {
class App;
}

namespace mlpbench {

/// What `mlpbench run` was asked for, checked.
struct RunOptions {
  Selection selection;
  MeasureOptions measure;
  std::size_t seeds = 10;            ///< of what is learned: runs of an experiment with other random numbers
  std::vector<std::string> studies;  ///< names of study_names(), in that order
  bool quick = false;                ///< at most 14 rounds of short runs, and fewer seeds
  std::string command;               ///< the command line as it was typed, without --output
  std::string config;                ///< TOML that selects and measures the same: what --print-config prints

  /// Becomes true when the user wants the run to end. May be null.
  const std::atomic<bool>* interrupt = nullptr;

  /// Of the studies; they tell nothing yet.
  StudySetting study_setting() const {
    return {.seeds = seeds,
            .quick = quick,
            .rounds = measure.rounds,
            .precision = measure.precision,
            .interrupt = interrupt};
  }

  bool interrupted() const { return interrupt != nullptr && interrupt->load(std::memory_order_relaxed); }
};

/// The options that choose cases: --experiment, --backend, --trainer, --dtype, --threads, --ranks, --hostfile, --subnormals,
/// --filter, --peers; and those for the user's own backends, peers, networks and data.
class SelectionOptions {
 public:
  /// Adds them to `app`, which this object must outlive.
  void add_to(CLI::App& app);

  /// Reads the user's own data, and opens the backends that were added to the suite's. UserError for one that
  /// cannot be used, threads that are no numbers, or a filter that no configuration file can hold, and as
  /// peers_of(). select_cases() decides whether other names exist.
  Selection selection() const;

 private:
  Selection selection_;
  OwnExperimentOptions own_;
  bool predict_ = false;
  const CLI::App* app_ = nullptr;
  std::vector<std::string> threads_, ranks_;  ///< "1", "2-4"
  std::string subnormals_;                    ///< "keep"; empty: not given
};

/// Where the values of options came from that the command line did not give: "--rounds" -> "MLPBENCH_ROUNDS"
/// or the name of a file.
using Origins = std::map<std::string, std::string>;

/// Gives every option of `command` that the command line left out the value of its environment variable,
/// MLPBENCH_ROUNDS for --rounds. Options that still have none get the value of the TOML file that --config
/// names. Throws UserError that begins with the variable or the file when the option does not take the value.
/// Also when the file cannot be read, has a key that is no option of a run, or the same one twice.
Origins complete_options(CLI::App& command);

/// TOML that makes the same run when it is given as --config: its lines are options without their dashes.
/// Lists that select everything and where the results go are left out.
std::string configuration_text(const RunOptions& options);

/// The table of `--dry-run`. It has each case with the expected time of its check, a round and all rounds
/// (estimate_cost()), each study (estimate_studies()), and the sum. Ends early with what there is once
/// options.interrupt is set.
std::string dry_run_text(const std::vector<Case>& cases, const RunOptions& options);

/// What a run does now, on stderr. On a terminal it is one line that overwrites itself, at most ten times a
/// second, elsewhere a line for each tenth of the time. Never while a clock runs: it is told between
/// trainings.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress);

  /// Another part of the run begins: it has a line of its own, on a terminal as well as elsewhere.
  void begin_part() { last_tenth_ = -1, last_drawn_ = {}; }

 private:
  bool quiet_, erases_, drawn_ = false;
  int last_tenth_ = -1;
  Clock::time_point last_drawn_{};
};

/// What must be the same for two processes to be one run: the program to the byte, the machine, the selection
/// and its options. Also the content of the user's data files, and which of the cases can run.
nlohmann::ordered_json run_identity(const std::vector<Case>& cases, const RunOptions& options);

/// Everything measured, every round of it: what was selected, the machine, the build, the method and the
/// cases. A case has its run's record, whose losses are those of at most 200 epochs (curve_points()). Studies
/// add their sections.
Document run_document(const Comparison& comparison, const RunOptions& options);

}  // namespace mlpbench
