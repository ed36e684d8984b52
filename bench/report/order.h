#pragma once

#include <cstddef>
#include <string_view>

namespace mlpbench {

// The place of a name in the lists of the suite; names that are in none come after all others. Who sorts by
// it takes the name itself as the second key.

std::size_t place_of_experiment(std::string_view name);
std::size_t place_of_backend(std::string_view name);
std::size_t place_of_trainer(std::string_view name);  ///< "hogwild-strict" is at "hogwild"
std::size_t place_of_dtype(std::string_view name);    ///< float64, float32
std::size_t place_of_level(std::string_view name);    ///< L1, L2, L3, memory

}  // namespace mlpbench
