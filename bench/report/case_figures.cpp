#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/facts.h"
#include "bench/report/figures.h"
#include "bench/report/words.h"
#include "support/table.h"
#include "support/unicode.h"

namespace mlpbench {
namespace {

using Kind = Series::Kind;

/// Filled for float32, hollow for the others.
Look look_of_case(const SuiteFacts& suite, const ReportCase& row) {
  const Look look = look_of_backend(suite, row.backend);
  return {look.ink, row.dtype == "float32" ? look.type : look.type - 1};
}

/// A panel that add_interval() or add_values() give rows.
Panel row_panel(std::string title, Axis x) { return {std::move(title), 460, 0, std::move(x), {}}; }

/// An axis of ratios, which has 1.
Axis ratio_axis(const std::string& title) {
  Axis axis = Axis::of(title, true, [](double ratio) { return number_text(ratio) + "x"; });
  axis.include(1.0);
  return axis;
}

/// The place of a new row of that name, whose values are taken into the axis.
double add_row(const std::string& name, const std::vector<double>& values, Panel& panel) {
  for (const double value : values) panel.x.include(value);
  panel.rows.push_back(name);
  return static_cast<double>(panel.rows.size());
}

/// An interval over the band of ratios that are noise, where that is known.
void add_interval(const std::string& name, double middle, const std::optional<Interval>& interval,
                  double noise, Look look, Panel& panel) {
  const auto [low, high, confidence] = interval.value_or(Interval{middle, middle});
  const double y = add_row(name, {low, middle, high}, panel);
  if (std::isfinite(noise)) {
    panel.series.push_back({Kind::box, {{1.0 / (1.0 + noise), y - 0.5, 1.0 + noise, y + 0.5}}, {Ink::band}});
  }
  panel.series.push_back({Kind::interval, {{middle, y, low, high}}, look, 0.75});
}

/// Values over a line at their median. Points that would cover each other are moved up and down by turns, the
/// same way every time.
void add_values(const std::string& name, const std::vector<double>& values, Look look, Panel& panel) {
  if (values.empty()) return;
  const double y = add_row(name, values, panel), middle = range_over(values).median;
  Series points{Kind::points, {}, look, 0.5};
  for (std::size_t i = 0; i < values.size(); ++i) {
    points.rows.push_back({values[i], y + 0.09 * (static_cast<double>(i % 5) - 2.0)});
  }
  panel.series.push_back({Kind::line, {{middle, y - 0.38}, {middle, y + 0.38}}, {Ink::text}, 2.5});
  panel.series.push_back(std::move(points));
}

/// A panel for each group, to which `add` gives a row for each case.
template <typename AxisOf, typename Add>
std::vector<Panel> group_panels(const Document& document, AxisOf axis_of, Add add) {
  std::vector<Panel> panels;
  for (const Group& group : groups_of(document)) {
    Panel& panel = panels.emplace_back(row_panel(group.name, axis_of(group)));
    for (const ReportCase& row : group.cases) {
      add(row, case_label(row), look_of_case(document.suite, row), panel);
    }
  }
  return panels;
}

/// Adds the panels with at least two rows, as high as these need, with some `room` at the ends of the axis.
void add_panels(std::vector<Panel> panels, double room, Figure& figure) {
  constexpr std::size_t kLongestName = 30;
  for (Panel& panel : panels) {
    if (panel.rows.size() < 2 || panel.rows.size() > 60 || figure.full()) continue;
    std::size_t longest = 0;
    for (const std::string& row : panel.rows) longest = std::max(longest, display_width(row));
    panel.x.pad(room);
    panel.margins.left = 20 + 7 * static_cast<int>(std::min(longest, kLongestName));
    panel.margins.right = 18;
    const int count = static_cast<int>(panel.rows.size());
    panel.height = panel.margins.top + panel.margins.bottom + 24 * count;
    panel.y = {"", count + 0.6, 0.4};
    figure.panels.push_back(std::move(panel));
  }
}

/// The same of ratios, with one axis for all panels and a line at 1.
void add_ratio_panels(std::vector<Panel> panels, double room, Figure& figure) {
  Axis axis = ratio_axis("");
  for (const Panel& panel : panels) {
    axis.include(panel.x.low);
    axis.include(panel.x.high);
  }
  for (Panel& panel : panels) {
    panel.x.low = axis.low;
    panel.x.high = axis.high;
    const double last = static_cast<double>(panel.rows.size()) + 0.6;
    panel.series.insert(panel.series.begin(), {Kind::line, {{1.0, 0.4}, {1.0, last}}, {Ink::text, 2}, 1.5});
  }
  add_panels(std::move(panels), room, figure);
}

std::string percent_number(double share) { return fmt::format("{:.3g} %", 100.0 * share); }

std::vector<Figure::Mark> legend_of_timed(const Document& document) {
  return backend_legend(entries_where(document.cases, &ReportCase::timed), document.suite);
}

}  // namespace

Look look_of(std::size_t place) {
  // Six colours that colour-blind readers tell apart (Okabe and Ito), then the same in other shapes.
  static constexpr Look kLooks[] = {{Ink::s1, 7},  {Ink::s2, 5},  {Ink::s3, 9},  {Ink::s4, 13},
                                    {Ink::s5, 11}, {Ink::s6, 15}, {Ink::s1, 13}, {Ink::s2, 9},
                                    {Ink::s3, 15}, {Ink::s4, 5},  {Ink::s5, 7},  {Ink::s6, 11}};
  return kLooks[place % std::size(kLooks)];
}

Look look_of_backend(const SuiteFacts& suite, const std::string& backend) {
  // avx512 is the one that many machines lack; the grey fits naive, which is the last of the suite's.
  static constexpr std::size_t kOrder[] = {4, 0, 1, 2, 3, 6, 7, 8, 9, 10, 5};
  const std::size_t place = suite.place_of_backend(backend);
  return look_of(place < std::size(kOrder) ? kOrder[place] : place);
}

Figure speed_figure(const Document& document) {
  Figure figure;
  double rounds = 0.0;
  const std::string& base = document.method.base;
  const auto axis = [&](const Group&) { return ratio_axis("times as fast as " + base + " on one thread"); };
  const auto add = [&](const ReportCase& row, const std::string& name, Look look, Panel& panel) {
    if (!row.speed || !std::isfinite(row.speed->ratio)) return;
    rounds = std::max(rounds, row.speed->rounds.value);
    add_interval(name, row.speed->ratio, row.speed->interval, row.noise_floor, look, panel);
  };
  add_ratio_panels(group_panels(document, axis, add), 0.04, figure);
  figure.legend = legend_of_timed(document);
  std::erase_if(figure.legend, [&](const Figure::Mark& mark) { return mark.text == base; });
  figure.legend.push_back({"noise of the row", {Ink::band, Figure::kBand}});
  figure.caption = fmt::format(
      "Speed against {} on one thread, of the same dtype. Point: median over up to {} rounds; bar: its "
      "interval, all of them together hold with {}. Hollow: float64, filled: float32. Dashed line: as fast "
      "as {}.",
      base, count_text(rounds), confidence_text(document), base);
  figure.how =
      "A bar that does not touch the dashed line is faster (right) or slower (left); one within the band "
      "cannot be told from noise.";
  figure.instead =
      fmt::format("There are no two speeds against {} in any experiment, so there is nothing to draw.", base);
  return figure;
}

Figure accuracy_figure(const Document& document) {
  Figure figure;
  std::size_t seeds = 0;
  const auto axis = [](const Group& group) {
    return group.is_regression() ? Axis::of("mean squared error", false, number_text)
                                 : Axis::of("accuracy", false, percent_number, 1.0);
  };
  const auto add = [&](const ReportCase& row, const std::string& name, Look look, Panel& panel) {
    if (!row.over_seeds) return;
    const std::vector<double>& values = row.over_seeds->quality();
    if (values.size() < 2 || !range_over(values).known()) return;
    seeds = std::max(seeds, values.size());
    add_values(name, values, look, panel);
  };
  add_panels(group_panels(document, axis, add), 0.06, figure);
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
  const auto axis = [](const Group&) { return Axis::of("samples a second", true, short_quantity_text); };
  const auto add = [&](const ReportCase& row, const std::string& name, Look look, Panel& panel) {
    if (!std::isfinite(row.samples_per_epoch)) return;
    std::vector<double> rates;
    for (const double seconds : row.epoch_seconds) rates.push_back(row.samples_per_epoch / seconds);
    most = std::max(most, rates.size());
    add_values(name, rates, look, panel);
  };
  add_panels(group_panels(document, axis, add), 0.04, figure);
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
  std::vector<Panel> panels;
  const auto experiment = [](const CaseVerdict& c) { return c.name.substr(0, c.name.find('/')); };
  for (const auto& [name, cases] : by_name(change.cases, experiment, suite.experiment_order())) {
    Panel& panel = panels.emplace_back(row_panel(name, ratio_axis("candidate / base, time of an epoch")));
    for (const CaseVerdict* c : cases) {
      const std::size_t rest = std::min(name.size() + 1, c->name.size());
      if (c->ratio)
        add_interval(c->name.substr(rest), *c->ratio, c->interval, NAN, look_of_verdict(c->verdict), panel);
    }
  }
  add_ratio_panels(std::move(panels), 0.05, figure);
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
