#include <fmt/format.h>

#include <algorithm>

#include "bench/compare/outputs.h"
#include "bench/report/facts.h"
#include "bench/report/figures.h"
#include "bench/report/groups.h"
#include "bench/report/html.h"
#include "bench/report/reports.h"

namespace mlpbench {
namespace {

/// A part of the page; one that writes nothing is left out.
struct Section {
  const char *id, *title;
  void (*write)(Html& page, const ReportInput& input);
};

void write_change(Html& page, const ReportInput& input) {
  if (!input.change) return;
  page.table(compare_counts_table(*input.change), "Verdicts", "plain");
  page.table(compare_table(*input.change, Shown::changed), "Cases that changed");
  {
    const auto fold = page.fold("All cases against the baseline", true);
    page.table(compare_table(*input.change, Shown::all), "All cases against the baseline");
  }
  if (const Figure figure = change_figure(*input.change, input.document.suite); !figure.empty()) {
    const auto fold = page.fold("All cases against the baseline, drawn", true);
    page.figure(figure);
  }
  page.element("p", {{"class", "note"}}, compare_how_to_read(*input.change));
}

void write_summary(Html& page, const ReportInput& input) {
  page.table(summary_table(input.document), "Fastest backend of each experiment");
  page.figure(speed_figure(input.document));
}

void write_backends(Html& page, const ReportInput& input) {
  const Document& document = input.document;
  for (const Group& group : groups_of(document)) {
    const Table table = backend_table(group);
    if (table.empty()) continue;
    const auto fold = page.fold(group.title());
    page.element("p", {{"class", "note"}}, group.base_text() + ".");
    page.table(table, group.title());
  }
  page.folded("What the backends execute", isa_table(document));
  if (const Figure rounds = rounds_figure(document); !rounds.empty()) {
    const auto fold = page.fold("Throughput of every round");
    page.figure(rounds);
  }
  if (const Table details = details_table(document); !details.empty()) {
    const auto fold = page.fold("All cases: rounds, extremes, why each stopped", true);
    page.table(details, "All cases");
  }
  if (document.cases.empty()) return;
  page.bullets(case_notes(document), "plain");
  page.element("p", {{"class", "note"}}, how_to_read(document));
}

void write_confusion(Html& page, const Group& group) {
  const ReportCase* best = group.fastest();
  if (best == nullptr || best->record().confusion_matrix.size() < 3 ||
      best->record().confusion_matrix.size() > 40)
    return;
  const auto fold = page.fold("Confusion matrix of " + group.name);
  page.table(confusion_table(*best), "Confusion matrix of " + group.name, "heat");
  page.element(
      "p",
      fmt::format("Held-out samples of each true class (row) by predicted class (column), {} {}: darker is a "
                  "larger part of the row. All off the diagonal are mistakes.",
                  best->backend, best->dtype));
}

void write_correctness(Html& page, const ReportInput& input) {
  if (const Table parity = parity_table(input.document); !parity.empty()) {
    const auto fold = page.fold("Largest distance of any loss, weight or output from the reference");
    page.table(parity, "Largest distance from the reference, of what is allowed");
    page.element("p", {{"class", "note"}},
                 "The distance and what is allowed. A case beyond it has no speed.");
  }
  if (const Figure figure = accuracy_figure(input.document); !figure.empty()) {
    const auto fold = page.fold("Quality over seeds");
    page.figure(figure);
  }
  const std::vector<Group> groups = groups_of(input.document);
  const auto has_seeds = [](const Group& group) { return !seeds_table(group).empty(); };
  if (std::ranges::any_of(groups, has_seeds)) {
    const auto fold = page.fold("Values of each seed", true);
    for (const Group& group : groups) {
      if (!has_seeds(group)) continue;
      page.heading("h4", group.name, "seeds-" + group.name);
      page.table(seeds_table(group), "Values of each seed: " + group.name, "plain");
    }
  }
  for (const Group& group : groups) write_confusion(page, group);
}

void write_learning(Html& page, const ReportInput& input) {
  const Document& document = input.document;
  if (const Table targets = target_table(document); !targets.empty()) {
    page.heading("h3", "Time to accuracy", "targets");
    page.figure(target_figure(document));
    page.folded("Time to accuracy of each trainer", targets);
    page.element("p", {{"class", "note"}}, kTargetNote);
  }
  if (const Figure losses = loss_figure(document); !losses.empty()) {
    page.heading("h3", "Convergence");
    const auto fold = page.fold("Losses of each trainer");
    page.figure(losses);
    page.table(curve_table(document), "Losses at the ends of the curves");
  }
  if (const Table optimisers = optimiser_table(document); !optimisers.empty()) {
    page.heading("h3", "Optimisers");
    page.figure(optimiser_figure(document));
    page.folded("Each optimiser and batch", optimisers);
    page.element("p", {{"class", "note"}}, kOptimiserNote);
  }
  if (document.boundaries.empty()) return;
  page.heading("h3", "Decision boundaries", "boundaries");
  page.table(boundary_table(document), "Largest difference of the probabilities");
  for (const BoundaryFact& plane : document.boundaries) {
    const Figure figure = boundary_figure(plane);
    if (figure.empty()) continue;
    const auto fold = page.fold("Plane of " + plane.experiment);
    page.figure(figure);
  }
}

void write_roofline(Html& page, const ReportInput& input) {
  if (!input.document.roofline) return;
  const RooflineFact& roofline = *input.document.roofline;
  page.figure(roofline_figure(input.document));
  page.folded("Bandwidth of each level of memory", bandwidth_table(roofline));
  page.folded("Peaks of the instruction sets", peak_table(roofline));
  if (roofline.points.empty()) return;
  const auto fold = page.fold("Operations", true);
  page.table(operation_table(roofline), "Operations");
}

void write_threads(Html& page, const ReportInput& input) {
  page.figure(scaling_figure(input.document));
  page.folded("Threads, with every setting", scaling_table(input.document));
  page.folded("From which size on a second thread pays", crossover_table(input.document));
  page.folded("What the one order of all sums costs", determinism_table(input.document));
  if (input.document.simulated_ranks.empty()) return;
  page.element("h3", kSimulatedTitle);
  page.element("p", kSimulatedNote);
  page.folded("Simulated steps, beside the cost model", simulated_ranks_table(input.document));
}

void write_method(Html& page, const ReportInput& input) {
  {
    const auto fold = page.fold("How the numbers were made");
    page.bullets(method_sentences(input.document), "plain");
  }
  const auto fold = page.fold("The twelve rules of scientific benchmarking");
  page.element(
      "p", "After Hoefler and Belli (2015), applied to these results by the program that wrote this page.");
  page.table(rules_table(input.document, "what it asks", "what the results have"), "The twelve rules",
             "plain");
}

void write_machine(Html& page, const ReportInput& input) {
  page.bullets(machine_lines(input.document), "plain");
  const std::string unknown = unknowns(input.document);
  if (!unknown.empty()) page.element("p", "The system does not say: " + unknown + ".");
  const auto fold = page.fold("Every fact", true);
  page.table(provenance_table(input.document), "Every fact", "facts");
}

/// What every page has besides its parts, at most.
constexpr std::size_t kStyleAndScriptBytes = 50'000;

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
      if (entry.at("record").is_null()) continue;
      for (const char* key : {"loss_curve", "extra"}) entry["record"].erase(key);
    }
    note =
        "This page holds its numbers, in the element #results of its source: results.json without the losses "
        "of the cases and the numbers of single experiments";
    for (const char* section :
         {"optimisers", "boundaries", "curves", "roofline", "scaling", "time_to_accuracy"}) {
      if (!fits() && !json.value(section, nlohmann::ordered_json()).empty() && json.erase(section) > 0)
        note += fmt::format(", {}", section);
    }
    if (!fits()) {
      note += ", the records of the cases";
      for (nlohmann::ordered_json& entry : json.at("cases")) {
        for (const char* key : {"record", "part_seconds", "over_seeds"}) entry.erase(key);
      }
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
    const auto fold = page.fold("The settings in full", true);
    page.block(input.document.selection.config);
  }
}

constexpr Section kSections[] = {{"change", "What changed", write_change},
                                 {"summary", "Summary", write_summary},
                                 {"backends", "Backends", write_backends},
                                 {"correctness", "Correctness and quality", write_correctness},
                                 {"learning", "Learning", write_learning},
                                 {"roofline", "Roofline", write_roofline},
                                 {"threads", "Threads", write_threads},
                                 {"method", "Method", write_method},
                                 {"machine", "Machine, build, data", write_machine},
                                 {"reproduce", "Reproduce", write_reproduce}};

/// The names that the page's filter knows: backends and precisions.
std::vector<Figure::Mark> filter_names(const Document& document) {
  std::vector<Figure::Mark> names = legend_of_cases(document);
  for (const auto& [dtype, type] : {std::pair{"float32", 7}, {"float64", 6}}) {
    const auto timed = [&, name = dtype](const ReportCase& row) { return row.dtype == name && row.timed(); };
    if (std::ranges::any_of(document.cases, timed)) names.push_back({dtype, {"text", type}});
  }
  return names;
}

void write_top(Html& page, const ReportInput& input) {
  const Document& document = input.document;
  if (input.change) {
    page.verdict(compare_verdict(*input.change) + largest_changes(*input.change),
                 compare_tone(*input.change));
  }
  const std::string text = verdict(document);
  page.verdict(text, text.starts_with("CORRECT") ? "good" : "bad");
  page.element(
      "p", {{"class", "meta"}},
      fmt::format("{}, commit {}. {}", document.command.empty() ? "unknown command" : document.command,
                  commit_of(document), machine_lines(document).front()));
  page.bullets(warnings(document), "warnings");
}

}  // namespace

std::string html_report(const ReportInput& input) {
  Html top;
  write_top(top, input);
  std::vector<PagePart> parts;
  for (const Section& section : kSections) {
    Html content;
    section.write(content, input);
    if (!content.empty()) parts.push_back({section.id, section.title, std::move(content)});
  }
  std::size_t written = top.page().size() + kStyleAndScriptBytes;
  for (const PagePart& part : parts) written += part.content.page().size();
  write_numbers(parts.back().content, input.document, kMaxPageBytes - std::min(written, kMaxPageBytes));
  return whole_page("mlpbench: backends compared", top, parts, filter_names(input.document),
                    "Written by mlpbench report from results.json, and from nothing else.");
}

}  // namespace mlpbench
