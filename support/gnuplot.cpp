#include "support/gnuplot.h"

#include "support/child_process.h"
#include "support/text.h"

namespace mlpbench {
namespace {

std::string first_message(std::string_view text) {
  const std::size_t start = text.find_first_not_of(" \n\t");
  if (start == std::string_view::npos) return "no message";
  text.remove_prefix(start);
  return printable(text.substr(0, text.find('\n')), 200);
}

}  // namespace

bool gnuplot_is_installed() { return is_installed("gnuplot"); }

std::string gnuplot_output(const std::string& script) {
  // -d: without the user's own settings.
  ChildResult gnuplot = run_child({"gnuplot", "-d", "-"}, script);
  if (gnuplot.exit_code != 0) throw GnuplotError(first_message(gnuplot.errors));
  return std::move(gnuplot.output);
}

std::string gnuplot_string(std::string_view text, std::size_t limit) {
  std::string result = "'";
  for (const char c : printable(text, limit)) result += c == '\'' ? "''" : std::string(1, c);
  return result + "'";
}

}  // namespace mlpbench
