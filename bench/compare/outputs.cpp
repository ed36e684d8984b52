#include "bench/compare/outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/data/csv.h"
#include "experiments/cli/format.h"
#include "experiments/cli/record.h"
#include "experiments/cli/table.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

constexpr Verdict kVerdicts[] = {Verdict::regressed, Verdict::improved, Verdict::equivalent,
                                 Verdict::inconclusive, Verdict::incomparable};

/// Text that Markdown shows as it is. Table::markdown() escapes the bars.
std::string markdown_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text, 300)) {
    if (c == '<') {
      escaped += "&lt;";
    } else if (c == '&') {
      escaped += "&amp;";
    } else {
      if (std::string_view("`*_[]\\#!").find(c) != std::string_view::npos) escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

std::string xml_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : printable(text, 2000)) {
    switch (c) {
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '&':
        escaped += "&amp;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

/// Bytes that are not UTF-8 are replaced, so that the outputs can be read by anything.
std::string utf8(const std::string& text) {
  const std::string quoted = ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  return ordered_json::parse(quoted).get<std::string>();
}

std::string seconds_cell(double seconds) { return seconds > 0.0 ? format_seconds(seconds) : ""; }

std::string ratio_cell(const CaseVerdict& c) {
  if (!c.ratio) return "";
  if (!c.interval) return fmt::format("{:.3f}", *c.ratio);
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", *c.ratio, c.interval->low, c.interval->high);
}

std::string percent_cell(double part) {
  return std::isfinite(part) ? fmt::format("{:.1f} %", 100 * part) : "";
}

/// Rows of the verdicts that `wanted` accepts, the worst first.
template <typename Wanted>
Table cases_table(const CompareResult& result, Wanted wanted, bool markdown) {
  Table table;
  for (const char* title : {"case", "verdict"}) table.add_column(title, Table::Align::left);
  for (const char* title : {"base", "candidate", "candidate / base", "threshold", "noise"})
    table.add_column(title);
  table.add_column("why", Table::Align::left);
  const auto shown = [&](const std::string& text) {
    return markdown ? markdown_escaped(utf8(text)) : printable(utf8(text), 300);
  };
  for (const bool bad : {true, false}) {
    for (const Verdict verdict : kVerdicts) {
      for (const CaseVerdict& c : result.cases) {
        if (c.verdict != verdict || c.bad_quality != bad || !wanted(c)) continue;
        table.add_row({shown(c.name), std::string(bad ? "WRONG" : to_string(verdict)),
                       seconds_cell(c.base_seconds), seconds_cell(c.candidate_seconds), ratio_cell(c),
                       percent_cell(c.threshold), percent_cell(c.noise_floor), shown(c.reason)});
      }
    }
  }
  return table;
}

bool is_notable(const CaseVerdict& c) { return c.bad_quality || c.verdict != Verdict::equivalent; }

std::string how_to_read(const CompareResult& result) {
  return fmt::format(
      "candidate / base is how many times as long an epoch takes: the median of all quotients of the two "
      "sides' "
      "rounds, with the interval of the Mann-Whitney test, so wide that all hold together with {:g} %. "
      "Regressed and "
      "improved: the interval excludes 1 and the effect reaches threshold and noise, which is the smallest "
      "effect that the same code shows against itself. Equivalent: the interval lies within the threshold. "
      "Two runs at different times see different machines: build and run both sides in one job.",
      100.0 * result.options.confidence);
}

}  // namespace

std::string compare_verdict(const CompareResult& result) {
  const std::size_t wrong = result.bad_quality(), regressed = result.count(Verdict::regressed);
  std::string text = wrong > 0       ? fmt::format("WRONG: {}", format_count(wrong, "case"))
                     : regressed > 0 ? fmt::format("REGRESSED: {}", format_count(regressed, "case"))
                                     : "No regression";
  text += fmt::format(". {}:", format_count(result.cases.size(), "case"));
  bool first = true;
  for (const Verdict verdict : kVerdicts) {
    const std::size_t count = result.count(verdict);
    if (count == 0) continue;
    text += fmt::format("{} {} {}", first ? "" : ",", count, to_string(verdict));
    first = false;
  }
  if (result.cases.empty()) text += " nothing to compare";
  if (!result.new_cases.empty()) text += fmt::format("; {} new", result.new_cases.size());
  return text + ".";
}

std::string compare_console(const CompareResult& result) {
  std::string text;
  if (std::any_of(result.cases.begin(), result.cases.end(), is_notable)) {
    text += cases_table(result, is_notable, false).console() + "\n";
  }
  return text + compare_verdict(result) + "\n";
}

std::string compare_markdown(const CompareResult& result) {
  std::string text = fmt::format("## mlpbench compare\n\n**{}**\n\n", compare_verdict(result));
  text += fmt::format("Base {}, candidate {}.\n\n", markdown_escaped(utf8(result.base.commit)),
                      markdown_escaped(utf8(result.candidate.commit)));
  if (std::any_of(result.cases.begin(), result.cases.end(), is_notable)) {
    text += cases_table(result, is_notable, true).markdown() + "\n";
  }
  text += fmt::format("<details><summary>All {}</summary>\n\n{}\n</details>\n\n",
                      format_count(result.cases.size(), "case"),
                      cases_table(
                          result, [](const CaseVerdict&) { return true; }, true)
                          .markdown());
  if (!result.new_cases.empty()) {
    text += "New, with nothing to compare:";
    for (const std::string& name : result.new_cases) text += " " + markdown_escaped(utf8(name));
    text += "\n\n";
  }
  text += "On:";
  for (const auto& [what, value] : result.candidate.identity) {
    text += fmt::format(" {} {};", what, markdown_escaped(utf8(value)));
  }
  text.back() = '.';
  return text + "\n\n" + how_to_read(result) + "\n";
}

ordered_json compare_json(const CompareResult& result) {
  ordered_json json = {{"schema_version", kRecordSchemaVersion},
                       {"verdict", compare_verdict(result)},
                       {"exit_code", result.exit_code()},
                       {"base", {{"file", result.base.path}, {"commit", result.base.commit}}},
                       {"candidate", {{"file", result.candidate.path}, {"commit", result.candidate.commit}}},
                       {"confidence", result.options.confidence},
                       {"cases", ordered_json::array()},
                       {"new_cases", result.new_cases}};
  for (const CaseVerdict& c : result.cases) {
    ordered_json entry = {
        {"name", c.name}, {"verdict", to_string(c.verdict)}, {"bad_quality", c.bad_quality}};
    if (!c.reason.empty()) entry["reason"] = c.reason;
    entry["base_seconds"] = c.base_seconds > 0.0 ? ordered_json(c.base_seconds) : ordered_json();
    entry["candidate_seconds"] =
        c.candidate_seconds > 0.0 ? ordered_json(c.candidate_seconds) : ordered_json();
    entry["base_rounds"] = c.base_rounds;
    entry["candidate_rounds"] = c.candidate_rounds;
    entry["ratio"] = c.ratio ? ordered_json(*c.ratio) : ordered_json();
    entry["interval"] = c.interval ? ordered_json{{"low", c.interval->low},
                                                  {"high", c.interval->high},
                                                  {"confidence", c.interval->confidence}}
                                   : ordered_json();
    entry["threshold"] = c.threshold;
    entry["noise_floor"] = std::isfinite(c.noise_floor) ? ordered_json(c.noise_floor) : ordered_json();
    json["cases"].push_back(std::move(entry));
  }
  return json;
}

std::string compare_junit(const CompareResult& result) {
  const auto fails = [](const CaseVerdict& c) { return c.bad_quality || c.verdict == Verdict::regressed; };
  const auto skipped = [&](const CaseVerdict& c) {
    return !fails(c) && (c.verdict == Verdict::incomparable || c.verdict == Verdict::inconclusive);
  };
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"mlpbench compare\" tests=\"{}\" "
      "failures=\"{}\" skipped=\"{}\">\n",
      result.cases.size(), std::count_if(result.cases.begin(), result.cases.end(), fails),
      std::count_if(result.cases.begin(), result.cases.end(), skipped));
  for (const CaseVerdict& c : result.cases) {
    text += fmt::format("  <testcase classname=\"mlpbench\" name=\"{}\" time=\"{}\"",
                        xml_escaped(utf8(c.name)), c.candidate_seconds);
    const std::string what =
        fmt::format("{}: {}{}", c.bad_quality ? "wrong" : to_string(c.verdict), ratio_cell(c), c.reason);
    if (fails(c) || skipped(c)) {
      text += fmt::format("><{} message=\"{}\"/></testcase>\n", fails(c) ? "failure" : "skipped",
                          xml_escaped(utf8(what)));
    } else {
      text += "/>\n";
    }
  }
  return text + "</testsuite>\n";
}

ordered_json compare_github_benchmark(const CompareResult& result) {
  std::vector<const MeasuredCase*> cases;
  for (const MeasuredCase& c : result.candidate.cases) {
    if (!c.epoch_seconds.empty()) cases.push_back(&c);
  }
  std::sort(cases.begin(), cases.end(),
            [](const MeasuredCase* a, const MeasuredCase* b) { return a->name < b->name; });
  ordered_json list = ordered_json::array();
  for (const MeasuredCase* c : cases) {
    const Summary summary = summarize(c->epoch_seconds);
    list.push_back({{"name", c->name},
                    {"unit", "us/epoch"},
                    {"value", summary.median * 1e6},
                    {"range", fmt::format("± {:.4g}", (summary.highest - summary.lowest) / 2 * 1e6)},
                    {"extra", fmt::format("median of {}", format_count(summary.count, "round"))}});
  }
  return list;
}

}  // namespace mlpbench
