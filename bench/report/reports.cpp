#include "bench/report/reports.h"

#include <filesystem>

#include "support/atomic_file.h"
#include "support/gnuplot.h"
#include "support/text.h"

namespace mlpbench {

ReportInput report_input(Document document, const std::string& baseline) {
  std::optional<CompareResult> change;
  if (!baseline.empty()) change = compare(read_results(baseline), results_of(document), {});
  return {std::move(document), std::move(change)};
}

ReportFiles report_files(const char* option, const std::string& folder) {
  const std::filesystem::path path = folder;
  std::error_code failure;
  std::filesystem::create_directories(path, failure);
  if (failure) throw UserError(std::string(option) + " " + printable(folder, 200) + ": " + failure.message());
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

}  // namespace mlpbench
