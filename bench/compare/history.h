#pragma once

#include <string>
#include <vector>

#include "bench/compare/compare.h"

namespace mlpbench {

// Results of many commits, a folder for each machine: FOLDER/<machine>/<commit time>-<commit>.json.

/// A result of the history: of the file only what a comparison needs.
struct HistoryEntry {
  std::string time;    ///< of the commit, else of the run: "20261126T150639Z"
  std::string commit;  ///< 12 digits, "+" behind them where the tree had changes; "unknown"
  ResultsFile results;
};

struct History {
  std::string machine;                ///< machine_name()
  std::vector<HistoryEntry> entries;  ///< the oldest first
};

/// "intel-xeon-processor-1f3a9c02": the model of the processor, and a hash of what two results must share to
/// be compared. Never the name of the host.
std::string machine_name(const Document& document);

/// Keeps a result in `folder`, in the place of an older one of the same commit: its cases, without loss
/// curves and studies. Returns the path. UserError for an interrupted run, and for a folder that cannot be
/// written.
std::string add_to_history(Document document, const std::string& folder);

/// Each machine of a folder, in the order of their names; UserError where there is none.
std::vector<History> read_histories(const std::string& folder);

/// The last change of a case: between the entries before `after` and `after` itself.
struct CaseChange {
  std::size_t after;
  double ratio;  ///< new / old time
  Verdict verdict;
};

/// A case over the entries of a history.
struct Trend {
  const ReportCase* latest;
  std::vector<double> medians;  ///< seconds an epoch, NaN where an entry has none
  std::optional<CaseChange> change;

  /// "▁▁▇▇▇": the last 24 medians on a logarithmic scale, "·" for none. Values that differ by less than 5 %
  /// look the same.
  std::string sparkline() const;
};

/// The trends of all cases that the latest entry has, changes first, the worst of them first. Each entry is
/// compared (compare()) with the level of a case. The level is that of its first entry, or of the last one
/// that regressed or improved. Many small steps in one direction become a change as well.
std::vector<Trend> trends_of(const History& history, const CompareOptions& options);

}  // namespace mlpbench
