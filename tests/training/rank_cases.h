// Runs that ranks share, for the tests with threads as ranks and for those under MPI.
#pragma once

#include <string>
#include <vector>

#include "tests/training/example.h"

namespace mlpbench::test {

/// A run that ranks share, and the trainer that shares it.
struct RankCase {
  std::string name;
  std::string_view trainer;
  Example example;
  TrainingOptions options;
  Dataset held_out = {};
};

/// With incomplete batches, and shared also where serial is faster.
TrainingOptions rank_options(std::size_t epochs, std::size_t batch_size);

/// 4 chunks; 192 units a layer, which are tiles up to 7 ranks; workers, members and what is serial.
const std::vector<RankCase>& rank_cases();

/// The serial run with the same bits.
template <typename T>
Trained<T> train_alone(const RankCase& run);

}  // namespace mlpbench::test
