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

/// "avx2|float32": by which names the page's filter hides a case.
std::string names_of(const ReportCase& row) { return row.backend + "|" + row.dtype; }

/// Values over a line at their median. Points that would cover each other are moved up and down by turns, the
/// same way every time.
void add_values(const ReportCase& row, const std::vector<double>& values, Look look, Panel& panel) {
  if (values.empty()) return;
  const double y = add_row(case_label(row), values, panel), middle = range_over(values).median;
  Series points{Kind::points, {}, look, 0.5, names_of(row)};
  for (std::size_t i = 0; i < values.size(); ++i) {
    points.rows.push_back({values[i], y + 0.09 * (static_cast<double>(i % 5) - 2.0)});
  }
  panel.series.push_back(
      {Kind::line, {{middle, y - 0.38}, {middle, y + 0.38}}, {"text"}, 2.5, names_of(row)});
  panel.series.push_back(std::move(points));
}

/// A panel for each group, to which `add` gives a row for each case.
template <typename AxisOf, typename Add>
std::vector<Panel> group_panels(const Document& document, AxisOf axis_of, Add add) {
  std::vector<Panel> panels;
  for (const Group& group : groups_of(document)) {
    Panel& panel = panels.emplace_back(row_panel(group.name, axis_of(group)));
    for (const ReportCase& row : group.cases) {
      add(row, look_of_case(document.suite, row), panel);
    }
  }
  return panels;
}

/// Adds the panels that have rows, as high as these need, with some `room` at the ends of the axis.
void add_panels(std::vector<Panel> panels, double room, Figure& figure, int row_height = 22) {
  constexpr std::size_t kLongestName = 30;
  for (Panel& panel : panels) {
    if (panel.rows.empty() || panel.rows.size() > 60 || figure.full()) continue;
    std::size_t longest = 0;
    for (const std::string& row : panel.rows) longest = std::max(longest, display_width(row));
    panel.x.pad(room);
    panel.margins.left = 20 + 9 * static_cast<int>(std::min(longest, kLongestName));
    panel.margins.right = 18;
    const int count = static_cast<int>(panel.rows.size());
    panel.height = panel.margins.top + panel.margins.bottom + row_height * count;
    panel.y = {"", count + 0.6, 0.4};
    figure.panels.push_back(std::move(panel));
  }
}

/// A line at 1, from the first row to the last.
void add_line_at_one(Panel& panel) {
  const double last = static_cast<double>(panel.rows.size()) + 0.6;
  panel.series.insert(panel.series.begin(), {Kind::line, {{1.0, 0.4}, {1.0, last}}, {"text", 2}, 1.5});
}

/// The speeds of a table's cases of one dtype in one row. Neighbours are moved up and down by turns.
void add_speeds(const Group& group, const std::string& dtype, Panel& panel) {
  auto rows = entries_where(group.cases, [&](const ReportCase& row) {
    return row.dtype == dtype && row.speed && std::isfinite(row.speed->ratio);
  });
  if (rows.empty()) return;
  std::ranges::stable_sort(rows, {}, [](const ReportCase* row) { return row->speed->ratio; });
  const double y = add_row(group.name, {}, panel);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ReportCase& row = *rows[i];
    const SpeedFact& speed = *row.speed;
    const auto [low, high, confidence] = speed.interval.value_or(Interval{speed.ratio, speed.ratio});
    for (const double value : {low, speed.ratio, high}) panel.x.include(value);
    panel.series.push_back({Kind::interval,
                            {{speed.ratio, y + 0.24 * (static_cast<double>(i % 3) - 1.0), low, high}},
                            look_of_case(group.document->suite, row),
                            0.9,
                            names_of(row),
                            case_label(row)});
  }
}

std::string percent_number(double share) { return fmt::format("{:.3g} %", 100.0 * share); }

}  // namespace

Look look_of_backend(const SuiteFacts& suite, const std::string& backend) {
  // Colours go by elevens, filled markers by six; the grey is naive's.
  static constexpr int kMarkers[] = {7, 5, 9, 13, 11, 15};
  const std::size_t place = suite.place_of_backend(backend);
  return {backend == "naive" ? "b12" : fmt::format("b{}", place % 11 + 1), kMarkers[place % 6]};
}

std::vector<Figure::Mark> legend_of_cases(const Document& document) {
  return backend_legend(entries_where(document.cases, &ReportCase::timed), document.suite);
}

Figure speed_figure(const Document& document) {
  Figure figure;
  double rounds = 0.0;
  const std::string& base = document.method.base;
  const std::vector<Group> groups = groups_of(document);
  for (const ReportCase& row : document.cases) {
    if (row.speed) rounds = std::max(rounds, row.speed->rounds.value);
  }
  std::vector<Panel> panels;
  Axis shared = ratio_axis("");
  for (const std::string& dtype : names_by(document.cases, &ReportCase::dtype, place_of_dtype)) {
    Panel panel = row_panel(dtype, ratio_axis("times as fast as " + base + " on one thread"));
    panel.width = 528;
    panel.of = dtype;
    for (const Group& group : groups) add_speeds(group, dtype, panel);
    if (panel.rows.empty() || panel.series.size() < 2) continue;
    shared.include(panel.x.low), shared.include(panel.x.high);
    add_line_at_one(panel);
    panels.push_back(std::move(panel));
  }
  for (Panel& panel : panels) panel.x.low = shared.low, panel.x.high = shared.high;
  add_panels(std::move(panels), 0.04, figure, 38);
  figure.legend = legend_of_cases(document);
  std::erase_if(figure.legend, [&](const Figure::Mark& mark) { return mark.text == base; });
  figure.caption = fmt::format(
      "Speed against {} on one thread, of the same dtype. Point: median over up to {} rounds; bar: its "
      "interval where that is wider than the point, all of them together hold with {}. Within a row the "
      "points "
      "are moved up and down to be seen. Dashed line: as fast as {}.",
      base, count_text(rounds), confidence_text(document), base);
  figure.how =
      "A bar right of the dashed line is faster, left of it slower; one that touches it is not separated.";
  return figure;
}

Figure accuracy_figure(const Document& document) {
  Figure figure;
  std::size_t seeds = 0;
  const auto axis = [](const Group& group) {
    return group.is_regression() ? Axis::of("mean squared error", false, number_text)
                                 : Axis::of("accuracy", false, percent_number, 1.0);
  };
  const auto add = [&](const ReportCase& row, Look look, Panel& panel) {
    if (!row.over_seeds) return;
    const std::vector<double>& values = row.over_seeds->quality();
    if (values.size() < 2 || !range_over(values).known()) return;
    seeds = std::max(seeds, values.size());
    add_values(row, values, look, panel);
  };
  add_panels(group_panels(document, axis, add), 0.06, figure);
  figure.caption = fmt::format(
      "Quality after all epochs, on the held-out data, or on the training data where an experiment has no "
      "other. One point a seed, up to {} seeds, moved up and down to be seen. Vertical line: the median.",
      seeds);
  figure.how = "Rows that look alike learn alike; seeds move a result further than backends do.";
  return figure;
}

Figure rounds_figure(const Document& document) {
  Figure figure;
  std::size_t most = 0;
  const auto axis = [](const Group&) { return Axis::of("samples a second", true, short_quantity_text); };
  const auto add = [&](const ReportCase& row, Look look, Panel& panel) {
    if (!std::isfinite(row.samples_per_epoch)) return;
    std::vector<double> rates;
    for (const double seconds : row.epoch_seconds) rates.push_back(row.samples_per_epoch / seconds);
    most = std::max(most, rates.size());
    add_values(row, rates, look, panel);
  };
  add_panels(group_panels(document, axis, add), 0.04, figure);
  figure.caption = fmt::format(
      "Throughput of every round, up to {} rounds a case, none dropped; the points are moved up and down to "
      "be seen. Vertical line: the median. Hollow: float64, filled: float32.",
      most);
  figure.how =
      "Two clusters in a row are two states of the machine. A tail to the left is time that other work took.";
  return figure;
}

Figure change_figure(const CompareResult& change, const SuiteFacts& suite) {
  const auto look_of_verdict = [](Verdict verdict) -> Look {
    if (verdict == Verdict::regressed) return {"bad", 11};
    return verdict == Verdict::improved ? Look{"good", 9} : Look{"muted", 7};
  };
  Figure figure;
  std::vector<Panel> panels;
  Axis shared = ratio_axis("");
  const auto experiment = [](const CaseVerdict& c) { return c.name.substr(0, c.name.find('/')); };
  for (const auto& [name, cases] : by_name(change.cases, experiment, suite.experiment_order())) {
    Panel& panel = panels.emplace_back(row_panel(name, ratio_axis("candidate / base, time of an epoch")));
    for (const CaseVerdict* c : cases) {
      if (!c->ratio) continue;
      const auto [low, high, confidence] = c->interval.value_or(Interval{*c->ratio, *c->ratio});
      const double y =
          add_row(c->name.substr(std::min(name.size() + 1, c->name.size())), {low, *c->ratio, high}, panel);
      panel.series.push_back(
          {Kind::interval, {{*c->ratio, y, low, high}}, look_of_verdict(c->verdict), 0.75});
    }
    shared.include(panel.x.low), shared.include(panel.x.high);
    add_line_at_one(panel);
  }
  for (Panel& panel : panels) panel.x.low = shared.low, panel.x.high = shared.high;
  add_panels(std::move(panels), 0.05, figure);
  for (const Verdict verdict : {Verdict::regressed, Verdict::improved}) {
    figure.legend.push_back({std::string(to_string(verdict)), look_of_verdict(verdict), false});
  }
  figure.legend.push_back({"neither", look_of_verdict(Verdict::equivalent), false});
  figure.caption = fmt::format(
      "Candidate against base: the median of all quotients and its interval; all of them together hold with "
      "{}. Dashed line: no change.",
      percent_text(change.options.confidence, 0));
  figure.how = "Right of the dashed line is slower than before, left of it is faster.";
  return figure;
}

}  // namespace mlpbench
