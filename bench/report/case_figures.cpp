#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/facts.h"
#include "bench/report/figures.h"
#include "bench/report/words.h"

namespace mlpbench {
namespace {

using Kind = Series::Kind;

/// A row of a panel: raw values, with a line at their median, or an interval.
struct Row {
  std::vector<double> values;  ///< all of them, or {low, middle, high}
  bool interval = false;
  double noise = NAN;  ///< drawn as a band about 1
  Look look = {Ink::text};
};

struct RowGroup {
  std::string title;
  Axis axis;
  std::vector<Row> rows = {};
  std::vector<std::string> names = {};
};

/// Filled for float32, hollow for the others.
Look look_of_case(const SuiteFacts& suite, const ReportCase& row) {
  const Look look = look_of_backend(suite, row.backend);
  return {look.ink, row.dtype == "float32" ? look.type : look.type - 1};
}

std::string percent_number(double share) { return fmt::format("{:.3g} %", 100.0 * share); }

Row interval_row(double middle, const std::optional<Interval>& interval, double noise = NAN) {
  const auto [low, high, confidence] = interval.value_or(Interval{middle, middle});
  return {{low, middle, high}, true, noise};
}

/// Adds a row that has values.
void add_row(RowGroup& group, Row row, std::string name, Look look) {
  if (row.values.empty()) return;
  for (const double value : row.values) group.axis.include(value);
  row.look = look;
  group.names.push_back(std::move(name));
  group.rows.push_back(std::move(row));
}

/// The rows that `row_of` makes of the cases of each group, and the axis that has all of their values.
template <typename AxisOf, typename RowOf>
std::vector<RowGroup> row_groups(const Document& document, AxisOf axis_of, RowOf row_of) {
  std::vector<RowGroup> groups;
  for (const Group& group : groups_of(document)) {
    RowGroup rows{group.name, axis_of(group)};
    for (const ReportCase& row : group.cases) {
      add_row(rows, row_of(row), case_label(row), look_of_case(document.suite, row));
    }
    groups.push_back(std::move(rows));
  }
  return groups;
}

/// An axis of ratios, which has 1.
Axis ratio_axis(const char* title) {
  Axis axis = Axis::of(title, true, [](double ratio) { return number_text(ratio) + "x"; });
  axis.include(1.0);
  return axis;
}

/// The same axis for all groups.
void share_axis(std::vector<RowGroup>& groups) {
  Axis axis = groups.empty() ? Axis() : groups.front().axis;
  for (const RowGroup& group : groups) {
    axis.include(group.axis.low);
    axis.include(group.axis.high);
  }
  for (RowGroup& group : groups) group.axis = axis;
}

/// Values over a line at their median. Points that would cover each other are moved up and down by turns, the
/// same way every time.
void add_values(const Row& row, double y, Panel& panel) {
  const double middle = range_over(row.values).median;
  Series points{Kind::points, {}, row.look, 0.5};
  for (std::size_t i = 0; i < row.values.size(); ++i) {
    points.rows.push_back({row.values[i], y + 0.09 * (static_cast<double>(i % 5) - 2.0)});
  }
  panel.series.push_back({Kind::line, {{middle, y - 0.38}, {middle, y + 0.38}}, {Ink::text}, 2.5});
  panel.series.push_back(std::move(points));
}

/// A panel for each group that has at least two rows, with some `room` at the ends of its axis.
void add_panels(std::vector<RowGroup> groups, double room, Figure& figure) {
  for (RowGroup& group : groups) {
    if (group.rows.size() < 2 || group.rows.size() > 60 || figure.full()) continue;
    group.axis.pad(room);
    Panel panel = panel_with_rows(group.title, 460, group.names, group.axis);
    const auto inside = [&](double value) { return std::clamp(value, group.axis.low, group.axis.high); };
    if (group.rows.front().interval) {
      const double last = static_cast<double>(group.rows.size()) + 0.6;
      panel.series.push_back({Kind::line, {{1.0, 0.4}, {1.0, last}}, {Ink::text, 2}, 1.5});
    }
    for (std::size_t i = 0; i < group.rows.size(); ++i) {
      const Row& row = group.rows[i];
      const double y = static_cast<double>(i + 1);
      if (!row.interval) {
        add_values(row, y, panel);
        continue;
      }
      if (std::isfinite(row.noise)) {
        const double low = 1.0 / (1.0 + row.noise), high = 1.0 + row.noise;
        panel.series.push_back({Kind::box, {{inside(low), y - 0.5, inside(high), y + 0.5}}, {Ink::band}});
      }
      panel.series.push_back({Kind::interval,
                              {{row.values[1], y, inside(row.values[0]), inside(row.values[2])}},
                              row.look,
                              0.75});
    }
    figure.panels.push_back(std::move(panel));
  }
}

std::vector<Figure::Mark> legend_of_timed(const Document& document) {
  return backend_legend(entries_where(document.cases, &ReportCase::timed), document.suite);
}

}  // namespace

Look look_of(std::size_t place) {
  static constexpr Look kLooks[] = {{Ink::s1, 7},  {Ink::s2, 5},  {Ink::s3, 9},
                                    {Ink::s4, 13}, {Ink::s5, 11}, {Ink::s6, 15}};
  return kLooks[place % std::size(kLooks)];
}

Look look_of_backend(const SuiteFacts& suite, const std::string& backend) {
  // avx512 is the one that many machines lack; the grey of the last one fits the base.
  static constexpr std::size_t kOrder[] = {4, 0, 1, 2, 5};
  const std::size_t place = suite.place_of_backend(backend);
  return look_of(place < std::size(kOrder) ? kOrder[place] : 3);
}

Figure speed_figure(const Document& document) {
  Figure figure;
  double rounds = 0.0;
  std::vector<RowGroup> groups = row_groups(
      document, [](const Group&) { return ratio_axis("times as fast as naive on one thread"); },
      [&](const ReportCase& row) {
        if (!row.speed || !std::isfinite(row.speed->ratio)) return Row{};
        rounds = std::max(rounds, row.speed->rounds.value);
        return interval_row(row.speed->ratio, row.speed->interval, row.noise_floor);
      });
  share_axis(groups);
  add_panels(std::move(groups), 0.04, figure);
  figure.legend = legend_of_timed(document);
  std::erase_if(figure.legend, [](const Figure::Mark& mark) { return mark.text == "naive"; });
  figure.legend.push_back({"noise of the row", {Ink::band, Figure::kBand}});
  figure.caption = fmt::format(
      "Speed against naive on one thread, of the same dtype. Point: median over up to {} rounds; bar: its "
      "interval, all of them together hold with {}. Hollow: float64, filled: float32. Dashed line: as fast "
      "as naive.",
      count_text(rounds), confidence_text(document));
  figure.how =
      "A bar that does not touch the dashed line is faster (right) or slower (left); one within the band "
      "cannot be told from noise.";
  figure.instead = "There are no two speeds against naive in any experiment, so there is nothing to draw.";
  return figure;
}

Figure accuracy_figure(const Document& document) {
  Figure figure;
  std::size_t seeds = 0;
  std::vector<RowGroup> groups = row_groups(
      document,
      [](const Group& group) {
        return group.is_regression() ? Axis::of("mean squared error", false, number_text)
                                     : Axis::of("accuracy", false, percent_number, 1.0);
      },
      [&](const ReportCase& row) {
        std::vector<double> values = row.over_seeds ? row.over_seeds->quality() : std::vector<double>();
        if (values.size() < 2 || !range_over(values).known()) values.clear();
        seeds = std::max(seeds, values.size());
        return Row{values};
      });
  add_panels(std::move(groups), 0.06, figure);
  figure.caption = fmt::format(
      "Quality on the held-out data, or on the training data where an experiment has no other, after all "
      "epochs; one point a seed, up to {} seeds; they are moved up and down to be seen. Vertical line: the "
      "median.",
      seeds);
  figure.how = "Rows that look alike learn alike; seeds move a result further than backends do.";
  figure.instead =
      "The run had one seed only (mlpbench run --seeds 10 has more), so there is no spread to draw.";
  return figure;
}

Figure rounds_figure(const Document& document) {
  Figure figure;
  std::size_t most = 0;
  std::vector<RowGroup> groups = row_groups(
      document, [](const Group&) { return Axis::of("samples a second", true, short_quantity_text); },
      [&](const ReportCase& row) {
        Row rates;
        if (!std::isfinite(row.samples_per_epoch)) return rates;
        for (const double seconds : row.epoch_seconds)
          rates.values.push_back(row.samples_per_epoch / seconds);
        most = std::max(most, rates.values.size());
        return rates;
      });
  add_panels(std::move(groups), 0.04, figure);
  figure.legend = legend_of_timed(document);
  figure.caption = fmt::format(
      "Throughput of every round, up to {} rounds a case, none dropped; the points are moved up and down to "
      "be seen. Vertical line: the median. Hollow: float64, filled: float32.",
      most);
  figure.how =
      "Two clusters in a row are two states of the machine; a tail to the left is time that something else "
      "took.";
  figure.instead = "No experiment has two cases with times, so there is nothing to draw.";
  return figure;
}

Figure change_figure(const CompareResult& change, const SuiteFacts& suite) {
  const auto look_of_verdict = [](Verdict verdict) -> Look {
    if (verdict == Verdict::regressed) return {Ink::s2, 11};
    return verdict == Verdict::improved ? Look{Ink::s3, 9} : Look{Ink::s6, 7};
  };
  Figure figure;
  std::vector<RowGroup> groups;
  const auto experiment = [](const CaseVerdict& c) { return c.name.substr(0, c.name.find('/')); };
  for (const auto& [name, cases] : by_name(change.cases, experiment, suite.experiment_order())) {
    RowGroup rows{name, ratio_axis("candidate / base, time of an epoch")};
    for (const CaseVerdict* c : cases) {
      if (!c->ratio) continue;
      const std::size_t rest = std::min(name.size() + 1, c->name.size());
      add_row(rows, interval_row(*c->ratio, c->interval), c->name.substr(rest), look_of_verdict(c->verdict));
    }
    groups.push_back(std::move(rows));
  }
  share_axis(groups);
  add_panels(std::move(groups), 0.05, figure);
  for (const Verdict verdict : {Verdict::regressed, Verdict::improved}) {
    figure.legend.push_back({std::string(to_string(verdict)), look_of_verdict(verdict)});
  }
  figure.legend.push_back({"neither", look_of_verdict(Verdict::equivalent)});
  figure.caption = fmt::format(
      "Candidate against base: the median of all quotients and its interval; all of them together hold with "
      "{}. Dashed line: no change.",
      percent_text(change.options.confidence, 0));
  figure.how = "Right of the dashed line is slower than before, left of it is faster.";
  figure.instead = "No experiment has two cases that can be compared, so there is nothing to draw.";
  return figure;
}

}  // namespace mlpbench
