#pragma once

#include "bench/report/html.h"

namespace mlpbench {

extern const Literal kPageStyle;
extern const Literal kPageScript;

}  // namespace mlpbench
