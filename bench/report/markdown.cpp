#include <fmt/format.h>

#include <algorithm>

#include "bench/compare/outputs.h"
#include "bench/report/facts.h"
#include "bench/report/groups.h"
#include "bench/report/reports.h"
#include "support/escape.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// A part of the report. Parts with a high rank go first when the whole is too long; rank 0 stays.
struct Part {
  std::string text;
  int rank = 0;
  std::string instead = "";  ///< stands in its place then
};

std::string escaped(const std::string& text) { return markdown_escaped(text, 1000); }

std::string details(const std::string& summary, const std::string& content) {
  std::string title;  // in a block of HTML, where nothing but "[" could begin anything else
  for (const char c : xml_escaped(summary)) title += c == '[' ? "&#91;" : std::string(1, c);
  return fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", title, content);
}

/// Between fences that are longer than any in the text.
std::string code_block(const std::string& text) {
  std::string fence = "```";
  while (text.find(fence) != std::string::npos) fence += '`';
  return fmt::format("{}\n{}\n{}\n", fence, printable_lines(text), fence);
}

/// At most so many rows, as wide as GitHub shows, and what all rows have in common.
std::string shown(const Table& table, std::size_t most) {
  std::vector<std::string> same;
  const std::string text = table.varying(same).fitted(kMarkdownWidth).markdown(most);
  return same.empty() ? text : text + "\nIn every row: " + escaped(listed(same)) + "\n";
}

std::string bullets(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += "- " + escaped(line) + "\n";
  return text;
}

/// What stands in the place of a part that is left out.
std::string elsewhere(const char* part) {
  return fmt::format("{} is left out here: results.json and report.html have it.\n\n", part);
}

Part what_changed(const CompareResult& change) {
  const std::string head = fmt::format("## What changed\n\n**{}**\n\n",
                                       escaped(compare_verdict(change) + largest_changes(change)));
  const Table changed = compare_table(change, Shown::changed),
              open = compare_table(change, Shown::inconclusive);
  return {head + compare_counts_table(change).markdown() + "\n" +
              (changed.empty() ? "" : shown(changed, 40) + "\n") +
              (open.empty() ? "" : details("Inconclusive cases", shown(open, 100))) +
              details("How to read the change", escaped(compare_how_to_read(change)) + "\n"),
          1, head};
}

/// The warnings are open, the rest is a fold.
Part machine_part(const Document& document) {
  std::string text, lines = bullets(machine_lines(document));
  for (const std::string& warning : warnings(document)) text += "- **⚠ " + escaped(warning) + "**\n";
  if (const std::string unknown = unknowns(document); !unknown.empty()) {
    lines += "- The system does not say: " + escaped(unknown) + ".\n";
  }
  return {text + (text.empty() ? "" : "\n") + details("Machine and build", lines), 2,
          elsewhere("Machine and build")};
}

/// The tables of the studies, each in a fold.
void add_studies(const Document& document, std::vector<Part>& parts) {
  const auto add = [&](const Table& table, const char* title, const char* about, std::size_t most, int rank,
                       const char* name) {
    if (table.empty()) return;
    parts.push_back(
        {details(title, fmt::format("{}\n\n{}", about, shown(table, most))), rank, elsewhere(name)});
  };
  add(target_table(document), "Time to accuracy", kTargetNote, 100, 2, "Time to accuracy");
  add(optimiser_table(document), "Optimisers", kOptimiserNote, 100, 3, "The table of optimisers");
  add(scaling_table(document), "Threads",
      "Speed-up against one thread of the same round, median [lowest, highest]; the ceilings are what the "
      "probes gain. \\*: without the parallel threshold.",
      100, 4, "The table of threads");
  add(crossover_table(document), "Where a second thread begins to pay",
      "Speed-up of a shared step against the serial one beside it, median [lowest, highest].", 200, 4,
      "The sweeps of sizes");
  add(determinism_table(document), "What the one order of all sums costs",
      "Seconds of a step; fixed order: the same bits on any number of threads; free order: gradients added "
      "as they come.",
      100, 4, "The table of determinism");
  add(simulated_ranks_table(document), kSimulatedTitle, kSimulatedNote, 200, 4,
      "The table of simulated ranks");
}

/// What is read by few, each behind a line that opens it.
void add_folds(const Document& document, std::vector<Part>& parts) {
  const auto fold = [&](const char* title, const std::string& content, int rank, std::string instead = "") {
    parts.push_back({details(title, content), rank, std::move(instead)});
  };
  fold("Method and how to read the tables",
       escaped(how_to_read(document)) + "\n\n" + bullets(method_sentences(document)), 5);
  fold("The twelve rules of scientific benchmarking", rules_table(document, "what", "fact").markdown(), 6);
  if (const Table cases = details_table(document); !cases.empty()) {
    fold("All cases: rounds, extremes, why each stopped", shown(cases, 150), 8,
         elsewhere("The table of all cases"));
  }
  if (document.roofline && !document.roofline->points.empty()) {
    fold("Roofline", shown(operation_table(*document.roofline), 100), 9);
  }
  std::string facts;
  const Table provenance = provenance_table(document);
  for (const auto& [cells, remark] : provenance.rows()) {
    facts += fmt::format("- {} {}: {}\n", cells[0].text, escaped(cells[1].text), escaped(cells[2].text));
  }
  fold("Full provenance", facts, 7, elsewhere("Provenance"));
  const std::string& config = document.selection.config;
  fold("Reproduce",
       code_block(reproduce_commands(document)) +
           (config.empty() ? "" : "\nThe settings in full:\n\n" + code_block(config)),
       6);
}

/// Leaves parts out, the highest rank and among equals the last one first, until the rest fits.
std::string fitted(std::vector<Part> parts) {
  std::size_t size = 0;
  for (const Part& part : parts) size += part.text.size();
  while (size > kMaxMarkdownBytes) {
    const auto last = std::max_element(parts.rbegin(), parts.rend(),
                                       [](const Part& a, const Part& b) { return a.rank < b.rank; });
    if (last->rank == 0) break;
    size = size - last->text.size() + last->instead.size();
    *last = {last->instead, 0, ""};
  }
  std::string text;
  for (const Part& part : parts) text += part.text;
  return text;
}

}  // namespace

std::string markdown_report(const ReportInput& input) {
  const Document& document = input.document;
  std::vector<Part> parts = {{"# mlpbench: backends compared\n\n"}};
  if (input.change) parts.push_back(what_changed(*input.change));
  parts.push_back({fmt::format("**{}**\n\n", escaped(verdict(document)))});
  if (const Table summary = summary_table(document); !summary.empty()) {
    parts.push_back({"## Fastest of each experiment\n\n" + shown(summary, 30) + "\n", 1});
  }
  for (const Group& group : groups_of(document)) {
    const Table table = backend_table(group);
    if (table.empty()) continue;
    parts.push_back(
        {details(group.title(), fmt::format("{}.\n\n{}", escaped(group.base_text()), shown(table, 200))), 3,
         elsewhere("A table of backends")});
  }
  if (const Table executes = isa_table(document); !executes.empty())
    parts.push_back({details("What the backends execute", executes.markdown(50)), 4});
  if (const std::string notes = bullets(case_notes(document)); !notes.empty())
    parts.push_back({notes + "\n", 2});
  add_studies(document, parts);
  parts.push_back(machine_part(document));
  add_folds(document, parts);
  parts.push_back({"Every number of every round is in results.json; report.html has the figures.\n"});
  return fitted(std::move(parts));
}

}  // namespace mlpbench
