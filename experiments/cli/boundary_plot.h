#pragma once

#include <string>
#include <string_view>

#include "experiments/experiment.h"

namespace mlpbench {

/// Throws UserError unless a picture could be drawn into `path`: its extension is .svg or .png, gnuplot is
/// installed, and the file can be written. `option` begins the message.
void require_plottable(std::string_view option, const std::string& path);

/// Draws the probability that the run's network gives to class 1 over the plane, computed on the run's
/// backend and in its precision, the line where it is one half, and the samples. Throws UserError when
/// gnuplot fails.
void draw_boundary(std::string_view option, const std::string& path, const Problem& problem,
                   const RunResult& result);

}  // namespace mlpbench
