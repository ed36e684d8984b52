#include "bench/report/reports.h"

#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "bench/compare/outputs.h"
#include "bench/report/facts.h"
#include "bench/report/groups.h"
#include "support/atomic_file.h"
#include "support/escape.h"
#include "support/gnuplot.h"
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

std::string shown(const std::string& text) { return printable(text, 500); }

}  // namespace

ReportInput report_input(Document document, const std::string& baseline) {
  std::optional<CompareResult> change;
  if (!baseline.empty()) change = compare(read_results(baseline), results_of(document), {});
  return {std::move(document), std::move(change)};
}

ReportFiles report_files(const char* option, const std::string& folder) {
  const std::filesystem::path path = folder;
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (failure) throw UserError(std::string(option) + " " + printable_path(folder) + ": " + failure.message());
  ReportFiles files{path / "report.html", path / "report.md"};
  require_writable(option, files.html);
  require_writable(option, files.markdown);
  return files;
}

void write_reports(const ReportInput& input, const ReportFiles& files) {
  if (!files.html.empty()) {
    write_file("report.html", files.html, html_report(input, gnuplot_is_installed()));
  }
  if (!files.markdown.empty()) write_file("report.md", files.markdown, markdown_report(input));
}

std::string console_report(const ReportInput& input) {
  const Document& document = input.document;
  std::string text;
  for (const Group& group : groups_of(document)) {
    const Table table = backend_table(group, Width::terminal);
    if (table.empty()) continue;
    text += fmt::format("{} ({})\n{}\n", shown(group.title()), shown(group.base_text()), table.console());
  }
  std::set<std::string> seen;
  for (const ReportCase& row : document.cases) {
    const std::string line = fmt::format("{} executes {}\n", shown(row.backend), shown(row.record().isa));
    if (!row.record().isa.empty() && seen.insert(line).second) text += line;
  }
  for (const std::string& note : case_notes(document)) text += wrapped(shown(note), 110, "  ") + "\n";
  if (!document.cases.empty()) text += "\n";
  const auto add_study = [&](const char* title, const Table& table) {
    if (!table.empty()) text += fmt::format("{}\n{}\n", title, table.console());
  };
  add_study("Time to accuracy, over all seeds: median [lowest, highest]", target_table(document));
  add_study("Optimisers, each tuned alike, over all seeds: median [lowest, highest]",
            optimiser_table(document));
  add_study("Where a second thread begins to pay", crossover_table(document));
  add_study("What the one order of all sums costs", determinism_table(document));
  add_study(kSimulatedTitle, simulated_ranks_table(document));
  text += wrapped(how_to_read(document), 110) + "\n\n";
  for (const std::string& warning : warnings(document))
    text += "! " + wrapped(shown(warning), 108, "  ") + "\n";
  if (input.change) text += compare_console(*input.change);
  return text + shown(verdict(document)) + "\n";
}

}  // namespace mlpbench
