#pragma once

#include <nlohmann/json.hpp>

#include "core/training/communicator.h"

namespace mlpbench {

/// Throws UserError on all ranks, naming what differs and where, unless all have the same `identity`
/// (identity_of()) and programs of the same build. The backends avx2 and avx512 count as the same: their bits
/// are, on CPUs of either kind.
void require_same_run(Communicator& ranks, nlohmann::ordered_json identity);

}  // namespace mlpbench
