#pragma once

#include <string>
#include <vector>

#include "bench/report/svg.h"

namespace mlpbench {

struct Axis {
  std::string title;
  double low = 0.0, high = 1.0;
  bool logarithmic = false;
  std::string (*number)(double) = nullptr;  ///< writes a tick; null: three significant digits
  double finest = 0.0;                      ///< ticks are at least so far apart

  /// Takes `value` into the range; what is not finite, or not above 0 on a logarithmic axis, is left out.
  void include(double value);

  /// A little more room on both sides, and some where all values are one. Before, empty() must be false.
  void pad(double part);
  bool empty() const noexcept { return !(low <= high); }

  /// An axis that include() makes.
  static Axis of(std::string title, bool logarithmic, std::string (*number)(double) = nullptr);
};

/// A tick of an axis.
struct Tick {
  double at;
  std::string text;
};

/// Round numbers of an axis that is `pixels` long, so many that their texts stand clear of each other: side
/// by side, or one above the other.
enum class Texts { beside, above };
std::vector<Tick> ticks_of(const Axis& axis, double pixels, Texts texts);

/// One drawing of gnuplot, as its commands. Everything is placed in pixels, so that panels of one figure look
/// alike.
class Panel {
 public:
  struct Margins {
    int left = 60, right = 22, top = 12, bottom = 46;
  };

  Panel(int width, int height, Axis x, Axis y, Margins margins);
  Panel(int width, int height, Axis x, Axis y)
      : Panel(width, height, std::move(x), std::move(y), Margins()) {}

  /// The rows from the top, each with its name, in place of the y axis: row i is at i + 1.
  static Panel with_rows(int width, const std::vector<std::string>& rows, Axis x);

  void command(const std::string& line) { commands_ += line + "\n"; }

  /// Rows of numbers as the data block `$name`; rows with one that is not finite are left out.
  void data(const std::string& name, const std::vector<std::vector<double>>& rows);

  /// What follows "plot": "$name using 1:2 with lines".
  void layer(const std::string& what) { layers_ += (layers_.empty() ? "" : ", \\\n  ") + what; }

  /// Points of one type and ink at rows (x, y), and lines through them.
  void points(const std::vector<std::vector<double>>& rows, int type, double size, Ink ink);
  void lines(const std::vector<std::vector<double>>& rows, double width, Ink ink, int dash = 1);

  /// A horizontal bar from (low, y) to (high, y) with a point at (middle, y).
  void interval(double low, double middle, double high, double y, int type, Ink ink);

  /// Vertical bars at x from low to high with a point at y, of rows {x, y, low, high}.
  void bars(const std::vector<std::vector<double>>& rows, int type, double size, Ink ink);

  /// Text at a place of the axes.
  void label(double x, double y, const std::string& text, Ink ink, const char* how = "left");

  std::string script() const;
  double plot_width() const noexcept { return width_ - margins_.left - margins_.right; }
  double plot_height() const noexcept { return height_ - margins_.top - margins_.bottom; }
  const Axis& x() const noexcept { return x_; }
  const Axis& y() const noexcept { return y_; }

 private:
  std::string axis_commands(const char* name, const Axis& axis, double pixels, Texts texts) const;
  std::string next_block() { return "b" + std::to_string(++blocks_); }

  int width_, height_;
  Axis x_, y_;
  Margins margins_;
  std::vector<std::string> rows_;
  std::string commands_, layers_;
  int blocks_ = 0;
};

/// "lc rgb '#010007'"
std::string colored(Ink ink);

}  // namespace mlpbench
