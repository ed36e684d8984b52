#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "bench/compare/outputs.h"
#include "bench/programs/commands.h"
#include "bench/programs/output_files.h"
#include "experiments/cli/record.h"
#include "support/option_values.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// "digits/.*=0.1"
std::pair<std::string, double> case_threshold(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) {
    throw UserError("--case-threshold: '" + printable(text) + "' is not REGEX=PART");
  }
  return {text.substr(0, equals), parse_positive("--case-threshold", text.substr(equals + 1))};
}

/// Whether a file has no bytes, or ends in a line break.
bool ends_in_line_break(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file || file.tellg() <= 0) return true;
  file.seekg(-1, std::ios::end);
  return file.get() == '\n';
}

/// The summary belongs to the job's other steps as well: appended, never replaced.
void append_step_summary(const std::string& markdown) {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (path == nullptr || *path == '\0') return;
  const bool whole = ends_in_line_break(path);
  std::ofstream file(path, std::ios::app);
  file << (whole ? "" : "\n") << markdown << std::flush;
  if (!file)
    throw UserError(printable_path(path) + ": GITHUB_STEP_SUMMARY names it, and it cannot be written");
}

using Results = std::vector<CompareResult>;  // one a candidate

const CompareResult& only_one(const Results& results, const char* option) {
  if (results.size() > 1) throw UserError(std::string(option) + ": takes one candidate");
  return results.front();
}

std::string markdown_of_all(const Results& results) {
  std::string text = results.size() > 1 ? many_table(results).fitted(kMarkdownWidth).markdown() + "\n" : "";
  for (const CompareResult& result : results) text += compare_markdown(result);
  return text;
}

std::string json_of_all(const Results& results) {
  if (results.size() == 1) return to_text(compare_json(results.front()));
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const CompareResult& result : results) list.push_back(compare_json(result));
  return to_text(list);
}

constexpr OutputFiles<Results>::File kComparisons[] = {
    {"--markdown", "write the report", markdown_of_all},
    {"--json", "write every number", json_of_all},
    {"--junit", "write a test suite, regressions as failures",
     [](const Results& results) { return compare_junit(only_one(results, "--junit")); }},
    {"--github-benchmark", "write customSmallerIsBetter of github-action-benchmark",
     [](const Results& results) {
       return to_text(compare_github_benchmark(only_one(results, "--github-benchmark")));
     }},
};

struct CompareValues {
  std::string base, threshold;
  std::vector<std::string> candidates, case_thresholds;
  OutputFiles<Results> files{kComparisons};
  bool quiet = false;
  TerminalOptions terminal;
  CompareOptions options;
};

/// The gravest: a wrong result, then a regression, then what could not be judged.
int exit_code_of(const Results& results) {
  const auto has = [&](int code) {
    return std::ranges::any_of(results, [&](const CompareResult& one) { return one.exit_code() == code; });
  };
  for (const int code : {kExitWrongResult, kExitRegressed, kExitInconclusive}) {
    if (has(code)) return code;
  }
  return kExitOk;
}

std::string console_of(const Results& results, const Terminal& terminal) {
  if (results.size() == 1) return compare_console(results.front(), terminal);
  std::string text = many_table(results).console(terminal) + "\n";
  for (const CompareResult& result : results) {
    text += fmt::format("{}: {}\n", printable_path(result.candidate.path),
                        painted(compare_verdict(result), compare_tone(result), terminal));
  }
  return text;
}

int judge(CompareValues& v, StandardOutput& output) {
  if (!v.threshold.empty()) v.options.threshold = parse_positive("--threshold", v.threshold);
  for (const std::string& text : v.case_thresholds) v.options.case_thresholds.push_back(case_threshold(text));
  v.files.require_writable();
  const ResultsFile base = read_results(v.base);
  Results results;
  for (const std::string& candidate : v.candidates)
    results.push_back(compare(base, read_results(candidate), v.options));
  const std::optional<std::string> shown = v.files.write(results);
  append_step_summary(markdown_of_all(results));
  if (shown || !v.quiet) {
    output.print(
        [&] { fmt::print("{}", shown ? *shown : console_of(results, v.terminal.standard_output())); });
  }
  return exit_code_of(results);
}

}  // namespace

Command compare_command(CLI::App& app) {
  const auto values = std::make_shared<CompareValues>();
  CompareValues& v = *values;
  CLI::App* command = app.add_subcommand("compare", "judge a change: one results.json against another");
  command->add_option("BASE", v.base, "results.json of before, or a folder of several")
      ->type_name("")
      ->required();
  command->add_option("CANDIDATE", v.candidates, "the same of after; several: each against the base")
      ->type_name("")
      ->required();
  const auto option = [&](const char* group, const char* name, auto& value, const char* about) {
    return command->add_option(name, value, about)->group(group);
  };
  const char *judgement = "Judgement", *output = "Output";
  option(judgement, "--threshold", v.threshold, "smallest change that counts, part of 1 (0.05)")
      ->type_name("PART");
  option(judgement, "--case-threshold", v.case_thresholds, "threshold for matching cases, last wins")
      ->type_name("REGEX=PART")
      ->allow_extra_args(false);
  command->add_flag("--strict", v.options.strict, "end with 3 for an inconclusive case as well")
      ->group(judgement);
  v.files.add_to(*command, output);
  v.terminal.add_to(*command, output);
  command->add_flag("--quiet", v.quiet, "print nothing")->group(output);
  command->footer(
      "Examples:\n"
      "  mlpbench compare base.json candidate.json --case-threshold 'digits/.*=0.1'\n"
      "  mlpbench compare base/ candidate/ --junit junit.xml     several runs a side\n"
      "\n"
      "Exit codes: 0 no regression, 1 a case regressed, 2 wrong usage or file, 3 a case\n"
      "is incomparable or none could be judged (--strict: or one), 4 a result is wrong\n"
      "or less accurate. FILE - is stdout, instead of the table. The Markdown is also\n"
      "appended to the file that GITHUB_STEP_SUMMARY names.");
  return {command, [values](StandardOutput& to) { return judge(*values, to); }};
}

}  // namespace mlpbench
