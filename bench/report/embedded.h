#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "bench/report/html.h"
#include "bench/results/document.h"

namespace mlpbench {

// Files that CMake embeds (cmake/embed.cmake).
extern const Literal kPageStyle;   ///< page.css
extern const Literal kPageScript;  ///< page.js
extern const Literal kMarkers;     ///< markers.svg: the shapes of gnuplot's point types, once a page

/// What of the results goes into the page itself.
struct Embedded {
  nlohmann::ordered_json json;  ///< null where even the least is too large
  std::string note;             ///< what it is, and what was left out
};

/// All of the document where it has at most so many bytes; else without the longest lists, until it has.
Embedded embedded_results(const Document& document, std::size_t most_bytes);

/// The page's content security policy: nothing from outside, and of style and script only what this program
/// wrote, by its SHA-256.
std::string content_security_policy();

}  // namespace mlpbench
