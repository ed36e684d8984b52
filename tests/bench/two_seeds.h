#pragma once

#include "bench/studies/study.h"

namespace mlpbench::test {

/// The least that a study over seeds may be asked for.
inline StudySetting two_seeds() {
  StudySetting setting;
  setting.seeds = 2;
  setting.quick = true;
  return setting;
}

}  // namespace mlpbench::test
