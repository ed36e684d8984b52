#pragma once

#include <string>
#include <string_view>

#include "bench/report/html.h"

namespace mlpbench {

/// What a mark in a plot is for. Which colour that is, the page's style says, for each colour scheme: plots
/// are drawn in stand-ins that svg.cpp turns into classes.
enum class Ink { text, muted, grid, band, contour, class0, class1, s1, s2, s3, s4, s5, s6 };

/// The stand-in as gnuplot takes it: "#01000c".
std::string stand_in(Ink ink);

/// Writes gnuplot's SVG into a page: only the elements and attributes that draw, colours as classes "s-",
/// "f-" and "c-" with the ink's name (stroke, fill, colour of a marker), markers as references to
/// markers.svg, no ids, no styles, no outside reference. `label` says what the picture shows. Throws
/// std::runtime_error for what is not SVG of gnuplot's kind.
void write_svg(Html& html, const std::string& svg, const std::string& label);

/// A marker by itself, for a legend: gnuplot's point type `type` in `ink`.
void write_marker(Html& html, int type, Ink ink);

}  // namespace mlpbench
