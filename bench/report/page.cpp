#include <fmt/format.h>

#include "bench/compare/outputs.h"
#include "bench/report/facts.h"
#include "bench/report/figures.h"
#include "bench/report/groups.h"
#include "bench/report/html.h"
#include "bench/report/reports.h"

namespace mlpbench {
namespace {

/// A section of the page: where the contents point to, its heading, and what it holds.
struct Section {
  const char *id, *title;
  void (*write)(Html& page, const ReportInput& input);
};

void write_confusion(Html& page, const Group& group) {
  const ReportCase* best = group.fastest();
  if (best == nullptr || best->record().confusion_matrix.size() < 3 ||
      best->record().confusion_matrix.size() > 40)
    return;
  const std::string title = "Confusion matrix of " + group.name;
  page.element("h3", title);
  page.table(confusion_table(*best), title, "heat");
  page.element(
      "p",
      fmt::format("Held-out samples of each true class (row) by predicted class (column), {} {}: darker is a "
                  "larger part of the row. All off the diagonal are mistakes.",
                  best->backend, best->dtype));
}

void write_correctness(Html& page, const ReportInput& input) {
  page.element("h3", "Distance from the reference");
  page.element(
      "p",
      "The largest distance of any loss, weight or output, of what is allowed. A case beyond it has no "
      "speed.");
  page.table(parity_table(input.document), "Largest distance from the reference");
  page.element("h3", "Quality over seeds");
  page.figure(accuracy_figure(input.document));
  const std::vector<Group> groups = groups_of(input.document);
  std::vector<std::pair<std::string, Table>> seeds;
  for (const Group& group : groups) seeds.emplace_back(group.name, seeds_table(group));
  page.fold("Values of each seed", seeds);
  for (const Group& group : groups) write_confusion(page, group);
}

void write_change(Html& page, const ReportInput& input) {
  if (!input.change) {
    return page.none("No baseline was given: mlpbench report RESULTS --baseline BASE compares with one.");
  }
  page.verdict(compare_verdict(*input.change), input.change->exit_code() == 0);
  page.table(compare_counts_table(*input.change), "Verdicts");
  page.figure(change_figure(*input.change, input.document.suite));
  page.table(compare_table(*input.change, false), "Cases that changed", "sortable");
  page.fold("All cases against the baseline", compare_table(*input.change, true), "sortable");
  page.element("p", compare_how_to_read(*input.change));
}

/// The results in the page itself: all of them where they fit into `most` bytes; else without the longest
/// lists, until they do, or none.
void write_numbers(Html& page, const Document& document, std::size_t most) {
  nlohmann::ordered_json json = json_of(document);
  const auto fits = [&] {
    return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace).size() <= most;
  };
  std::string note =
      "This page holds all of its numbers: the element #results of its source is results.json.";
  if (!fits()) {
    for (nlohmann::ordered_json& entry : json.at("cases")) {
      if (!entry.contains("record")) continue;
      for (const char* key : {"loss_curve", "extra"}) entry["record"].erase(key);
    }
    note =
        "This page holds its numbers, in the element #results of its source: results.json without the losses "
        "of the cases and the numbers of single experiments";
    for (const char* section :
         {"optimisers", "boundaries", "curves", "roofline", "scaling", "time_to_accuracy"}) {
      if (!fits() && json.erase(section) > 0) note += fmt::format(", {}", section);
    }
    note += ".";
  }
  const bool held = fits();
  page.element("p", held ? note : "The numbers are too many for this page: results.json has them.");
  { const auto place = page.scope("p", {{"id", "download"}}); }
  if (!held) return;
  const auto script = page.scope("script", {{"type", "application/json"}, {"id", "results"}});
  page.json(json);
}

void write_reproduce(Html& page, const ReportInput& input) {
  page.block(reproduce_commands(input.document));
  if (!input.document.selection.config.empty()) {
    page.element("h3", "The settings in full");
    page.block(input.document.selection.config);
  }
  page.element("h3", "The numbers");
  // The page's script and its end come after the results.
  const std::size_t written = page.page().size() + 10'000;
  write_numbers(page, input.document, written < kMaxPageBytes ? kMaxPageBytes - written : 0);
}

const Section kSections[] = {
    {"summary", "Summary",
     [](Html& page, const ReportInput& input) {
       page.table(summary_table(input.document), "Fastest backend of each experiment", "sortable");
       page.figure(speed_figure(input.document));
     }},
    {"backends", "Backends",
     [](Html& page, const ReportInput& input) {
       for (const Group& group : groups_of(input.document)) {
         const Table table = backend_table(group);
         if (table.empty()) continue;
         page.element("h3", group.title());
         page.element("p", group.base_text() + ".");
         page.table(table, group.title(), "sortable");
       }
       page.bullets(case_notes(input.document), "plain");
       page.element("p", {{"class", "note"}}, how_to_read(input.document));
     }},
    {"correctness", "Correctness and quality", write_correctness},
    {"convergence", "Convergence",
     [](Html& page, const ReportInput& input) {
       page.figure(loss_figure(input.document));
       page.fold("Losses at the ends of the curves", curve_table(input.document), "sortable");
     }},
    {"targets", "Time to accuracy",
     [](Html& page, const ReportInput& input) {
       const Table targets = target_table(input.document);
       page.figure(target_figure(input.document));
       page.table(targets, "Time to accuracy", "sortable");
       if (!targets.empty()) page.element("p", kTargetNote);
     }},
    {"optimisers", "Optimisers",
     [](Html& page, const ReportInput& input) {
       const Table optimisers = optimiser_table(input.document);
       if (optimisers.empty()) return page.none("The results have no study of optimisers.");
       page.figure(optimiser_figure(input.document));
       page.element("p", kOptimiserNote);
       page.table(optimisers, "Optimisers", "sortable");
     }},
    {"boundaries", "Decision boundaries",
     [](Html& page, const ReportInput& input) {
       if (input.document.boundaries.empty()) page.none("The results have no plane to draw.");
       for (const BoundaryFact& plane : input.document.boundaries) {
         page.element("h3", plane.experiment);
         page.figure(boundary_figure(plane), "panels small");
       }
       page.table(boundary_table(input.document), "Largest difference of the probabilities");
     }},
    {"rounds", "Throughput of every round",
     [](Html& page, const ReportInput& input) {
       page.figure(rounds_figure(input.document));
       page.fold("All cases: rounds, extremes, why each stopped", details_table(input.document), "sortable");
     }},
    {"roofline", "Roofline",
     [](Html& page, const ReportInput& input) {
       page.figure(roofline_figure(input.document));
       if (!input.document.roofline) return;
       page.fold("Operations", operation_table(*input.document.roofline), "sortable");
       page.fold("Bandwidth of each level of memory", bandwidth_table(*input.document.roofline));
       page.fold("Peaks of the instruction sets", peak_table(*input.document.roofline));
     }},
    {"threads", "Threads",
     [](Html& page, const ReportInput& input) {
       page.figure(scaling_figure(input.document), "panels small");
       page.fold("Threads, with every setting", scaling_table(input.document), "sortable");
       page.fold("From which size on a second thread pays", crossover_table(input.document), "sortable");
       page.fold("What the one order of all sums costs", determinism_table(input.document), "sortable");
       if (input.document.simulated_ranks.empty()) return;
       page.element("h3", kSimulatedTitle);
       page.element("p", kSimulatedNote);
       page.fold("Simulated steps, beside the cost model", simulated_ranks_table(input.document), "sortable");
     }},
    {"change", "Change against a baseline", write_change},
    {"method", "Method",
     [](Html& page, const ReportInput& input) {
       page.bullets(method_sentences(input.document), "plain");
       page.element("h3", "The twelve rules of scientific benchmarking");
       page.element(
           "p",
           "After Hoefler and Belli (2015), held against these results by the program that wrote this page.");
       page.table(rules_table(input.document, "what it asks", "what the results have"), "The twelve rules");
     }},
    {"machine", "Machine, build, data",
     [](Html& page, const ReportInput& input) {
       page.bullets(machine_lines(input.document), "plain");
       page.bullets(warnings(input.document), "warnings");
       const std::string unknown = unknowns(input.document);
       if (!unknown.empty()) page.element("p", "The system does not say: " + unknown + ".");
       page.fold("Every fact", provenance_table(input.document), "facts");
     }},
    {"reproduce", "Reproduce", write_reproduce},
};

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
  for (const Section& section : kSections) {
    const auto item = html.scope("li");
    html.element("a", {{"href", "#" + std::string(section.id)}}, section.title);
  }
}

void write_top(Html& page, const ReportInput& input, bool draw) {
  const Document& document = input.document;
  const auto top = page.scope("header", {{"class", "top"}});
  page.element("h1", "mlpbench: backends compared");
  const std::string text = verdict(document);
  page.verdict(text, text.starts_with("RIGHT"));
  page.element(
      "p", {{"class", "meta"}},
      fmt::format("{}, commit {}. {}", document.command.empty() ? "unknown command" : document.command,
                  commit_of(document), machine_lines(document).front()));
  page.bullets(warnings(document), "warnings");
  if (!draw)
    page.none("gnuplot was not found when this page was written: it has the tables and none of the figures.");
}

}  // namespace

std::string html_report(const ReportInput& input, bool draw) {
  Html page(draw);
  page.literal("<!DOCTYPE html>\n<html lang=\"en\">\n");
  write_head(page);
  {
    const auto body = page.scope("body");
    page.literal(kMarkers);
    const auto layout = page.scope("div", {{"class", "layout"}});
    write_contents(page);
    const auto main = page.scope("main");
    write_top(page, input, draw);
    for (const Section& section : kSections) {
      const auto part = page.scope("section", {{"id", section.id}});
      page.element("h2", section.title);
      section.write(page, input);
    }
    page.element("footer", "Written by mlpbench report from results.json, and from nothing else.");
    const auto script = page.scope("script");
    page.literal(kPageScript);
  }
  page.literal("</html>\n");
  return page.page();
}

}  // namespace mlpbench
