#pragma once

#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/error.h"

namespace mlpbench {

inline constexpr std::size_t kMaxResultsBytes = std::size_t{64} << 20;

/// Facts that must be equal on both sides of a comparison: what it is, and its value as text.
using Identity = std::vector<std::pair<std::string, std::string>>;

/// The value of a fact that an older result does not state. It is held against nothing.
inline constexpr const char* kNotStated = "?";

/// Where two lists of the same facts differ first, or nothing.
std::optional<std::size_t> first_difference(const Identity& one, const Identity& other);

/// One case of a results.json.
struct MeasuredCase {
  std::string name;
  std::string unavailable;            ///< why it could not run, or empty
  std::string wrong;                  ///< why its result is not right, or empty
  std::vector<double> epoch_seconds;  ///< one a round, or a run; positive and finite; empty without times
  std::array<std::vector<double>, 2> part_seconds;  ///< the same code twice in each round, or empty
  double noise_floor = 0.0;  ///< noise_floor() of the parts, 95 %; infinite where the rounds are too few
  std::optional<double> accuracy, mse;
  double test_rows = 0.0;
  bool float32 = false;
  Identity identity;  ///< instruction set, flags, network, data, settings
};

/// What `mlpbench compare` needs of a results.json.
struct ResultsFile {
  std::string path, commit;
  bool interrupted = false;  ///< not all of its cases were measured to the end
  std::size_t runs = 1;      ///< that the times come from: 1, and they are its rounds, or a folder's
  Identity identity;         ///< processor, compiler, build type: of all its cases
  std::vector<MeasuredCase> cases;
};

/// The JSON of a file, unread but for its syntax. Throws UserError "PATH: what is wrong", one line, when the
/// file cannot be read, is larger than kMaxResultsBytes, is no JSON (also truncated or nested deeper than 64)
/// or has a number that no double holds.
nlohmann::ordered_json load_results(const std::string& path);

/// "PATH: what".
UserError results_error(const std::string& path, const std::string& what);

/// The error of a field that is missing or of another type, in the words of the JSON library.
UserError results_error(const std::string& path, const nlohmann::json::exception& error);

/// What load_results() gave, as read_results() reads it; `path` begins the messages.
ResultsFile results_of(const nlohmann::ordered_json& document, const std::string& path);

/// Reads what results_json() wrote. Throws UserError "PATH: what is wrong", one line, when the file cannot be
/// read, is larger than kMaxResultsBytes, is no JSON (also truncated or nested deeper than 64), has another
/// schema version, is of an interrupted run, lacks a field or has one of another type, names a case twice, or
/// has a time that is not positive and finite, parts of other rounds, or a summary of other times (somebody
/// has changed it by hand). A folder stands for all its *.json files, in the order of their names, joined by
/// join_results(); one without any is a UserError.
ResultsFile read_results(const std::string& path);

/// One result of several runs of one build on one machine. Each run counts once, with its median: the rounds
/// of a run share its minute and its process, and would pass for more evidence than they are (Kalibera and
/// Jones 2013). The noise is of the rounds of all runs. A case that is wrong or could not run in any part is
/// so in the result. Throws UserError that names the file when a part has other cases than the first, or was
/// measured under other conditions; std::invalid_argument for no parts.
ResultsFile join_results(std::vector<ResultsFile> parts);

}  // namespace mlpbench
