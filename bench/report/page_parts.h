#pragma once

#include "bench/report/html.h"

namespace mlpbench {

// Files that CMake embeds (cmake/embed.cmake).

extern const Literal kPageStyle;   ///< page.css
extern const Literal kPageScript;  ///< page.js
extern const Literal kMarkers;     ///< markers.svg: the shapes of gnuplot's point types, once a page

}  // namespace mlpbench
