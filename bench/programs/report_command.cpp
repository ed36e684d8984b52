#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "backends/registry.h"
#include "bench/programs/commands.h"
#include "bench/programs/output_files.h"
#include "bench/report/reports.h"
#include "bench/results/csv.h"
#include "bench/results/speeds.h"

namespace mlpbench {

namespace {

constexpr OutputFiles<ReportInput>::File kReports[] = {
    {"--html", "write the page with all figures", html_report},
    {"--md", "write the report for a step summary or a comment", markdown_report},
    {"--csv", "write a row for each case and round",
     [](const ReportInput& input) { return csv_of(input.document); }},
};

struct ReportValues {
  std::string results, baseline, base, output;
  OutputFiles<ReportInput> files{kReports};
  TerminalOptions terminal;
};

/// That of a run's folder, or the file itself.
std::string results_file(const std::string& path) {
  return std::filesystem::is_directory(path) ? (std::filesystem::path(path) / "results.json").string() : path;
}

int write_or_print(const ReportValues& v, StandardOutput& output) {
  const ReportFiles folder = v.output.empty() ? ReportFiles{} : report_files("--output", v.output);
  v.files.require_writable();
  Document document = read_document(results_file(v.results));
  if (!v.base.empty()) set_speeds("--base", std::string(meant_backend(v.base)), document);
  const ReportInput input = report_input(std::move(document), v.baseline);
  const std::optional<std::string> shown = v.files.write(input);
  write_reports(input, folder);
  std::vector<std::string> written = v.files.written();
  if (!v.output.empty()) written.insert(written.begin(), {folder.html, folder.markdown});
  output.print([&] {
    if (shown) return fmt::print("{}", *shown);
    if (written.empty()) fmt::print("{}", console_report(input, v.terminal.standard_output()));
    for (const std::string& file : written) fmt::print("{}\n", file);
  });
  return kExitOk;
}

}  // namespace

Command report_command(CLI::App& app) {
  const auto v = std::make_shared<ReportValues>();
  CLI::App* command = app.add_subcommand("report", "write the reports of a results.json, or print it");
  command->add_option("RESULTS", v->results, "results.json of a run, or its folder")->required();
  const auto option = [&](const char* name, std::string& value, const char* type, const char* about) {
    command->add_option(name, value, about)->type_name(type);
  };
  option("--baseline", v->baseline, "FILE", "results.json of before: say what changed");
  option("--base", v->base, "NAME", "backend that speeds are ratios to (the run's)");
  v->files.add_to(*command, "Options");
  option("--output", v->output, "FOLDER", "write report.html and report.md there");
  v->terminal.add_to(*command, "Options");
  command->footer(
      "Without a file or folder to write the tables are printed; FILE - is stdout.\n"
      "Exit codes: 0 ok, 2 wrong usage or file.");
  return {command, [v](StandardOutput& output) { return write_or_print(*v, output); }};
}

}  // namespace mlpbench
