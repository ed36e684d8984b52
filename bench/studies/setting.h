#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>

#include "bench/measure/check.h"

namespace mlpbench {

/// What all studies of a run are told.
struct StudySetting {
  std::size_t seeds = 10;
  DType dtype = DType::float32;                  ///< of curves, times to accuracy, scaling
  bool quick = false;                            ///< fewer and smaller of everything
  std::function<void(std::string)> begin = {};   ///< a study's name, before it begins; may be empty
  std::function<void(std::string)> tell = {};    ///< what comes next; may be empty
  const std::atomic<bool>* interrupt = nullptr;  ///< may be null

  /// Before each piece of work: throws Interrupted, or tells what it is, "STUDY, more". The section under way
  /// is then left out; those before it are whole.
  void next(const std::string& what) const {
    if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) throw Interrupted();
    if (tell) tell(what);
  }
};

/// `value` with so many significant digits, which a JSON file then writes: 0.33333 instead of 16 digits of a
/// number that nobody reads so closely. NaN and infinities stay what they are.
double rounded(double value, int digits);

}  // namespace mlpbench
