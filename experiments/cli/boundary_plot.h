#pragma once

#include <string>

#include "experiments/experiment.h"

namespace mlpbench {

/// Throws UserError unless --plot could draw a picture into `path`: its extension is .svg or .png, gnuplot is
/// installed, and the file can be written.
void require_plottable(const std::string& path);

/// Draws the probability that the run's network gives to class 1 over the plane, computed on the run's
/// backend and in its precision. Draws the line where it is one half, and the samples. Throws UserError when
/// gnuplot fails.
void draw_boundary(const std::string& path, const Problem& problem, const RunResult& result);

}  // namespace mlpbench
