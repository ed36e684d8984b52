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

/// A file that may be asked for.
struct OutputFile {
  const char *option, *about;
  std::string (*content)(const CompareResult&);
};

constexpr OutputFile kFiles[] = {
    {"--markdown", "write the report", compare_markdown},
    {"--json", "write every number",
     [](const CompareResult& result) { return to_text(compare_json(result)); }},
    {"--junit", "write a test suite, regressions as failures", compare_junit},
    {"--github-benchmark", "write customSmallerIsBetter of github-action-benchmark",
     [](const CompareResult& result) { return to_text(compare_github_benchmark(result)); }},
};

struct CompareValues {
  std::string base, candidate, threshold;
  std::vector<std::string> case_thresholds;
  std::string paths[std::size(kFiles)];
  bool quiet = false;
  CompareOptions options;
};

int judge(CompareValues& v, StandardOutput& output) {
  if (!v.threshold.empty()) v.options.threshold = parse_positive("--threshold", v.threshold);
  for (const std::string& text : v.case_thresholds) v.options.case_thresholds.push_back(case_threshold(text));
  const OutputFile* shown = nullptr;  // on stdout, instead of the table
  for (std::size_t i = 0; i < std::size(kFiles); ++i) {
    if (is_standard_output(v.paths[i])) {
      if (shown != nullptr)
        throw UserError(fmt::format("{}: {} has stdout", kFiles[i].option, shown->option));
      shown = &kFiles[i];
    } else if (!v.paths[i].empty()) {
      require_writable(kFiles[i].option, v.paths[i]);
    }
  }

  const CompareResult result = compare(read_results(v.base), read_results(v.candidate), v.options);
  for (std::size_t i = 0; i < std::size(kFiles); ++i) {
    if (v.paths[i].empty() || &kFiles[i] == shown) continue;
    write_file(kFiles[i].option, v.paths[i], kFiles[i].content(result));
  }
  append_step_summary(compare_markdown(result));
  if (shown != nullptr || !v.quiet) {
    output.print([&] { fmt::print("{}", (shown != nullptr ? shown->content : compare_console)(result)); });
  }
  return result.exit_code();
}

}  // namespace

Command compare_command(CLI::App& app) {
  const auto values = std::make_shared<CompareValues>();
  CompareValues& v = *values;
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
  command->add_flag("--strict", v.options.strict, "an inconclusive case is no success (exit code 3)")
      ->group(judgement);
  for (std::size_t i = 0; i < std::size(kFiles); ++i) {
    option(output, kFiles[i].option, v.paths[i], kFiles[i].about)->type_name("FILE");
  }
  command->add_flag("--quiet", v.quiet, "print nothing")->group(output);
  command->footer(
      "Examples:\n"
      "  mlpbench compare base.json candidate.json --case-threshold 'digits/.*=0.1'\n"
      "  mlpbench compare base/ candidate/ --junit junit.xml     several runs a side, which counts for more\n"
      "\n"
      "Exit codes: 0 no regression, 1 a case regressed, 2 wrong usage or file, 3 a case is\n"
      "incomparable or none could be judged (--strict: or one), 4 a result is wrong or less accurate.\n"
      "FILE - is stdout, instead of the table. The Markdown is also appended to the file that\n"
      "GITHUB_STEP_SUMMARY names.");
  return {command, [values](StandardOutput& to) { return judge(*values, to); }};
}

}  // namespace mlpbench
