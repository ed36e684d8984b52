#include "bench/report/history_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/columns.h"
#include "bench/report/figures.h"
#include "bench/report/html.h"
#include "support/escape.h"
#include "support/format.h"

namespace mlpbench {
namespace {

using namespace columns;
using Kind = Series::Kind;

/// As many digits of a commit as no other of the history begins with, 7 at least, and its "+".
std::string short_commit(const History& history, std::size_t i) {
  const std::string& commit = history.entries[i].commit;
  std::size_t digits = std::min<std::size_t>(7, commit.size());
  const auto is_other = [&](const HistoryEntry& other) {
    return other.commit != commit && other.commit.starts_with(commit.substr(0, digits));
  };
  while (digits < commit.size() && std::ranges::any_of(history.entries, is_other)) ++digits;
  return commit.substr(0, digits) + (commit.ends_with('+') && digits < commit.size() ? "+" : "");
}

/// "1a2b3c4..4d5e6f7": between these two the change came.
std::string commit_range(const History& history, std::size_t after) {
  return short_commit(history, after - 1) + ".." + short_commit(history, after);
}

/// A line for each backend of an experiment, over the entries.
Panel history_panel(const std::string& title, const std::vector<const Trend*>& trends, const History& history,
                    const SuiteFacts& suite) {
  Axis x{"commit, the oldest first", 0.7, static_cast<double>(history.entries.size()) + 0.3};
  x.finest = 1.0;
  Axis y = Axis::of("time of an epoch", true, short_seconds_text);
  Panel panel{title, 380, 240, x, y, {74, 22, 12, 46}};
  for (const Trend* trend : trends) {
    const ReportCase& row = *trend->latest;
    const Look look = look_of_backend(suite, row.backend);
    Series line{Kind::line, {}, {look.ink}, 1.8, row.backend},
        marks{Kind::points, {}, look, 0.7, row.backend, row.backend};
    for (std::size_t i = 0; i < trend->medians.size(); ++i) {
      if (std::isnan(trend->medians[i])) continue;
      panel.y.include(trend->medians[i]);
      line.rows.push_back({static_cast<double>(i + 1), trend->medians[i]});
      marks.names.push_back(row.backend + " " + history.entries[i].commit);
    }
    marks.rows = line.rows;
    panel.series.push_back(std::move(line));
    panel.series.push_back(std::move(marks));
  }
  return panel;
}

/// "digits float64, mini-batch": the cases of one panel.
std::string panel_title(const ReportCase& row) {
  return fmt::format("{} {}, {}", row.experiment, row.dtype,
                     row.threads > 1 ? fmt::format("{}, {} threads", row.trainer, row.threads) : row.trainer);
}

/// Names in the order of the latest result, which is that of its report.
template <typename Name>
std::vector<std::string> in_order(const History& history, Name name_of) {
  std::vector<std::string> names;
  for (const ReportCase& row : history.entries.back().results.cases) {
    const std::string name = name_of(row);
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

Figure history_figure(const History& history, const std::vector<Trend>& trends) {
  Figure figure;
  SuiteFacts suite;
  suite.backends = in_order(history, [](const ReportCase& row) { return row.backend; });
  const std::vector<std::string> titles = in_order(history, panel_title);
  const auto place = [&titles](std::string_view title) {
    return static_cast<std::size_t>(std::ranges::find(titles, title) - titles.begin());
  };
  const auto title_of = [](const Trend& trend) { return panel_title(*trend.latest); };
  std::vector<ReportCase> drawn;
  for (const auto& [title, of_it] : by_name(trends, title_of, place)) {
    if (figure.full()) break;
    Panel panel = history_panel(title, of_it, history, suite);
    if (panel.y.empty()) continue;
    panel.y.pad(0.08);
    panel.of = of_it.front()->latest->dtype;
    figure.panels.push_back(std::move(panel));
    for (const Trend* trend : of_it) drawn.push_back(*trend->latest);
  }
  figure.legend = backend_legend(drawn, suite);
  figure.caption = fmt::format("The median time of an epoch in each of {}.",
                               format_count(history.entries.size(), "result"));
  figure.how =
      "A step that stays is a change of the code or of the machine; one commit alone is likely noise.";
  return figure;
}

}  // namespace

Table history_table(const History& history, const std::vector<Trend>& trends) {
  const auto change = [](const Trend& trend) -> Cell {
    if (!trend.change) return kNotKnown;
    return {fmt::format("{} {:.3g}x", to_string(trend.change->verdict), trend.change->ratio),
            trend.change->ratio, trend.change->verdict == Verdict::regressed ? "bad" : "good"};
  };
  const auto commits = [&](const Trend& trend) {
    return trend.change ? commit_range(history, trend.change->after) : std::string();
  };
  const auto known = [](const Trend& trend) {
    return std::ranges::count_if(trend.medians, [](double value) { return !std::isnan(value); });
  };
  return table_of<Trend>(trends,
                         {left("case", [](const Trend& trend) { return trend.latest->name; }),
                          left("trend", &Trend::sparkline), number("results", known, count_text).at(0, 1),
                          number(
                              "latest", [](const Trend& trend) { return trend.medians.back(); }, seconds_text)
                              .at(0, 2),
                          left("last change", change), left("between the commits", commits)});
}

std::string history_console(const std::vector<History>& histories, const Terminal& terminal) {
  std::string text;
  for (const History& history : histories) {
    text += fmt::format("{}: {}, {} to {}\n", printable_path(history.machine),
                        format_count(history.entries.size(), "result"), history.entries.front().commit,
                        history.entries.back().commit);
    text += history_table(history, trends_of(history, {})).console(terminal) + "\n";
  }
  return text;
}

std::string history_page(const std::vector<History>& histories) {
  std::vector<PagePart> parts;
  for (const History& history : histories) {
    Html content;
    const std::vector<Trend> trends = trends_of(history, {});
    std::vector<Trend> changed = trends;
    std::erase_if(changed, [](const Trend& trend) { return !trend.change; });
    const std::vector<std::pair<std::string, std::string>>& facts = history.entries.back().results.identity;
    const auto fact = [](const auto& one) { return one.first + ": " + one.second; };
    content.element("p", {{"class", "note"}}, listed(facts, fact));
    if (changed.empty()) content.element("p", "No case regressed or improved.");
    content.table(history_table(history, changed), "Changes of " + history.machine);
    content.figure(history_figure(history, trends));
    content.folded("All cases", history_table(history, trends));
    parts.push_back({slug(history.machine), history.machine, std::move(content)});
  }
  Html top;
  top.element(
      "p", {{"class", "note"}},
      "Each result is compared with the level of its case: the first one, or the last that regressed or "
      "improved. Results of different machines are never compared.");
  return whole_page("mlpbench: history", top, parts, {}, "Written by mlpbench history from its folder.");
}

}  // namespace mlpbench
