#pragma once

#include "bench/compare/compare.h"
#include "bench/report/plot.h"
#include "bench/results/document.h"

namespace mlpbench {

// The figures of report.html. Each has either panels or a sentence in their place.

Figure speed_figure(const Document& document);
Figure accuracy_figure(const Document& document);
Figure rounds_figure(const Document& document);
Figure loss_figure(const Document& document);
Figure target_figure(const Document& document);
Figure boundary_figure(const BoundaryFact& plane);
Figure roofline_figure(const Document& document);
Figure scaling_figure(const Document& document);
Figure change_figure(const CompareResult& change, const SuiteFacts& suite);

/// The same ink and marker for a backend in all figures.
Look look_of_backend(const SuiteFacts& suite, const std::string& backend);

/// The looks of what has no look of its own, by its place.
Look look_of(std::size_t place);

}  // namespace mlpbench
