#pragma once

#include "bench/compare/compare.h"
#include "bench/report/groups.h"
#include "bench/report/plot.h"
#include "bench/report/words.h"
#include "bench/results/document.h"

namespace mlpbench {

// The figures of report.html. One with nothing to draw has no panels.

Figure speed_figure(const Document& document);
Figure accuracy_figure(const Document& document);
Figure rounds_figure(const Document& document);
Figure loss_figure(const Document& document);
Figure target_figure(const Document& document);
Figure optimiser_figure(const Document& document);
Figure boundary_figure(const BoundaryFact& plane);
Figure roofline_figure(const Document& document);
Figure scaling_figure(const Document& document);
Figure change_figure(const CompareResult& change, const SuiteFacts& suite);

/// The same ink and marker for a backend in all figures.
Look look_of_backend(const SuiteFacts& suite, const std::string& backend);

/// A mark for each backend of the entries, once, in the suite's order.
template <typename List>
std::vector<Figure::Mark> backend_legend(const List& list, const SuiteFacts& suite) {
  std::vector<Figure::Mark> legend;
  const auto name = [](const auto& entry) { return entry.backend; };
  for (const std::string& backend : names_by(list, name, suite.backend_order())) {
    legend.push_back({backend, look_of_backend(suite, backend)});
  }
  return legend;
}

/// "float32", "float64 and float32"
template <typename Entry>
std::string dtypes_text(const std::vector<Entry>& list) {
  return names_text(names_by(list, &Entry::dtype, place_of_dtype));
}

/// A mark for each backend that was timed.
std::vector<Figure::Mark> legend_of_cases(const Document& document);

}  // namespace mlpbench
