// A study gathers what the cases' times do not say: a section of the results document. It is one file with
// one entry, which study.cpp lists; what it measures is timed by the engine (bench/measure/engine.h).
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "bench/measure/engine.h"
#include "bench/results/document.h"

namespace mlpbench {

/// What all studies of a run are told.
struct StudySetting {
  std::size_t seeds = 10;
  DType dtype = DType::float32;                  ///< of curves, times to accuracy, scaling
  bool quick = false;                            ///< fewer and smaller of everything
  std::size_t rounds = 20;                       ///< of what is timed, at most
  double precision = 0.0;                        ///< MeasureOptions::precision of what is timed
  std::function<void(std::string)> begin = {};   ///< a study's name, before it begins; may be empty
  std::function<void(std::string)> tell = {};    ///< what comes next; may be empty
  const std::atomic<bool>* interrupt = nullptr;  ///< may be null
  Journal* journal = nullptr;                    ///< may be null

  /// Before each piece of work: throws Interrupted, or tells what it is, "STUDY, more". The section under way
  /// is then left out; those before it are whole.
  void next(const std::string& what) const {
    if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) throw Interrupted();
    if (tell) tell(what);
  }

  /// Checks and times the items of a study, which next() calls `study`, in at most `rounds` and `most_rounds`
  /// rounds. Throws Interrupted.
  std::vector<Measurement> measure(const std::string& study, std::vector<Item> items, std::size_t most_rounds,
                                   const Ceilings* ceilings = nullptr) const;

  /// The same in exactly `count` rounds, which may be seeds.
  std::vector<Measurement> measure_all(const std::string& study, std::vector<Item> items,
                                       std::size_t count) const;
};

/// What the comparison selected: each once, in its order.
struct Selected {
  explicit Selected(const Comparison& of);

  const Comparison& comparison;
  std::vector<const Experiment*> experiments;
  std::vector<const BackendEntry*> backends;  ///< that can run here
  std::vector<DType> dtypes;
  std::vector<std::string> trainers;      ///< empty: each experiment's own
  std::vector<std::size_t> threads;       ///< above one; empty: only one
  const BackendEntry* fastest = nullptr;  ///< the first without a wrong case; null when there is none

  /// Of curves, times to accuracy and scaling: float32, unless only float64 was selected.
  DType study_dtype() const;

  /// How many threads are compared with one, ascending: the selected ones, or threads_to_compare() the CPUs.
  std::vector<std::size_t> compared_threads() const;
};

/// 2, 4, 8, ... below `cpus`, and `cpus`. Empty for a single CPU.
std::vector<std::size_t> threads_to_compare(std::size_t cpus);

/// What a study's time is estimated from.
struct StudyPlan {
  const Selected selected;
  const std::vector<CaseCost>& costs;  ///< one of each case
  StudySetting setting;                ///< in the dtype that was selected

  /// Seconds of a whole training with the trainer, threads and epochs of `settings`; 0 where it cannot be
  /// made, and the study leaves it out.
  double training(const Experiment& experiment, const BackendEntry& backend, DType dtype,
                  const Settings& settings);

  /// Seconds of so many pairs of items, each with a check that takes as long as four visits; 0 on a single
  /// CPU.
  double pairs(std::size_t count, double visit_seconds) const {
    if (selected.compared_threads().empty()) return 0.0;
    return static_cast<double>(count * (2 * setting.rounds + 4)) * visit_seconds;
  }

  std::map<std::tuple<const Experiment*, const BackendEntry*, DType, std::string_view, std::size_t>,
           TrainingCost>
      trainings = {};
};

/// How long a study calls an item in one visit.
struct VisitTime {
  double full = 0.0, quick = 0.0;

  double seconds(bool is_quick) const { return is_quick ? quick : full; }
};

struct Study {
  std::string_view name;   ///< of its section in the results
  std::string_view about;  ///< one line
  bool standard = true;    ///< one of "all"

  /// Seconds that run() is expected to take, were all cases right; 0 when it has nothing to do. An estimate,
  /// not a bound.
  double (*estimate)(StudyPlan&) = nullptr;

  /// Fills its section, or leaves it empty when it has nothing to do. Throws Interrupted.
  void (*run)(const Selected&, const StudySetting&, Document&) = nullptr;
};

/// The studies, in the order of their sections.
std::span<const Study> all_studies();

/// Names of all_studies(), or only of those that are standard.
std::vector<std::string> study_names(bool only_standard = false);

/// The value of --studies, "all" (the standard ones) or "none" or names, as names in the order of
/// study_names(). UserError for any other.
std::vector<std::string> chosen_studies(const std::vector<std::string>& names);

struct StudyCost {
  std::string name;  ///< one of study_names()
  double seconds = 0.0;
};

/// What add_studies() is expected to take for `studies`, were all cases of `comparison` right. `costs` has
/// one of each case. Throws Interrupted.
std::vector<StudyCost> estimate_studies(const Comparison& comparison, const std::vector<CaseCost>& costs,
                                        const std::vector<std::string>& studies, const StudySetting& setting);

/// Runs `studies` on what `comparison` selected and found correct. They use its experiments, on the first
/// backend in the order of preference that has no wrong case. They use its trainers, where they are not each
/// experiment's own. over_seeds uses every correct case. `document` is run_document() of the same comparison.
/// Returns false when setting.interrupt ended it: `document` then says "interrupted", and the sections that
/// it has are whole.
bool add_studies(const Comparison& comparison, const std::vector<std::string>& studies,
                 const StudySetting& setting, Document& document);

/// `value` with so many significant digits, which a JSON file then writes: 0.33333 instead of 16 digits of a
/// number that nobody reads so closely. NaN and infinities stay what they are.
double rounded(double value, int digits);

}  // namespace mlpbench
