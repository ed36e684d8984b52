#pragma once

#include "bench/report/document.h"

namespace mlpbench {

/// Reads the sections besides the cases, those that are there: curves, time to accuracy, scaling, roofline,
/// boundaries. BadField also for a list that is not as long as it must be.
void read_sections(const nlohmann::ordered_json& json, Document& document);

}  // namespace mlpbench
