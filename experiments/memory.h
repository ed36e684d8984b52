#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/network.h"
#include "support/memory.h"

namespace mlpbench {

/// require_memory() (support/memory.h) for a data set and its split. They are float64, held twice while one
/// fifth is taken out of it, and the numbers of the rows. A target is one number, or the index of its class.
/// What a run needs at most:
///   16 (features + 1) + 24 bytes a sample
/// After the split the data are there once. A mini-batch trainer adds a copy in its own precision, 4 or 8
/// bytes (features + 1) a training sample.
void require_data_memory(std::string_view option, std::size_t samples, std::size_t features);

/// The same for a network that is trained with `samples_at_once`. It has its initial and its trained
/// parameters, their gradients and a chunk's, the result's, and what a step keeps of each sample.
void require_network_memory(std::string_view option, std::string_view what, std::size_t inputs,
                            std::span<const LayerSpec> layers, std::size_t samples_at_once);

}  // namespace mlpbench
