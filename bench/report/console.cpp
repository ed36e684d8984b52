#include <fmt/format.h>

#include <algorithm>

#include "bench/compare/outputs.h"
#include "bench/report/facts.h"
#include "bench/report/groups.h"
#include "bench/report/reports.h"
#include "bench/report/tables.h"
#include "support/escape.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// Lines of at most `width` columns, broken at blanks; all but the first begin with `indent`.
std::string wrapped(const std::string& text, std::size_t width, const std::string& indent = "") {
  std::string lines;
  std::size_t start = 0;
  while (text.size() - start > width) {
    const std::size_t blank = text.rfind(' ', start + width);
    if (blank == std::string::npos || blank <= start) break;
    lines += text.substr(start, blank - start) + "\n" + indent;
    start = blank + 1;
  }
  return lines + text.substr(start);
}

std::string shown(const std::string& text) { return printable(utf8(text), 500); }

/// The instruction sets that the backends executed, once each.
std::vector<std::pair<std::string, std::string>> executed_isas(const Document& document) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const ReportCase& row : document.cases) {
    const std::pair<std::string, std::string> executed = {row.backend, row.record().isa};
    if (!row.record().isa.empty() && std::find(all.begin(), all.end(), executed) == all.end())
      all.push_back(executed);
  }
  return all;
}

}  // namespace

std::string console_report(const ReportInput& input) {
  const Document& document = input.document;
  std::string text;
  for (const Group& group : groups_of(document)) {
    text += fmt::format("{} ({})\n{}\n", shown(group.title()), shown(group.base_text()),
                        backend_table(group, Width::terminal).console());
  }
  for (const auto& [backend, isa] : executed_isas(document)) {
    text += fmt::format("{} executes {}\n", shown(backend), shown(isa));
  }
  if (!document.cases.empty()) text += "\n";
  if (const Table targets = target_table(document); !targets.empty()) {
    text += "Time to accuracy, over all seeds: median [lowest, highest]\n" + targets.console() + "\n";
  }
  if (const Table sweeps = crossover_table(document); !sweeps.empty()) {
    text += "Where a second thread begins to pay\n" + sweeps.console() + "\n";
  }
  if (const Table orders = determinism_table(document); !orders.empty()) {
    text += "What the one order of all sums costs\n" + orders.console() + "\n";
  }
  text += wrapped(how_to_read(document), 110) + "\n\n";
  for (const std::string& warning : warnings(document))
    text += "! " + wrapped(shown(warning), 108, "  ") + "\n";
  if (input.change) text += compare_console(*input.change);
  return text + shown(verdict(document)) + "\n";
}

}  // namespace mlpbench
