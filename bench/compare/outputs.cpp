#include "bench/compare/outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "experiments/cli/record.h"
#include "support/escape.h"
#include "support/format.h"
#include "support/json_fields.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

/// Why no case can be compared, where that is the same for all, such as another processor; else empty.
std::string common_reason(const CompareResult& result) {
  if (result.cases.empty()) return "";
  const std::string& reason = result.cases.front().reason;
  const auto shares_it = [&](const CaseVerdict& c) {
    return c.verdict == Verdict::incomparable && !c.bad_quality && c.reason == reason;
  };
  return std::ranges::all_of(result.cases, shares_it) ? reason : "";
}

/// "The weights are the same, bit for bit, in 1 of 2 trainings of both.", then a line for each backend that
/// left them. Empty for one architecture.
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

std::string candidate_over_base(const CaseVerdict& c) {
  if (!c.ratio) return "";
  if (!c.interval) return fmt::format("{:.3f}", *c.ratio);
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", *c.ratio, c.interval->low, c.interval->high);
}

std::string_view compare_tone(const CompareResult& result) {
  if (result.bad_quality() > 0 || result.count(Verdict::regressed) > 0) return "bad";
  return result.judged() > 0 && result.exit_code() == kExitOk ? "good" : "";
}

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

std::string largest_changes(const CompareResult& result) {
  std::vector<const CaseVerdict*> changed;
  for (const CaseVerdict& c : result.cases) {
    if (c.ratio && (c.verdict == Verdict::regressed || c.verdict == Verdict::improved)) changed.push_back(&c);
  }
  std::ranges::stable_sort(changed, std::greater(),
                           [](const CaseVerdict* c) { return std::abs(std::log(*c->ratio)); });
  changed.resize(std::min<std::size_t>(changed.size(), 3));
  const auto text = [](const CaseVerdict* c) {
    return fmt::format("{} {:.3g}x as long", c->name, *c->ratio);
  };
  return changed.empty() ? "" : " Largest changes: " + listed(changed, text) + ".";
}

std::string compare_console(const CompareResult& result, const Terminal& terminal) {
  const auto verdict_and = [&](const std::string& more) {
    const std::string verdict = compare_verdict(result);
    const std::string lines = wrapped(verdict + more, std::min<std::size_t>(terminal.columns, 110));
    return painted(lines.substr(0, verdict.size()), compare_tone(result), terminal) +
           lines.substr(verdict.size()) + "\n";
  };
  std::string same_bits;
  for (const std::string& line : same_bits_lines(result)) same_bits += printable(line, 500) + "\n";
  if (const Table differences = differences_table(result); !differences.empty()) {
    return side_by_side_table(result).console(terminal) + "\n" + differences.console(terminal) + "\n" +
           verdict_and(" The two sides were measured under different conditions: no verdict.") + same_bits;
  }
  if (const std::string reason = common_reason(result); !reason.empty()) {
    return verdict_and(" All of them: " + printable(reason, 300)) + same_bits;
  }
  std::vector<std::string> same;
  const Table notable = compare_table(result, Shown::notable).varying(same);
  std::string text = (notable.empty() ? "" : notable.console(terminal) + "\n") + verdict_and("") + same_bits;
  if (result.machine_floor > result.options.threshold) {
    text += fmt::format("One run a side: {}; compare folders of several runs.\n",
                        machine_floor_text(result.machine_floor));
  }
  return text;
}

std::string compare_markdown(const CompareResult& result) {
  std::string text = fmt::format("## mlpbench compare\n\n**{}**{}\n\n", compare_verdict(result),
                                 markdown_escaped(largest_changes(result)));
  text += fmt::format("Base {}, candidate {}.\n\n", markdown_escaped(result.base.commit),
                      markdown_escaped(result.candidate.commit));
  if (const Table differences = differences_table(result); !differences.empty()) {
    text += "Measured under different conditions, so the times stand side by side without a verdict:\n\n" +
            differences.markdown() + "\n";
  } else if (const std::string reason = common_reason(result); !reason.empty()) {
    text += "All of them: " + markdown_escaped(reason) + "\n\n";
  } else if (const Table changed = compare_table(result, Shown::changed); !changed.empty()) {
    text += changed.fitted(kMarkdownWidth).markdown() + "\n";
  }
  for (const std::string& line : same_bits_lines(result)) text += markdown_escaped(line, 500) + "\n\n";
  const auto fold = [&](const std::string& title, const Table& table) {
    if (table.empty()) return;
    text += fmt::format("<details><summary>{}</summary>\n\n{}\n</details>\n\n", title,
                        table.fitted(kMarkdownWidth).markdown());
  };
  fold(format_count(result.count(Verdict::inconclusive), "inconclusive case"),
       compare_table(result, Shown::inconclusive));
  fold("All " + format_count(result.cases.size(), "case"),
       differences_table(result).empty() ? compare_table(result, Shown::all) : side_by_side_table(result));
  if (!result.new_cases.empty()) {
    text += "New, with nothing to compare:";
    for (const std::string& name : result.new_cases) text += " " + markdown_escaped(name);
    text += "\n\n";
  }
  text += "<details><summary>How to read this</summary>\n\nOn:";
  for (const auto& [what, value] : result.candidate.identity) {
    text += fmt::format(" {} {};", what, markdown_escaped(value));
  }
  text.back() = '.';
  return text + "\n\n" + compare_how_to_read(result) + "\n\n</details>\n";
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
    const std::string what = fmt::format("{}: {}{}", c.bad_quality ? "wrong" : to_string(c.verdict),
                                         candidate_over_base(c), c.reason);
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
      "sides' rounds. The intervals are those of the Mann-Whitney test; all hold together with {:g} %. "
      "Regressed and improved: the interval excludes 1, and the effect reaches the threshold and the noise. "
      "Noise is the smallest effect that the same code shows against itself. Equivalent: the interval lies "
      "within the threshold. The machine changes from one run to the next: build and run both sides in one "
      "job.",
      100.0 * result.options.confidence);
  if (result.base.runs > 1 && result.candidate.runs > 1) return text;
  return text +
         fmt::format(
             " One run a side: its rounds do not show how the machine changes from one run to the next. "
             "An effect must therefore also exceed {:.1f} %, which all cases did together. Folders of "
             "several runs need no such allowance (scripts/compare-revisions).",
             100.0 * result.machine_floor);
}

}  // namespace mlpbench
