#include "bench/report/reports.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "bench/compare/outputs.h"
#include "bench/report/facts.h"
#include "bench/report/groups.h"
#include "support/atomic_file.h"
#include "support/escape.h"
#include "support/text.h"

namespace mlpbench {
namespace {

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
    write_file("report.html", files.html, html_report(input));
  }
  if (!files.markdown.empty()) write_file("report.md", files.markdown, markdown_report(input));
}

std::string console_report(const ReportInput& input, const Terminal& terminal) {
  const Document& document = input.document;
  const std::size_t width = std::min<std::size_t>(terminal.columns, 110);
  std::string text;
  const auto add_lines = [&](const std::string& lines) { text += wrapped(lines, width, "  ") + "\n"; };
  const auto add_table = [&](const std::string& title, const Table& table) {
    if (table.empty()) return;
    std::vector<std::string> same;
    add_lines(title);
    text += table.varying(same).console(terminal);
    if (!same.empty()) add_lines("in every row: " + shown(listed(same)));
    text += "\n";
  };
  const std::string result = shown(verdict(document));
  const auto add_verdict = [&] {
    const std::size_t word = result.find(':');
    const std::string lines = wrapped(result, width);
    text += painted(lines.substr(0, word), result.starts_with("CORRECT") ? "good" : "bad", terminal) +
            lines.substr(word) + "\n";
  };
  if (const Table summary = summary_table(document); !summary.empty()) {
    add_table("Fastest of each experiment", summary);
    add_verdict();
    text += "\n";
  }
  for (const Group& group : groups_of(document)) {
    add_table(fmt::format("{} ({})", shown(group.title()), shown(group.base_text())), backend_table(group));
  }
  add_table("What the backends execute", isa_table(document));
  const std::vector<std::string> notes = case_notes(document);
  for (const std::string& note : notes) add_lines(shown(note));
  if (!notes.empty()) text += "\n";
  add_table("Time to accuracy, over all seeds: median [lowest, highest]", target_table(document));
  add_table("Optimisers, each tuned alike, over all seeds: median [lowest, highest]",
            optimiser_table(document));
  add_table("Where a second thread begins to pay", crossover_table(document));
  add_table("What the one order of all sums costs", determinism_table(document));
  add_table(kSimulatedTitle, simulated_ranks_table(document));
  text += wrapped(how_to_read(document), width) + "\n\n";
  for (const std::string& warning : warnings(document)) add_lines("! " + shown(warning));
  if (input.change) text += compare_console(*input.change, terminal);
  add_verdict();
  return text;
}

}  // namespace mlpbench
