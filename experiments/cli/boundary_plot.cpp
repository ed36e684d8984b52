#include "experiments/cli/boundary_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "experiments/boundary_grid.h"
#include "support/atomic_file.h"
#include "support/error.h"
#include "support/gnuplot.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr std::size_t kGrid = 300;  ///< points along each axis

/// The data block $grid: x, y, probability; a blank line after each row of the grid.
std::string grid_block(const BoundaryGrid& grid) {
  fmt::memory_buffer text;
  fmt::format_to(std::back_inserter(text), "$grid << EOD\n");
  for (std::size_t i = 0; i < kGrid * kGrid; ++i) {
    fmt::format_to(std::back_inserter(text), "{:.7g} {:.7g} {:.5g}\n", grid.x.at(i % kGrid, kGrid),
                   grid.y.at(i / kGrid, kGrid), grid.probability(0, i));
    if (i % kGrid == kGrid - 1) text.push_back('\n');
  }
  fmt::format_to(std::back_inserter(text), "EOD\n");
  return fmt::to_string(text);
}

/// The samples of both classes, each class as a data block. They are at most the first few thousand, in the
/// random order of the split. More would hide the boundary and make a picture of many megabytes.
std::string samples_blocks(const std::string& name, const Dataset& data) {
  constexpr std::size_t kMaxPoints = 4000;
  std::string text;
  for (const bool positive : {false, true}) {
    text += fmt::format("${}{} << EOD\n", name, positive ? 1 : 0);
    for (std::size_t n = 0; n < std::min(data.samples(), kMaxPoints); ++n) {
      if ((data.Y(n, 0) > 0.5) == positive)
        text += fmt::format("{:.9g} {:.9g}\n", data.X(n, 0), data.X(n, 1));
    }
    text += "EOD\n";
  }
  return text;
}

std::string class_name(const Problem& problem, std::size_t k) {
  return k < problem.class_names.size() ? problem.class_names[k] : fmt::format("class {}", k);
}

/// Okabe and Ito's blue and vermilion, which colour-blind readers tell apart; the shapes differ as well.
constexpr std::string_view kStyle = R"(
set encoding utf8
set size ratio -1
set border 3 lw 1 lc rgb '#606060'
set tics out nomirror scale 0.6 tc rgb '#404040'
set cbrange [0:1]
set cbtics ('0' 0, '0.25' 0.25, '0.5' 0.5, '0.75' 0.75, '1' 1) scale 0
set colorbox user origin graph 1.03, graph 0 size 0.018, graph 1 noborder
set palette defined (0 '#8fc1e3', 0.5 '#f7f7f5', 1 '#f6b28e')
set key at graph 0, graph 1.015 left bottom horizontal Left reverse samplen 1.2 width -1
set lmargin 9
set rmargin 13
set tmargin 5
set bmargin 4
set contour base
set cntrparam levels discrete 0.5
unset surface
set table $half
splot $grid using 1:2:3
unset table
unset contour
)";

/// Points as a white disc with the class's mark on it, which stays visible on every shade.
std::string point_layers(const std::string& block, std::string_view title, int shape, std::string_view color,
                         double size) {
  return fmt::format(
      ", \\\n  ${0} with points pt {1} ps {2} lc rgb '#ffffff' notitle"
      ", \\\n  ${0} with points pt {1} ps {3} lc rgb '{4}' title {5}",
      block, shape, size * 1.45, size, color, gnuplot_string(title));
}

std::string script(const std::string& path, const Problem& problem, const RunResult& result) {
  const BoundaryGrid grid = boundary_grid(problem, result, kGrid);
  const PictureRange x = grid.x, y = grid.y;
  const std::string title =
      fmt::format("{}, {}, {}, accuracy {:.2f} % on the {}", result.experiment, result.backend->name,
                  to_string(result.dtype), 100.0 * result.test_accuracy.value_or(0.0), problem.evaluated_on);
  const bool svg = path.ends_with(".svg");
  // Both axes have one scale, so the height of the picture follows from the data.
  const double aspect = std::clamp((y.high - y.low) / (x.high - x.low), 0.4, 1.1);
  const int width = svg ? 900 : 1350, height = static_cast<int>(width * (0.20 + 0.775 * aspect));
  std::string text = svg ? "set terminal svg font 'Helvetica,Arial,sans-serif,15'"
                         : "set terminal pngcairo font 'Sans,17' lw 1.5 ps 1.5";
  text += fmt::format(" size {},{} background '#ffffff'\n", width, height);
  text += "set termoption noenhanced\n";
  text += grid_block(grid);
  text += samples_blocks("sample", problem.test);
  text += kStyle;
  text += fmt::format(
      "set label 1 {} at graph 0, graph 1.015 offset 0, character 2.6 font ',{}' tc rgb '#202020'\n",
      gnuplot_string(title), svg ? 18 : 21);
  text += fmt::format("set xlabel 'feature 1'\nset ylabel 'feature 2'\nset cblabel {}\n",
                      gnuplot_string("probability of " + class_name(problem, 1)));
  text += fmt::format("plot [{}:{}] [{}:{}] $grid with image notitle", x.low, x.high, y.low, y.high);
  text += ", \\\n  $half with lines lw 2.5 lc rgb '#303030' title 'probability 0.5'";
  text += point_layers("sample0", class_name(problem, 0), 7, "#0072b2", 0.7);
  text += point_layers("sample1", class_name(problem, 1), 9, "#d55e00", 0.88);
  return text + "\n";
}

}  // namespace

void require_plottable(const std::string& path) {
  if (!path.ends_with(".svg") && !path.ends_with(".png")) {
    throw UserError(fmt::format("--plot: '{}' ends neither in .svg nor in .png", printable_path(path)));
  }
  if (!gnuplot_is_installed()) {
    throw UserError("--plot: gnuplot is not installed (Debian: gnuplot-nox)");
  }
  require_writable("--plot", path);
}

void draw_boundary(const std::string& path, const Problem& problem, const RunResult& result) {
  std::string picture;
  try {
    picture = gnuplot_output(script(path, problem, result));
  } catch (const GnuplotError& error) {
    throw UserError(fmt::format("--plot: gnuplot failed: {}", error.what()));
  }
  const bool complete =
      path.ends_with(".svg") ? picture.find("</svg>") != std::string::npos : picture.starts_with("\x89PNG");
  if (!complete) throw UserError("--plot: gnuplot failed: the picture is not complete");
  write_file("--plot", path, picture);
}

}  // namespace mlpbench
