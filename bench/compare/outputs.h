#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "bench/compare/compare.h"
#include "support/table.h"

namespace mlpbench {

/// Columns of a table that GitHub shows without scrolling.
inline constexpr std::size_t kMarkdownWidth = 90;

// What `mlpbench compare` writes. The same two files give the same bytes. All names come from files and are
// escaped for the format they enter.

inline constexpr Verdict kVerdicts[] = {Verdict::regressed, Verdict::improved, Verdict::equivalent,
                                        Verdict::inconclusive, Verdict::incomparable};

/// "1.21 [1.1, 1.3]" of a case that has one.
std::string candidate_over_base(const CaseVerdict& verdict);

/// "1 regression: 38 cases: 2 improved, ...": the words before the numbers, one line.
std::string compare_verdict(const CompareResult& result);

/// How a page or a terminal may colour the verdict: "bad"; "good" where something was judged and nothing is
/// left open; else empty.
std::string_view compare_tone(const CompareResult& result);

/// " Largest changes: digits/avx2/float64 1.21x as long, ...": at most three, or nothing.
std::string largest_changes(const CompareResult& result);

/// Which cases a table has: all; those that are not equivalent; of these the inconclusive ones, or the
/// others.
enum class Shown { all, notable, inconclusive, changed };

/// A line for each case, the worst first.
Table compare_table(const CompareResult& result, Shown shown);

/// In what the two sides differ that no comparison of times survives: processor, cores, compiler, build type.
Table differences_table(const CompareResult& result);

/// The median times of both sides, without a verdict.
Table side_by_side_table(const CompareResult& result);

/// A line for each verdict that there is: how many cases, and their ratios.
Table compare_counts_table(const CompareResult& result);

/// Candidates against one base: a line for each case of the base, a column of ratios for each candidate.
Table many_table(const std::vector<CompareResult>& results);

/// What the words and the numbers of compare_table() mean.
std::string compare_how_to_read(const CompareResult& result);

/// The verdict, the counts, the cases that are not equivalent, all cases in a fold, and how to read it. It is
/// for a step summary or a comment of GitHub.
std::string compare_markdown(const CompareResult& result);

/// The verdict and the cases that are not equivalent, for a terminal.
std::string compare_console(const CompareResult& result, const Terminal& terminal = {});

/// Everything, with "schema_version" first. Ratios are candidate / base; times are seconds an epoch.
nlohmann::ordered_json compare_json(const CompareResult& result);

/// A JUnit test suite: a test case for each case; regressed and wrong ones fail, incomparable and
/// inconclusive ones are skipped, with the reason.
std::string compare_junit(const CompareResult& result);

/// The candidate's medians as the "customSmallerIsBetter" list of github-action-benchmark: name, unit, value
/// in microseconds an epoch, range (half the distance from lowest to highest), extra.
nlohmann::ordered_json compare_github_benchmark(const CompareResult& result);

}  // namespace mlpbench
