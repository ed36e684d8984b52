#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "bench/compare/compare.h"
#include "support/table.h"

namespace mlpbench {

// What `mlpbench compare` writes. The same two files give the same bytes. All names come from files and are
// escaped for the format they enter.

/// "1 regression: 38 cases: 2 improved, ...": the words before the numbers, one line.
std::string compare_verdict(const CompareResult& result);

/// The cases that are not equivalent, or all of them: the worst first.
Table compare_table(const CompareResult& result, bool all);

/// A line for each verdict that there is: how many cases, and their ratios.
Table compare_counts_table(const CompareResult& result);

/// What the words and the numbers of compare_table() mean.
std::string compare_how_to_read(const CompareResult& result);

/// The verdict, the counts, the cases that are not equivalent, all cases in a fold, and how to read it. It is
/// for a step summary or a comment of GitHub.
std::string compare_markdown(const CompareResult& result);

/// The verdict and the cases that are not equivalent, for a terminal.
std::string compare_console(const CompareResult& result);

/// Everything, with "schema_version" first. Ratios are candidate / base; times are seconds an epoch.
nlohmann::ordered_json compare_json(const CompareResult& result);

/// A JUnit test suite: a test case for each case; regressed and wrong ones fail, incomparable and
/// inconclusive ones are skipped, with the reason.
std::string compare_junit(const CompareResult& result);

/// The candidate's medians as the "customSmallerIsBetter" list of github-action-benchmark: name, unit, value
/// in microseconds an epoch, range (half the distance from lowest to highest), extra.
nlohmann::ordered_json compare_github_benchmark(const CompareResult& result);

}  // namespace mlpbench
