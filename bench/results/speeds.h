#pragma once

#include <optional>
#include <string>

#include "bench/results/document.h"
#include "bench/stats/paired.h"

namespace mlpbench {

/// How many times as fast `row` is as `base`, by the rounds that both were timed in. Empty where one has
/// none.
std::optional<PairedRatio> paired_speed(const ReportCase& base, const ReportCase& row, double confidence);

/// The row of `backend` on one thread, of the same experiment, trainer and precision; null where it has no
/// times.
const ReportCase* row_of(const Document& document, const ReportCase& row, std::string_view backend);

/// The default base of speeds: openblas where it has times, else the library that is the fastest in most
/// tables, else naive.
std::string usual_base(const Document& document);

/// Computes the speed of every case but the base's own against row_of(case, base), all of them together
/// with method.confidence; `base` is a backend, empty: usual_base(). Writes method.base, .comparisons,
/// .confidence_of_each and each ReportCase::speed. UserError that begins with `option` when no case of
/// `base` has times.
void set_speeds(const std::string& option, const std::string& base, Document& document);

}  // namespace mlpbench
