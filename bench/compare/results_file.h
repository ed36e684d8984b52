#pragma once

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mlpbench {

inline constexpr std::size_t kMaxResultsBytes = std::size_t{64} << 20;

/// Facts that must be equal on both sides of a comparison: what it is, and its value as text.
using Identity = std::vector<std::pair<std::string, std::string>>;

/// One case of a results.json.
struct MeasuredCase {
  std::string name;
  std::string unavailable;            ///< why it could not run, or empty
  std::string wrong;                  ///< why its result is not right, or empty
  std::vector<double> epoch_seconds;  ///< one a round, positive and finite; empty for a case without times
  double noise_floor = 0.0;           ///< part of 1; infinite where the rounds were too few to know
  std::optional<double> accuracy, mse;
  double test_rows = 0.0;
  bool float32 = false;
  Identity identity;  ///< instruction set, flags, network, data, settings
};

/// What `mlpbench compare` needs of a results.json.
struct ResultsFile {
  std::string path, commit;
  Identity identity;  ///< processor, compiler, build type: of all its cases
  std::vector<MeasuredCase> cases;
};

/// Reads what results_json() wrote. Throws UserError "PATH: what is wrong", one line, when the file cannot be
/// read, is larger than kMaxResultsBytes, is no JSON (also truncated or nested deeper than 64), has another
/// schema version, lacks a field or has one of another type, names a case twice, or has a time that is not
/// positive and finite.
ResultsFile read_results(const std::string& path);

}  // namespace mlpbench
