#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/results/document.h"

namespace mlpbench {

/// Facts that must be equal on both sides of a comparison: what it is, and its value as text.
using Identity = std::vector<std::pair<std::string, std::string>>;

/// The value of a fact that an older result does not state. It is held against nothing.
inline constexpr const char* kNotStated = "?";

/// A fact in which two sides differ, and both values.
struct Difference {
  std::string what, one, other;
};

/// Where two lists of the same facts differ first, or nothing.
std::optional<Difference> first_difference(const Identity& one, const Identity& other);

/// The fields of a case's record that tell it from another: instruction set, flags, network, data, settings.
Identity identity_of(const ReportCase& row);

/// What `mlpbench compare` needs of a results.json.
struct ResultsFile {
  std::string path, commit;
  std::size_t runs = 1;  ///< that the times come from: 1, and they are its rounds, or a folder's
  Identity identity;     ///< processor, compiler, build type: of all its cases
  std::vector<ReportCase> cases;

  std::map<std::string, const ReportCase*> by_name() const;
};

/// What a document has for a comparison. The noise floor of a case is that of its parts, 95 %, infinite where
/// the rounds are too few.
ResultsFile results_of(const Document& document);

/// results_of() a file, as read_document(). Throws UserError also for an interrupted run. A folder stands
/// for all its *.json files, in the order of their names, joined by join_results(); one without any is a
/// UserError.
ResultsFile read_results(const std::string& path);

/// One result of several runs of one build on one machine. Each run counts once, with its median: the rounds
/// of a run share its minute and its process, and would pass for more evidence than they are (Kalibera and
/// Jones 2013). The noise is of the rounds of all runs. A case that is wrong or could not run in any part is
/// so in the result. Throws UserError that names the file when a part has other cases than the first, or was
/// measured under other conditions; std::invalid_argument for no parts.
ResultsFile join_results(std::vector<ResultsFile> parts);

}  // namespace mlpbench
