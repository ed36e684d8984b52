#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>

#include "bench/compare/outputs.h"
#include "bench/programs/commands.h"
#include "experiments/cli/record.h"
#include "support/atomic_file.h"
#include "support/error.h"
#include "support/option_values.h"
#include "support/standard_output.h"
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

/// The summary belongs to the job's other steps as well: appended, never replaced.
void append_step_summary(const std::string& markdown) {
  const char* path = std::getenv("GITHUB_STEP_SUMMARY");
  if (path == nullptr || *path == '\0') return;
  std::ofstream file(path, std::ios::app);
  file << markdown << std::flush;
  if (!file)
    throw UserError(printable(path, 200) + ": GITHUB_STEP_SUMMARY names it, and it cannot be written");
}

struct Values {
  std::string base, candidate, threshold;
  std::vector<std::string> case_thresholds;
  std::string markdown, json, junit, github_benchmark;
  bool strict = false, quiet = false;
};

int judge(const Values& v, StandardOutput& output) {
  CompareOptions options;
  options.strict = v.strict;
  if (!v.threshold.empty()) options.threshold = parse_positive("--threshold", v.threshold);
  for (const std::string& text : v.case_thresholds) options.case_thresholds.push_back(case_threshold(text));
  const std::pair<const char*, const std::string&> files[] = {{"--markdown", v.markdown},
                                                              {"--json", v.json},
                                                              {"--junit", v.junit},
                                                              {"--github-benchmark", v.github_benchmark}};
  for (const auto& [option, path] : files) {
    if (!path.empty()) require_writable(option, path);
  }

  const CompareResult result = compare(read_results(v.base), read_results(v.candidate), options);
  const auto write = [](const char* option, const std::string& path, const std::string& content) {
    if (!path.empty()) write_file(option, path, content);
  };
  write("--markdown", v.markdown, compare_markdown(result));
  write("--json", v.json, to_text(compare_json(result)));
  write("--junit", v.junit, compare_junit(result));
  write("--github-benchmark", v.github_benchmark, to_text(compare_github_benchmark(result)));
  append_step_summary(compare_markdown(result));
  if (!v.quiet) output.print([&] { fmt::print("{}", compare_console(result)); });
  return result.exit_code();
}

}  // namespace

Command compare_command(CLI::App& app) {
  const auto values = std::make_shared<Values>();
  Values& v = *values;
  CLI::App* command =
      app.add_subcommand("compare", "judge a results.json against another: the gate for a change");
  command->add_option("BASE", v.base, "results.json of before, or a folder of several")
      ->type_name("")
      ->required();
  command->add_option("CANDIDATE", v.candidate, "the same of after, from the same machine")
      ->type_name("")
      ->required();
  const auto option = [&](const char* group, const char* name, auto& value, const char* about) {
    return command->add_option(name, value, about)->group(group);
  };
  const char *judgement = "Judgement", *output = "Output";
  option(judgement, "--threshold", v.threshold, "part of 1 that an effect must reach to matter (0.05)")
      ->type_name("PART");
  option(judgement, "--case-threshold", v.case_thresholds, "another threshold for matching cases, last wins")
      ->type_name("REGEX=PART")
      ->allow_extra_args(false);
  command->add_flag("--strict", v.strict, "an inconclusive case is no success (exit code 3)")
      ->group(judgement);
  option(output, "--markdown", v.markdown, "write the report")->type_name("FILE");
  option(output, "--json", v.json, "write every number")->type_name("FILE");
  option(output, "--junit", v.junit, "write a test suite, regressions as failures")->type_name("FILE");
  option(output, "--github-benchmark", v.github_benchmark,
         "write customSmallerIsBetter of github-action-benchmark")
      ->type_name("FILE");
  command->add_flag("--quiet", v.quiet, "print nothing")->group(output);
  command->footer(
      "Examples:\n"
      "  mlpbench compare base.json candidate.json --case-threshold 'digits/.*=0.1'\n"
      "  mlpbench compare base/ candidate/ --junit junit.xml     several runs a side, which counts for more\n"
      "\n"
      "Exit codes: 0 no regression, 1 a case regressed, 2 wrong usage or file, 3 a case is\n"
      "incomparable or none could be judged (--strict: or one), 4 a result is wrong or less accurate.\n"
      "The Markdown is also appended to the file that GITHUB_STEP_SUMMARY names.");
  return {command, [values](StandardOutput& to) { return judge(*values, to); }};
}

}  // namespace mlpbench
