#include "bench/compare/outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "experiments/cli/record.h"
#include "support/escape.h"
#include "support/format.h"
#include "support/json_fields.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

constexpr Verdict kVerdicts[] = {Verdict::regressed, Verdict::improved, Verdict::equivalent,
                                 Verdict::inconclusive, Verdict::incomparable};

Table::Cell seconds_cell(double seconds) { return {seconds > 0.0 ? format_seconds(seconds) : "", seconds}; }

std::string ratio_cell(const CaseVerdict& c) {
  if (!c.ratio) return "";
  if (!c.interval) return fmt::format("{:.3f}", *c.ratio);
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", *c.ratio, c.interval->low, c.interval->high);
}

Table::Cell percent_cell(double part) {
  return {std::isfinite(part) ? fmt::format("{:.1f} %", 100 * part) : "", part};
}

/// Why no case can be compared, where that is the same for all, such as another processor; else empty.
std::string common_reason(const CompareResult& result) {
  if (result.cases.empty()) return "";
  const std::string& reason = result.cases.front().reason;
  const auto shares_it = [&](const CaseVerdict& c) {
    return c.verdict == Verdict::incomparable && !c.bad_quality && c.reason == reason;
  };
  return std::ranges::all_of(result.cases, shares_it) ? reason : "";
}

/// "The weights are the same, bit for bit, in 1 of 2 trainings of both.", and who left them, a line each;
/// none of one architecture.
std::vector<std::string> same_bits_lines(const CompareResult& result) {
  if (!result.of_two_architectures()) return {};
  const auto same =
      std::ranges::count_if(result.same_bits, [](const SameBits& one) { return !one.base.empty(); });
  std::vector<std::string> lines = {
      fmt::format("The weights are the same, bit for bit, in {} of {} trainings of both.", same,
                  result.same_bits.size())};
  for (const SameBits& one : result.same_bits) {
    lines.push_back(one.base.empty() ? one.training + ": other bits"
                                     : fmt::format("{}: {} of the base and {} of the candidate", one.training,
                                                   listed(one.base), listed(one.candidate)));
  }
  return lines;
}

ordered_json side_json(const ResultsFile& side) {
  return {{"file", side.path}, {"commit", side.commit}, {"runs", side.runs}};
}

}  // namespace

std::string compare_verdict(const CompareResult& result) {
  const std::size_t wrong = result.bad_quality(), regressed = result.count(Verdict::regressed);
  const std::string word = wrong > 0             ? "WRONG: " + format_count(wrong, "case")
                           : regressed > 0       ? "REGRESSED: " + format_count(regressed, "case")
                           : result.judged() > 0 ? "No regression"
                                                 : "Nothing could be judged";
  std::string counts;
  for (const Verdict verdict : kVerdicts) {
    const std::size_t count = result.count(verdict);
    if (count > 0) counts += fmt::format("{} {} {}", counts.empty() ? ":" : ",", count, to_string(verdict));
  }
  if (!result.new_cases.empty()) counts += fmt::format("; {} new", result.new_cases.size());
  return fmt::format("{}. {}{}.", word, format_count(result.cases.size(), "case"), counts);
}

Table compare_table(const CompareResult& result, bool all) {
  Table table;
  for (const char* title : {"case", "verdict"}) table.add_left(title);
  for (const char* title : {"base", "candidate", "candidate / base", "threshold", "noise"})
    table.add_column(title);
  table.add_left("why");
  std::vector<const CaseVerdict*> shown;
  for (const CaseVerdict& c : result.cases) {
    if (all || c.bad_quality || c.verdict != Verdict::equivalent) shown.push_back(&c);
  }
  std::ranges::stable_sort(shown, {},
                           [](const CaseVerdict* c) { return std::pair(!c->bad_quality, c->verdict); });
  for (const CaseVerdict* c : shown) {
    const char* tone = c->bad_quality || c->verdict == Verdict::regressed ? "bad"
                       : c->verdict == Verdict::improved                  ? "good"
                                                                          : "";
    table.add_row({c->name,
                   {std::string(c->bad_quality ? "WRONG" : to_string(c->verdict)), NAN, tone},
                   seconds_cell(c->base_seconds),
                   seconds_cell(c->candidate_seconds),
                   {ratio_cell(*c), c->ratio.value_or(NAN)},
                   percent_cell(c->threshold),
                   percent_cell(c->noise_floor),
                   c->reason});
  }
  return table;
}

Table compare_counts_table(const CompareResult& result) {
  Table table;
  table.add_left("verdict");
  for (const char* title : {"cases", "median of candidate / base", "lowest", "highest"})
    table.add_column(title);
  for (const Verdict verdict : kVerdicts) {
    const std::size_t count = result.count(verdict);
    if (count == 0) continue;
    std::vector<double> ratios;
    for (const CaseVerdict& c : result.cases) {
      if (c.verdict == verdict && c.ratio) ratios.push_back(*c.ratio);
    }
    std::vector<Table::Cell> cells = {std::string(to_string(verdict)),
                                      {std::to_string(count), static_cast<double>(count)}};
    if (!ratios.empty()) {
      const Summary summary = summarize(ratios);
      for (const double ratio : {summary.median, summary.lowest, summary.highest}) {
        cells.emplace_back(fmt::format("{:.3f}", ratio), ratio);
      }
    }
    table.add_row(std::move(cells));
  }
  return table;
}

std::string compare_console(const CompareResult& result) {
  std::string same_bits;
  for (const std::string& line : same_bits_lines(result)) same_bits += printable(line, 500) + "\n";
  if (const std::string reason = common_reason(result); !reason.empty()) {
    return compare_verdict(result) + " All of them: " + printable(reason, 300) + "\n" + same_bits;
  }
  const Table notable = compare_table(result, false);
  std::string text = (notable.empty() ? "" : notable.console() + "\n") + compare_verdict(result) + "\n";
  text += same_bits;
  if (result.machine_floor > result.options.threshold) {
    text += fmt::format(
        "One run a side: effects below {:.0f} % may be the machine; compare folders of several runs.\n",
        100 * result.machine_floor);
  }
  return text;
}

std::string compare_markdown(const CompareResult& result) {
  std::string text = fmt::format("## mlpbench compare\n\n**{}**\n\n", compare_verdict(result));
  text += fmt::format("Base {}, candidate {}.\n\n", markdown_escaped(result.base.commit),
                      markdown_escaped(result.candidate.commit));
  const std::string reason = common_reason(result);
  const Table notable = compare_table(result, false);
  if (!reason.empty()) {
    text += "All of them: " + markdown_escaped(reason) + "\n\n";
  } else if (!notable.empty()) {
    text += notable.markdown() + "\n";
  }
  for (const std::string& line : same_bits_lines(result)) text += markdown_escaped(line, 500) + "\n\n";
  text += fmt::format("<details><summary>All {}</summary>\n\n{}\n</details>\n\n",
                      format_count(result.cases.size(), "case"), compare_table(result, true).markdown());
  if (!result.new_cases.empty()) {
    text += "New, with nothing to compare:";
    for (const std::string& name : result.new_cases) text += " " + markdown_escaped(name);
    text += "\n\n";
  }
  text += "On:";
  for (const auto& [what, value] : result.candidate.identity) {
    text += fmt::format(" {} {};", what, markdown_escaped(value));
  }
  text.back() = '.';
  return text + "\n\n" + compare_how_to_read(result) + "\n";
}

ordered_json compare_json(const CompareResult& result) {
  ordered_json json = {{"schema_version", kRecordSchemaVersion},
                       {"verdict", compare_verdict(result)},
                       {"exit_code", result.exit_code()},
                       {"base", side_json(result.base)},
                       {"candidate", side_json(result.candidate)},
                       {"confidence", result.options.confidence},
                       {"machine_floor", result.machine_floor},
                       {"cases", ordered_json::array()},
                       {"new_cases", result.new_cases}};
  for (const CaseVerdict& c : result.cases) {
    ordered_json& entry = json["cases"].emplace_back(
        ordered_json{{"name", c.name}, {"verdict", to_string(c.verdict)}, {"bad_quality", c.bad_quality}});
    if (!c.reason.empty()) entry["reason"] = c.reason;
    entry.update({{"base_seconds", json_of(c.base_seconds > 0.0 ? c.base_seconds : kUnknown)},
                  {"candidate_seconds", json_of(c.candidate_seconds > 0.0 ? c.candidate_seconds : kUnknown)},
                  {"base_rounds", c.base_rounds},
                  {"candidate_rounds", c.candidate_rounds},
                  {"ratio", json_of(c.ratio)},
                  {"interval", json_of(c.interval)},
                  {"threshold", c.threshold},
                  {"noise_floor", json_of(c.noise_floor)}});
  }
  for (const SameBits& one : result.same_bits) {
    json["same_bits"].push_back(
        {{"training", one.training}, {"base", one.base}, {"candidate", one.candidate}});
  }
  return json;
}

std::string compare_junit(const CompareResult& result) {
  const auto fails = [](const CaseVerdict& c) { return c.bad_quality || c.verdict == Verdict::regressed; };
  const auto skipped = [&](const CaseVerdict& c) { return !fails(c) && c.verdict >= Verdict::inconclusive; };
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"mlpbench compare\" tests=\"{}\" "
      "failures=\"{}\" skipped=\"{}\">\n",
      result.cases.size(), std::ranges::count_if(result.cases, fails),
      std::ranges::count_if(result.cases, skipped));
  for (const CaseVerdict& c : result.cases) {
    text += fmt::format("  <testcase classname=\"mlpbench\" name=\"{}\" time=\"{}\"", xml_escaped(c.name),
                        c.candidate_seconds);
    if (!fails(c) && !skipped(c)) {
      text += "/>\n";
      continue;
    }
    const std::string what =
        fmt::format("{}: {}{}", c.bad_quality ? "wrong" : to_string(c.verdict), ratio_cell(c), c.reason);
    text += fmt::format("><{} message=\"{}\"/></testcase>\n", fails(c) ? "failure" : "skipped",
                        xml_escaped(what));
  }
  return text + "</testsuite>\n";
}

ordered_json compare_github_benchmark(const CompareResult& result) {
  ordered_json list = ordered_json::array();
  for (const auto& [name, row] : result.candidate.by_name()) {
    if (!row->timed()) continue;
    const Summary summary = summarize(row->epoch_seconds);
    list.push_back({{"name", name},
                    {"unit", "us/epoch"},
                    {"value", summary.median * 1e6},
                    {"range", fmt::format("± {:.4g}", (summary.highest - summary.lowest) / 2 * 1e6)},
                    {"extra", fmt::format("median of {}", format_count(summary.count, "round"))}});
  }
  return list;
}

std::string compare_how_to_read(const CompareResult& result) {
  std::string text = fmt::format(
      "candidate / base is how many times as long an epoch takes: the median of all quotients of the two "
      "sides' rounds, with the interval of the Mann-Whitney test, so wide that all hold together with {:g} "
      "%. Regressed and improved: the interval excludes 1 and the effect reaches threshold and noise, which "
      "is the smallest effect that the same code shows against itself. Equivalent: the interval lies within "
      "the threshold. Two runs at different times see different machines: build and run both sides in one "
      "job.",
      100.0 * result.options.confidence);
  if (result.base.runs > 1 && result.candidate.runs > 1) return text;
  return text +
         fmt::format(
             " One run a side: the rounds of a run share its minutes and say nothing of what the "
             "machine does from one run to the next. An effect must therefore also exceed {:.1f} %, by "
             "what all cases did together; folders of several runs need no such allowance "
             "(scripts/compare-revisions).",
             100.0 * result.machine_floor);
}

}  // namespace mlpbench
