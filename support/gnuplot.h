#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace mlpbench {

/// gnuplot could not draw: the first line of what it said.
struct GnuplotError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

bool gnuplot_is_installed();

/// What gnuplot writes to its standard output for a script, without the user's own settings. GnuplotError
/// when it ends with an error.
std::string gnuplot_output(const std::string& script);

/// A string of gnuplot, at most `limit` bytes of the text: in single quotes nothing is special but the quote.
std::string gnuplot_string(std::string_view text, std::size_t limit = 60);

}  // namespace mlpbench
