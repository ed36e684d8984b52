// What threads bring: samples a second, and how much of what the machine could give.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/stats/paired.h"
#include "bench/stats/spread.h"
#include "bench/studies/workload.h"

namespace mlpbench {

struct ScalingOptions {
  std::vector<std::size_t> threads;   ///< those to compare with one, ascending, each above 1
  std::vector<std::string> backends;  ///< empty: all that are usable
  std::vector<std::string> cases;     ///< parts of names; empty: all
  DType dtype = DType::float32;
  std::size_t rounds = 9;
  double seconds_per_visit = 0.04;        ///< on one thread, about
  std::uint32_t order_seed = 1;           ///< of the random order within a round
  std::function<void(std::string)> tell;  ///< progress, may be empty
};

/// A row: a case on a backend with one way to use threads. Everything but `samples_per_second` is a ratio of
/// two visits of the same round, the other one being that of one thread.
struct ScalingRow {
  std::string name;
  const BackendEntry* backend = nullptr;
  DType dtype = DType::float32;
  ThreadSetting setting;
  std::size_t threads_used = 1;
  std::string wrong;         ///< why it was not timed, or empty
  std::string memory_level;  ///< that holds what a step touches

  // One a round.
  std::vector<double> samples_per_second;
  std::vector<double> speedup;         ///< of samples_per_second
  std::vector<double> fma_ceiling;     ///< what the FMA probe gives, against one thread
  std::vector<double> memory_ceiling;  ///< the same of the reading probe on memory_level
  std::vector<double> share;           ///< speedup / fma_ceiling

  bool timed() const { return !samples_per_second.empty(); }
  bool is_base() const { return setting.threads == 1 && !setting.shared; }

  /// speedup / threads of each round.
  std::vector<double> efficiency() const;
};

/// Checks every case on every backend (problem_of()), then times them in rounds. A round visits the cases in
/// random order, and within a case its numbers of threads in random order; before and after each visit the
/// probes run on as many threads, and the ceiling of a row is the mean of the two divided by that of one
/// thread. Rows of a backend that cannot run here are left out. Trainers with a cut-over have rows with it
/// and without, and one without on a single thread: what the shared step costs when there is nothing to gain.
/// UserError for a backend or case that does not exist.
std::vector<ScalingRow> measure_scaling(const ScalingOptions& options);

/// An aligned table, one line a row: medians, and the extremes of speed-up and share.
std::string scaling_text(const std::vector<ScalingRow>& rows);

/// One object a row, with the numbers of all rounds.
nlohmann::ordered_json scaling_json(const std::vector<ScalingRow>& rows);

/// {"lowest", "median", "highest"}, or null of no values.
nlohmann::ordered_json spread_json(const std::vector<double>& values);

/// The backends named, or all usable ones. UserError for one that is unknown or cannot run.
std::vector<const BackendEntry*> chosen_backends(const std::vector<std::string>& names);

}  // namespace mlpbench
