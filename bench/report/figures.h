#pragma once

#include <string>
#include <vector>

#include "bench/compare/compare.h"
#include "bench/report/document.h"
#include "bench/report/grid.h"
#include "bench/report/panel.h"

namespace mlpbench {

/// One drawing of a figure.
struct Drawing {
  std::string title;   ///< above the drawing, and what a reader who does not see it hears
  std::string script;  ///< of gnuplot
};

/// Several drawings with one caption and one legend.
struct Figure {
  static constexpr int kBand = 0, kDashes = -1;
  struct Mark {
    std::string text;
    int type;  ///< of gnuplot's points, or one of the above
    Ink ink;
  };
  std::vector<Drawing> drawings;
  std::vector<Mark> legend;
  std::string caption;  ///< what is shown, how many values, which interval, what the lines are
  std::string how;      ///< how to read it, one sentence
  std::string instead;  ///< why there is none, where there is nothing worth drawing

  bool empty() const noexcept { return drawings.empty(); }
};

// The figures of report.html. Each has either drawings or a sentence in their place.

Figure speed_figure(const Document& document);
Figure accuracy_figure(const Document& document);
Figure rounds_figure(const Document& document);
Figure loss_figure(const Document& document);
Figure target_figure(const Document& document);
Figure boundary_figure(const BoundaryFact& plane);
Figure roofline_figure(const Document& document);
Figure scaling_figure(const Document& document);
Figure change_figure(const CompareResult& change);

/// The same ink and marker for a backend in all figures.
struct Look {
  Ink ink;
  int type;  ///< filled; one less is the hollow one
};
Look look_of_backend(const std::string& backend);
Look look_of(std::size_t place);

inline constexpr std::size_t kMaxDrawings = 24;  ///< of a figure; the tables below have all

}  // namespace mlpbench
