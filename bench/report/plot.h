#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace mlpbench {

/// What a mark in a plot is for. Which colour that is, the page's style says, for each colour scheme: plots
/// are drawn in stand-ins that svg.cpp turns into classes.
enum class Ink { text, muted, grid, band, contour, class0, class1, s1, s2, s3, s4, s5, s6 };

/// The stand-in as gnuplot takes it: "#01000c".
std::string stand_in(Ink ink);

struct Axis {
  std::string title;
  double low = 0.0, high = 1.0;
  bool logarithmic = false;
  std::string (*number)(double) = nullptr;  ///< writes a tick; null: three significant digits
  double finest = 0.0;                      ///< ticks are at least so far apart
  double most =
      std::numeric_limits<double>::infinity();  ///< that a value can be; pad() goes little beyond it

  /// Takes `value` into the range; what cannot be drawn is left out: what is beyond 1e150 or, on a logarithmic
  /// axis, below 1e-150, so that neither limit overflows.
  void include(double value);

  /// A little more room on both sides, and some where all values are one or nearly so. Before, empty() must be
  /// false.
  void pad(double part);
  bool empty() const noexcept { return !(low <= high); }

  /// An axis that include() makes.
  static Axis of(std::string title, bool logarithmic, std::string (*number)(double) = nullptr,
                 double most = std::numeric_limits<double>::infinity());
};

/// An ink and gnuplot's point type: filled; one less is the hollow one. For a line the type is its dashes.
struct Look {
  Ink ink;
  int type = 1;
};

/// What a panel draws of rows of numbers; rows with one that is not within 1e150 are left out.
struct Series {
  enum class Kind {
    line,      ///< through (x, y)
    steps,     ///< through (x, y), level up to the next x
    points,    ///< at (x, y)
    band,      ///< between (x, low) and (x, high)
    interval,  ///< a point at (x, y) on a bar from (low, y) to (high, y): {x, y, low, high}
    bars,      ///< a point at (x, y) on a bar from (x, low) to (x, high): {x, y, low, high}
    box        ///< from (x, y) to (x, y), below all others: {x, y, x, y}
  };
  Kind kind;
  std::vector<std::vector<double>> rows;
  Look look;
  double size = 1.0;  ///< of the points, or the width of the lines
};

/// Colours for values on a grid: {x, y, value}, an empty row after each line of the grid.
struct ColorMap {
  std::vector<std::vector<double>> rows;
  double low, high;
  std::string palette;  ///< of gnuplot
  std::optional<double> contour = std::nullopt;
};

/// Text that begins at a place of the axes; `how` is gnuplot's alignment, rotation and font.
struct Label {
  double x, y;
  std::string text, how;
  Ink ink;
};

/// One drawing. Everything is placed in pixels, so that panels of one figure look alike.
struct Panel {
  struct Margins {
    int left = 60, right = 22, top = 12, bottom = 46;
  };

  std::string title;  ///< above the drawing, and what a reader who does not see it hears
  int width, height;
  Axis x, y;
  Margins margins = {};
  std::vector<std::string> rows = {};  ///< names in place of the y axis, from the top: row i is at i + 1
  std::optional<ColorMap> map = std::nullopt;
  std::vector<Series> series = {};
  std::vector<Label> labels = {};

  double plot_width() const noexcept { return width - margins.left - margins.right; }
  double plot_height() const noexcept { return height - margins.top - margins.bottom; }
};

/// The panel as commands of gnuplot, the only place that knows them.
std::string gnuplot_script(const Panel& panel);

/// Panels with one caption and one legend.
struct Figure {
  static constexpr int kBand = 0, kDashes = -1;
  static constexpr std::size_t kMaxPanels = 24;  ///< the tables below have all
  struct Mark {
    std::string text;
    Look look;  ///< the type of points, or one of the above
  };
  std::vector<Panel> panels = {};
  std::vector<Mark> legend = {};
  std::string caption = "";  ///< what is shown, how many values, which interval, what the lines are
  std::string how = "";      ///< how to read it, one sentence
  std::string instead = "";  ///< why there is none, where there is nothing worth drawing

  bool empty() const noexcept { return panels.empty(); }
  bool full() const noexcept { return panels.size() >= kMaxPanels; }
};

}  // namespace mlpbench
