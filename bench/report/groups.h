#pragma once

#include <span>
#include <string>
#include <vector>

#include "bench/report/document.h"

namespace mlpbench {

/// The cases of one experiment and one trainer: what a table compares.
struct Group {
  std::span<const ReportCase> cases;

  const ReportCase& front() const noexcept { return cases.front(); }

  /// A case that ran, for what all of them share: the network, the data. Else the first one.
  const ReportCase& typical() const noexcept;

  /// The case with the lowest median of those that are right and timed, or null.
  const ReportCase* fastest() const noexcept;

  /// The case that the speeds of this dtype are against, or null.
  const ReportCase* base(const std::string& dtype) const noexcept;

  bool has_seeds() const noexcept;
  bool is_regression() const noexcept;

  /// "moons", or "moons, hogwild" where the experiment's own trainer, which comes first, is another.
  std::string name;

  /// "moons: 2-4-1, 10 epochs of 800 samples, mini-batch"
  std::string title() const;

  /// "naive takes 300 us in float64, 305 us in float32 an epoch", on one thread, or that it was not run.
  std::string base_text() const;

  /// "test accuracy over 10 seeds", "training MSE".
  std::string quality_title() const;
};

/// In the order of the document.
std::vector<Group> groups_of(const Document& document);

/// The quality of a case, over its seeds where it has them.
std::string quality_cell_text(const ReportCase& row);

}  // namespace mlpbench
