#include "bench/programs/report_command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "bench/report/reports.h"
#include "support/atomic_file.h"
#include "support/standard_output.h"

namespace mlpbench {

struct ReportCommand::Values {
  std::string results, baseline, html, markdown, output;
};

ReportCommand::ReportCommand(CLI::App& app) : values_(std::make_unique<Values>()) {
  Values& v = *values_;
  command_ = app.add_subcommand("report", "write the reports of a results.json again, or print its table");
  command_->add_option("RESULTS", v.results, "results.json of a run")->required();
  command_->add_option("--baseline", v.baseline, "results.json of before: say what changed")
      ->type_name("FILE");
  command_->add_option("--html", v.html, "write the page with all figures")->type_name("FILE");
  command_->add_option("--md", v.markdown, "write the report for a step summary or a comment")
      ->type_name("FILE");
  command_->add_option("--output", v.output, "write report.html and report.md there")->type_name("FOLDER");
  command_->footer("Without --html, --md and --output the table is printed. Exit codes: 0 ok, 2 usage.");
}

ReportCommand::~ReportCommand() = default;

bool ReportCommand::parsed() const { return command_->parsed(); }

int ReportCommand::run(StandardOutput& output) const {
  const Values& v = *values_;
  ReportFiles files = v.output.empty() ? ReportFiles{} : report_files("--output", v.output);
  if (!v.html.empty()) files.html = v.html;
  if (!v.markdown.empty()) files.markdown = v.markdown;
  if (!v.html.empty()) require_writable("--html", v.html);
  if (!v.markdown.empty()) require_writable("--md", v.markdown);

  const ReportInput input = report_input(read_document(v.results), v.baseline);
  if (files.html.empty() && files.markdown.empty()) {
    output.print([&] { fmt::print("{}", console_report(input)); });
    return kExitOk;
  }
  write_reports(input, files);
  output.print([&] {
    for (const std::string& file : {files.html, files.markdown}) {
      if (!file.empty()) fmt::print("{}\n", file);
    }
  });
  return kExitOk;
}

}  // namespace mlpbench
