#pragma once

#include <limits>
#include <string>
#include <vector>

#include "bench/report/figures.h"
#include "bench/report/grid.h"
#include "bench/report/html.h"

namespace mlpbench {

inline constexpr double kUnsorted = std::numeric_limits<double>::quiet_NaN();

/// The elements that a report's page is made of.
class PageElements {
 public:
  /// With `draw` gnuplot draws the figures; without, the page has their tables alone.
  PageElements(Html& html, bool draw) : html_(html), draw_(draw) {}

  Html& html() noexcept { return html_; }

  /// A word and the sentence that it begins.
  void verdict(const std::string& word, const std::string& sentence, bool good);
  void paragraph(const std::string& text) { html_.element("p", text); }
  void none(const std::string& why) { html_.element("p", {{"class", "none"}}, why); }
  void bullets(const std::vector<std::string>& lines, const std::string& kind);
  void block(const std::string& lines);

  /// A table that scrolls in itself, with its first column kept in sight; nothing for an empty one. `kind` is
  /// "sortable", "heat", "facts" or empty; `label` names it for who does not see it.
  void table(const Grid& grid, const std::string& label, const std::string& kind);

  /// The same behind a line that opens it.
  void fold(const std::string& label, const Grid& grid, const std::string& kind);

  /// Several with a name each behind one line; the empty ones are left out.
  void fold(const std::string& label, const std::vector<std::pair<std::string, Grid>>& grids,
            const std::string& kind);

  /// Drawings, legend and caption; or the sentence in their place.
  void figure(const Figure& figure, const std::string& panels = "panels");

 private:
  void heading_row(const Grid& grid);
  void row(const Grid& grid, const Grid::Row& row);
  void legend(const Figure& figure);

  Html& html_;
  bool draw_;
};

}  // namespace mlpbench
