#include <fmt/format.h>

#include <functional>

#include "bench/compare/outputs.h"
#include "bench/report/embedded.h"
#include "bench/report/facts.h"
#include "bench/report/figures.h"
#include "bench/report/groups.h"
#include "bench/report/page_elements.h"
#include "bench/report/page_parts.h"
#include "bench/report/reports.h"
#include "bench/report/rules.h"
#include "bench/report/tables.h"
#include "bench/report/words.h"

namespace mlpbench {
namespace {

/// What comes after the results that the page holds: its script and its end.
constexpr std::size_t kRestBytes = 10'000;

/// A section of the page: where the contents point to, its heading, and what it holds.
struct Section {
  Literal id, title;
  std::function<void(PageElements&, const ReportInput&)> write;
};

void write_summary(PageElements& page, const ReportInput& input) {
  page.table(summary_grid(input.document), "Fastest backend of each experiment", "sortable");
  page.figure(speed_figure(input.document));
}

void write_backends(PageElements& page, const ReportInput& input) {
  for (const Group& group : groups_of(input.document)) {
    page.html().element("h3", group.title());
    page.paragraph(group.base_text() + ".");
    page.table(backend_grid(group), group.title(), "sortable");
  }
  page.html().element("p", {{"class", "note"}}, how_to_read(input.document));
}

void write_correctness(PageElements& page, const ReportInput& input) {
  const Document& document = input.document;
  page.html().element("h3", "Distance from the reference");
  page.paragraph(
      "The largest distance of any loss, weight or output, of what is allowed. A case beyond it has no "
      "speed.");
  page.table(parity_grid(document), "Largest distance from the reference", "");
  page.html().element("h3", "Quality over seeds");
  page.figure(accuracy_figure(document));
  std::vector<std::pair<std::string, Grid>> seeds;
  for (const Group& group : groups_of(document)) seeds.emplace_back(group.name, seeds_grid(group));
  page.fold("Values of each seed", seeds, "");
  for (const Group& group : groups_of(document)) {
    const ReportCase* best = group.fastest();
    if (best == nullptr || best->confusion.size() < 3 || best->confusion.size() > 40) continue;
    page.html().element("h3", fmt::format("Confusion matrix of {}", group.name));
    page.table(confusion_grid(*best), "Confusion matrix of " + group.name, "heat");
    page.paragraph(fmt::format(
        "Held-out samples of each true class (row) by predicted class (column), {} {}: darker is a "
        "larger part of the row. All off the diagonal are mistakes.",
        best->backend, best->dtype));
  }
}

void write_convergence(PageElements& page, const ReportInput& input) {
  page.figure(loss_figure(input.document));
  page.fold("Losses at the ends of the curves", curve_grid(input.document), "sortable");
}

void write_targets(PageElements& page, const ReportInput& input) {
  page.figure(target_figure(input.document));
  page.table(target_grid(input.document), "Time to accuracy", "sortable");
  if (!input.document.time_to_accuracy.empty()) {
    page.paragraph(
        "Median [lowest, highest] over all seeds; a seed that did not reach the target counts as ∞.");
  }
}

void write_boundaries(PageElements& page, const ReportInput& input) {
  if (input.document.boundaries.empty()) page.none("The results have no plane to draw.");
  for (const BoundaryFact& plane : input.document.boundaries) {
    page.html().element("h3", plane.experiment);
    page.figure(boundary_figure(plane), "panels small");
  }
  page.table(boundary_grid(input.document), "Largest difference of the probabilities", "");
}

void write_rounds(PageElements& page, const ReportInput& input) {
  page.figure(rounds_figure(input.document));
  page.fold("All cases: rounds, extremes, why each stopped", details_grid(input.document), "sortable");
}

void write_roofline(PageElements& page, const ReportInput& input) {
  page.figure(roofline_figure(input.document));
  if (!input.document.roofline) return;
  page.fold("Operations", operation_grid(*input.document.roofline), "sortable");
  page.fold("Bandwidth of each level of memory", bandwidth_grid(*input.document.roofline), "");
  page.fold("Peaks of the instruction sets", peak_grid(*input.document.roofline), "");
}

void write_scaling(PageElements& page, const ReportInput& input) {
  page.figure(scaling_figure(input.document), "panels small");
  page.fold("Threads, with every setting", scaling_grid(input.document), "sortable");
}

void write_change(PageElements& page, const ReportInput& input) {
  if (!input.change) {
    page.none("No baseline was given: mlpbench report RESULTS --baseline BASE compares with one.");
    return;
  }
  const std::string verdict = compare_verdict(*input.change);
  page.verdict(verdict.substr(0, verdict.find(':')), verdict, input.change->exit_code() == 0);
  page.table(compare_counts_grid(*input.change), "Verdicts", "");
  page.figure(change_figure(*input.change));
  page.table(compare_grid(*input.change, false), "Cases that changed", "sortable");
  page.fold("All cases against the baseline", compare_grid(*input.change, true), "sortable");
  page.paragraph(compare_how_to_read(*input.change));
}

void write_method(PageElements& page, const ReportInput& input) {
  page.bullets(method_sentences(input.document), "plain");
  page.html().element("h3", "The twelve rules of scientific benchmarking");
  page.paragraph(
      "After Hoefler and Belli (2015), held against these results by the program that wrote this page.");
  Grid grid;
  grid.add_column("rule");
  for (const char* title : {"kept", "what it asks", "what the results have"}) grid.add_left(title);
  int number = 0;
  for (const RuleCheck& check : check_rules(input.document)) {
    const char* tone = check.state == RuleCheck::State::kept     ? "good"
                       : check.state == RuleCheck::State::broken ? "bad"
                                                                 : "";
    grid.add_row({std::to_string(++number),
                  {sign_of(check.state), kUnsorted, tone},
                  {check.rule, kUnsorted, "wrap"},
                  {check.fact, kUnsorted, "wrap"}});
  }
  page.table(grid, "The twelve rules", "");
}

void write_provenance(PageElements& page, const ReportInput& input) {
  page.bullets(machine_lines(input.document), "plain");
  page.bullets(warnings(input.document), "warnings");
  if (const std::string unknown = unknowns(input.document); !unknown.empty()) {
    page.paragraph("The system does not say: " + unknown + ".");
  }
  page.fold("Every fact", provenance_grid(input.document), "facts");
}

void write_reproduce(PageElements& page, const ReportInput& input) {
  std::string commands;
  for (const std::string& command : reproduce_commands(input.document)) commands += command + "\n";
  page.block(commands);
  if (!input.document.config.empty()) {
    page.html().element("h3", "The settings in full");
    page.block(input.document.config);
  }
  page.html().element("h3", "The numbers");
  const std::size_t written = page.html().page().size() + kRestBytes;
  const std::size_t room = written < kMaxPageBytes ? kMaxPageBytes - written : 0;
  const Embedded embedded = embedded_results(input.document, room);
  page.paragraph(embedded.note);
  { const auto place = page.html().scope("p", {{"id", "download"}}); }
  if (embedded.json.is_null()) return;
  const auto script = page.html().scope("script", {{"type", "application/json"}, {"id", "results"}});
  page.html().json(embedded.json);
}

const std::vector<Section>& sections() {
  static const std::vector<Section> kSections = {
      {"summary", "Summary", write_summary},
      {"backends", "Backends", write_backends},
      {"correctness", "Correctness and quality", write_correctness},
      {"convergence", "Convergence", write_convergence},
      {"targets", "Time to accuracy", write_targets},
      {"boundaries", "Decision boundaries", write_boundaries},
      {"rounds", "Throughput of every round", write_rounds},
      {"roofline", "Roofline", write_roofline},
      {"threads", "Threads", write_scaling},
      {"change", "Change against a baseline", write_change},
      {"method", "Method", write_method},
      {"machine", "Machine, build, data", write_provenance},
      {"reproduce", "Reproduce", write_reproduce},
  };
  return kSections;
}

void write_head(Html& html) {
  const auto head = html.scope("head");
  html.lone("meta", {{"charset", "utf-8"}});
  html.lone("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", content_security_policy()}});
  html.lone("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.lone("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  html.element("title", "mlpbench: backends compared");
  const auto style = html.scope("style");
  html.literal(kPageStyle);
}

void write_contents(Html& html) {
  const auto nav = html.scope("nav", {{"class", "contents"}, {"aria-label", "Contents"}});
  const auto list = html.scope("ol");
  for (const Section& section : sections()) {
    const auto item = html.scope("li");
    const auto link = html.scope("a", {{"href", "#" + std::string(section.id.view())}});
    html.literal(section.title);
  }
}

void write_top(PageElements& page, const ReportInput& input, bool draw) {
  const Document& document = input.document;
  const auto top = page.html().scope("header", {{"class", "top"}});
  page.html().element("h1", "mlpbench: backends compared");
  const std::string text = verdict(document);
  page.verdict(text.substr(0, text.find(':')), text, text.starts_with("RIGHT"));
  page.html().element(
      "p", {{"class", "meta"}},
      fmt::format("{}, commit {}. {}", document.command.empty() ? "unknown command" : document.command,
                  commit_of(document), machine_lines(document).front()));
  if (const std::vector<std::string> all = warnings(document); !all.empty()) {
    page.bullets(all, "warnings");
  }
  if (!draw)
    page.none("gnuplot was not found when this page was written: it has the tables and none of the figures.");
}

}  // namespace

std::string html_report(const ReportInput& input, bool draw) {
  Html html;
  html.literal("<!DOCTYPE html>\n<html lang=\"en\">\n");
  write_head(html);
  {
    const auto body = html.scope("body");
    write_marker_definitions(html);
    const auto layout = html.scope("div", {{"class", "layout"}});
    write_contents(html);
    const auto main = html.scope("main");
    PageElements page(html, draw);
    write_top(page, input, draw);
    for (const Section& section : sections()) {
      const auto part = html.scope("section", {{"id", std::string(section.id.view())}});
      {
        const auto heading = html.scope("h2");
        html.literal(section.title);
      }
      section.write(page, input);
    }
    html.element("footer", "Written by mlpbench report from results.json, and from nothing else.");
    const auto script = html.scope("script");
    html.literal(kPageScript);
  }
  html.literal("</html>\n");
  return html.page();
}

}  // namespace mlpbench
