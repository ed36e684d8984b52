#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace mlpbench {

/// What a mark in a plot is for: a class of the page, whose style has its colour for each colour scheme.
/// Backends, trainers and optimisers have palettes of their own, so that a colour means one thing.
/// "text", "muted", "grid", "band", "contour", "class0", "b3", "t1", "o2".
using Ink = std::string;

struct Axis {
  std::string title;
  double low = 0.0, high = 1.0;
  bool logarithmic = false;
  std::string (*number)(double) = nullptr;  ///< writes a tick; null: three significant digits
  double finest = 0.0;                      ///< ticks are at least so far apart
  double most =
      std::numeric_limits<double>::infinity();  ///< that a value can be; pad() goes little beyond it

  /// Takes `value` into the range. Values beyond 1e150 are left out, and on a logarithmic axis values below
  /// 1e-150, so that neither limit overflows.
  void include(double value);

  /// A little more room on both sides, and some where all values are one or nearly so. Before, empty() must
  /// be false.
  void pad(double part);
  bool empty() const noexcept { return !(low <= high); }

  /// Where a value is, from 0 at `low` to 1 at `high`; what is beyond them is at their place.
  double place(double value) const;

  /// A value as a tick has it.
  std::string text(double value) const;

  /// An axis that include() makes.
  static Axis of(std::string title, bool logarithmic, std::string (*number)(double) = nullptr,
                 double most = std::numeric_limits<double>::infinity());
};

struct Tick {
  double at;
  std::string text;
};

/// Round numbers of an axis that is `pixels` long. They are as many as their texts have room for, side by
/// side, or one above the other.
std::vector<Tick> ticks_of(const Axis& axis, double pixels, bool beside);

/// An ink and a marker of markers.svg: filled for odd types; one less is the hollow one. For a line the type
/// is its dashes: 1 none, 2 long, 3 short.
struct Look {
  Ink ink;
  int type = 1;
};

/// What a panel draws of rows of numbers. It leaves out rows with one that is not within 1e150, or not
/// positive on a logarithmic axis.
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
  double size = 1.0;      ///< of the points, or the width of the lines
  std::string of = "";    ///< the names of what it shows, between blanks: the page's filter hides it by one
  std::string name = "";  ///< stands before the value of each mark
  std::vector<std::string> names = {};  ///< the same, one for each row
  double shift = 0.0;                   ///< of points and bars to the right, in pixels
};

/// Shades for values on a grid of as many columns as lines, from the lowest y on.
struct ColorMap {
  std::vector<double> values;
  std::size_t grid;
  double low, high;
  std::string palette;  ///< class of the page, in kShades shades: "p0", "p1", ...
  std::optional<double> contour = std::nullopt;

  static constexpr int kShades = 10;
};

/// Text that begins or ends at a place of the axes, turned by degrees against the clock.
struct Label {
  double x, y;
  std::string text;
  bool ends_here = false;
  double turned = 0.0;
  Ink ink = "text";
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
  std::string of = "";  ///< as of a series: the page's filter hides the panel

  double plot_width() const noexcept { return width - margins.left - margins.right; }
  double plot_height() const noexcept { return height - margins.top - margins.bottom; }
};

/// Panels with one caption and one legend.
struct Figure {
  static constexpr int kBand = 0, kDashes = -1;
  static constexpr std::size_t kMaxPanels = 24;  ///< the tables below have all
  struct Mark {
    std::string text;
    Look look;             ///< the type of points, or one of the above
    bool switches = true;  ///< `text` is a name of series: with scripts on the mark switches them
  };
  std::vector<Panel> panels = {};
  std::vector<Mark> legend = {};
  std::vector<std::string> numbered = {};  ///< what the numbers in the panels stand for, from 1
  std::string caption = "";  ///< what is shown, how many values, which interval, what the lines are
  std::string how = "";      ///< how to read it, one sentence

  bool empty() const noexcept { return panels.empty(); }
  bool full() const noexcept { return panels.size() >= kMaxPanels; }
};

}  // namespace mlpbench
