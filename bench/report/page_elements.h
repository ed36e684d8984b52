#pragma once

#include <string>
#include <vector>

#include "bench/report/figures.h"
#include "bench/report/html.h"
#include "support/table.h"

namespace mlpbench {

/// The elements that a report's page is made of.
class PageElements {
 public:
  /// With `draw` gnuplot draws the figures; without, the page has their tables alone.
  PageElements(Html& html, bool draw) : html_(html), draw_(draw) {}

  Html& html() noexcept { return html_; }

  /// A sentence, whose first word before a colon is the verdict.
  void verdict(const std::string& sentence, bool good);
  void heading(const std::string& text) { html_.element("h3", text); }
  void paragraph(const std::string& text) { html_.element("p", text); }
  void none(const std::string& why) { html_.element("p", {{"class", "none"}}, why); }
  void bullets(const std::vector<std::string>& lines, const std::string& kind);
  void block(const std::string& lines);

  /// A table that scrolls in itself, with its first column kept in sight; nothing for an empty one. `kind` is
  /// "sortable", "heat", "facts" or empty; `label` names it for who does not see it.
  void table(const Table& data, const std::string& label, const std::string& kind);

  /// The same behind a line that opens it.
  void fold(const std::string& label, const Table& data, const std::string& kind);

  /// Several with a name each behind one line; the empty ones are left out.
  void fold(const std::string& label, const std::vector<std::pair<std::string, Table>>& tables);

  /// Drawings, legend and caption; or the sentence in their place.
  void figure(const Figure& figure, const std::string& panels = "panels");

 private:
  void row(const Table& data, const Table::Row& row);
  void legend(const Figure& figure);

  Html& html_;
  bool draw_;
};

}  // namespace mlpbench
