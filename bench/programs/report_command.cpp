#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "backends/registry.h"
#include "bench/programs/commands.h"
#include "bench/report/reports.h"
#include "bench/results/speeds.h"
#include "support/atomic_file.h"
#include "support/gnuplot.h"
#include "support/standard_output.h"

namespace mlpbench {

namespace {

struct ReportValues {
  std::string results, baseline, base, html, markdown, output;
};

/// That of a run's folder, or the file itself.
std::string results_file(const std::string& path) {
  return std::filesystem::is_directory(path) ? (std::filesystem::path(path) / "results.json").string() : path;
}

int write_or_print(const ReportValues& v, StandardOutput& output) {
  if (is_standard_output(v.html) && is_standard_output(v.markdown))
    throw UserError("--md: --html has stdout");
  ReportFiles files = v.output.empty() ? ReportFiles{} : report_files("--output", v.output);
  if (!v.html.empty()) files.html = v.html;
  if (!v.markdown.empty()) files.markdown = v.markdown;
  for (const auto& [option, file] : {std::pair{"--html", &v.html}, {"--md", &v.markdown}}) {
    if (!file->empty() && !is_standard_output(*file)) require_writable(option, *file);
  }

  Document document = read_document(results_file(v.results));
  if (!v.base.empty()) set_speeds("--base", std::string(meant_backend(v.base)), document);
  const ReportInput input = report_input(std::move(document), v.baseline);
  if (files.html.empty() && files.markdown.empty()) {
    output.print([&] { fmt::print("{}", console_report(input)); });
    return kExitOk;
  }
  const bool page = is_standard_output(files.html), shown = page || is_standard_output(files.markdown);
  if (shown) {
    output.print([&] {
      fmt::print("{}", page ? html_report(input, gnuplot_is_installed()) : markdown_report(input));
    });
    (page ? files.html : files.markdown).clear();
  }
  write_reports(input, files);
  if (shown) return kExitOk;
  output.print([&] {
    for (const std::string& file : {files.html, files.markdown}) {
      if (!file.empty()) fmt::print("{}\n", file);
    }
  });
  return kExitOk;
}

}  // namespace

Command report_command(CLI::App& app) {
  const auto v = std::make_shared<ReportValues>();
  CLI::App* command =
      app.add_subcommand("report", "write the reports of a results.json again, or print its table");
  command->add_option("RESULTS", v->results, "results.json of a run, or its folder")->required();
  const auto option = [&](const char* name, std::string& value, const char* type, const char* about) {
    command->add_option(name, value, about)->type_name(type);
  };
  option("--baseline", v->baseline, "FILE", "results.json of before: say what changed");
  option("--base", v->base, "NAME", "backend that speeds are ratios to (the run's)");
  option("--html", v->html, "FILE", "write the page with all figures");
  option("--md", v->markdown, "FILE", "write the report for a step summary or a comment");
  option("--output", v->output, "FOLDER", "write report.html and report.md there");
  command->footer(
      "Without --html, --md and --output the table is printed; FILE - is stdout. Exit codes: 0 ok, 2 usage.");
  return {command, [v](StandardOutput& output) { return write_or_print(*v, output); }};
}

}  // namespace mlpbench
