#pragma once

#include <string>

#include "bench/compare/compare.h"
#include "bench/results/document.h"
#include "support/terminal.h"

namespace mlpbench {

inline constexpr std::size_t kMaxMarkdownBytes = 60'000;

/// What the page aims at: the results that it holds are shortened to that end. Tables and figures alone may
/// be more.
inline constexpr std::size_t kMaxPageBytes = 1'450'000;

/// What the reports are made of. The same document gives the same bytes.
struct ReportInput {
  Document document;
  std::optional<CompareResult> change;  ///< against a baseline, where there is one
};

/// The baseline's path may be empty. UserError as read_results().
ReportInput report_input(Document document, const std::string& baseline);

/// Paths of the reports; an empty one is not written.
struct ReportFiles {
  std::string html, markdown;
};

/// report.html and report.md in `folder`, which is made. UserError when they could not be written now.
ReportFiles report_files(const char* option, const std::string& folder);

void write_reports(const ReportInput& input, const ReportFiles& files);

/// A line for each experiment and the verdict, a table for each, how to read them, the verdict again. The
/// last line is what a terminal shows.
std::string console_report(const ReportInput& input, const Terminal& terminal = {});

/// results/report.md: GitHub's Markdown of at most kMaxMarkdownBytes. What does not fit is left out, the
/// least important part first, and its place says so.
std::string markdown_report(const ReportInput& input);

/// results/report.html: one file without an outside reference.
std::string html_report(const ReportInput& input);

}  // namespace mlpbench
