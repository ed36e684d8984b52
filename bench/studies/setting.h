#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "bench/measure/check.h"
#include "bench/measure/engine.h"

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
  std::vector<Measurement> measure(const std::string& study, const std::vector<Item>& items,
                                   std::size_t most_rounds, const Ceilings* ceilings = nullptr) const;
};

/// `value` with so many significant digits, which a JSON file then writes: 0.33333 instead of 16 digits of a
/// number that nobody reads so closely. NaN and infinities stay what they are.
double rounded(double value, int digits);

}  // namespace mlpbench
