#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/report/figures.h"
#include "bench/report/groups.h"
#include "bench/report/order.h"
#include "bench/report/words.h"
#include "support/format.h"

namespace mlpbench {
namespace {

constexpr int kWidth = 460;

std::string row_name(const ReportCase& row) {
  return row.backend + " " + row.dtype + (row.threads > 1 ? fmt::format(", {} threads", row.threads) : "");
}

/// Filled for float32, hollow for the others.
int marker_of(const ReportCase& row) {
  const int filled = look_of_backend(row.backend).type;
  return row.dtype == "float32" ? filled : filled - 1;
}

Ink ink_of(const ReportCase& row) { return look_of_backend(row.backend).ink; }

std::string times_number(double ratio) { return number_text(ratio) + "x"; }
std::string percent_number(double part) { return fmt::format("{:.3g} %", 100.0 * part); }

/// Spreads points that would cover each other: up and down by turns, the same way every time.
double jitter(std::size_t i) { return 0.09 * (static_cast<double>(i % 5) - 2.0); }

/// A row of raw values over a line at their median.
void add_values(Panel& panel, const std::vector<double>& values, double y, int type, Ink ink) {
  std::vector<std::vector<double>> points;
  for (std::size_t i = 0; i < values.size(); ++i) points.push_back({values[i], y + jitter(i)});
  const double middle = range_over(values).median;
  panel.lines({{middle, y - 0.38}, {middle, y + 0.38}}, 2.5, Ink::text);
  panel.points(points, type, 0.5, ink);
}

/// The drawings of groups that have at least two of the rows that `wanted` accepts.
template <typename Wanted, typename Draw>
void add_groups(const Document& document, Figure& figure, Wanted wanted, Draw draw) {
  for (const Group& group : groups_of(document)) {
    std::vector<const ReportCase*> rows;
    for (const ReportCase& row : group.cases) {
      if (wanted(row)) rows.push_back(&row);
    }
    if (rows.size() < 2 || rows.size() > 60 || figure.drawings.size() == kMaxDrawings) continue;
    figure.drawings.push_back({group.name, draw(group, rows)});
  }
}

std::vector<std::string> names_of(const std::vector<const ReportCase*>& rows) {
  std::vector<std::string> names;
  for (const ReportCase* row : rows) names.push_back(row_name(*row));
  return names;
}

/// A backend each, once, in the suite's order.
std::vector<Figure::Mark> backend_legend(const Document& document) {
  std::map<std::pair<std::size_t, std::string>, Look> looks;
  for (const ReportCase& row : document.cases) {
    if (row.timed()) looks[{place_of_backend(row.backend), row.backend}] = look_of_backend(row.backend);
  }
  std::vector<Figure::Mark> legend;
  for (const auto& [key, look] : looks) legend.push_back({key.second, look.type, look.ink});
  return legend;
}

std::string confidence_text(const Document& document) {
  const auto found = document.method.find("confidence");
  return found != document.method.end() && found->is_number() ? percent_text(found->get<double>(), 0)
                                                              : "stated";
}

}  // namespace

Look look_of(std::size_t place) {
  static constexpr Look kLooks[] = {{Ink::s1, 7},  {Ink::s2, 5},  {Ink::s3, 9},
                                    {Ink::s4, 13}, {Ink::s5, 11}, {Ink::s6, 15}};
  return kLooks[place % std::size(kLooks)];
}

Look look_of_backend(const std::string& backend) {
  // avx512 is the one that many machines lack; the grey of the last one fits the base.
  static constexpr std::size_t kOrder[] = {4, 0, 1, 2, 5};
  const std::size_t place = place_of_backend(backend);
  return look_of(place < std::size(kOrder) ? kOrder[place] : 3);
}

Figure speed_figure(const Document& document) {
  Figure figure;
  Axis axis = Axis::of("times as fast as naive on one thread", true, times_number);
  axis.include(1.0);
  for (const ReportCase& row : document.cases) {
    if (!row.speed) continue;
    axis.include(row.speed->ratio);
    if (row.speed->interval) axis.include(row.speed->interval->low);
    if (row.speed->interval) axis.include(row.speed->interval->high);
  }
  axis.pad(0.04);
  add_groups(
      document, figure, [](const ReportCase& row) { return row.speed && std::isfinite(row.speed->ratio); },
      [&](const Group&, const std::vector<const ReportCase*>& rows) {
        Panel panel = Panel::with_rows(kWidth, names_of(rows), axis);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const double y = static_cast<double>(i + 1), noise = rows[i]->noise_floor;
          if (!std::isfinite(noise)) continue;
          panel.command(fmt::format(
              "set object rect from {:.6g},{:.6g} to {:.6g},{:.6g} fs solid 1 noborder fc rgb '{}' behind",
              std::max(1.0 / (1.0 + noise), axis.low), y - 0.5, std::min(1.0 + noise, axis.high), y + 0.5,
              stand_in(Ink::band)));
        }
        const double last = static_cast<double>(rows.size()) + 0.6;
        panel.lines({{1.0, 0.4}, {1.0, last}}, 1.5, Ink::text, 2);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const SpeedFact& speed = *rows[i]->speed;
          const double low = speed.interval ? speed.interval->low : speed.ratio;
          const double high = speed.interval ? speed.interval->high : speed.ratio;
          panel.interval(low, speed.ratio, high, static_cast<double>(i + 1), marker_of(*rows[i]),
                         ink_of(*rows[i]));
        }
        return panel.script();
      });
  figure.legend = backend_legend(document);
  std::erase_if(figure.legend, [](const Figure::Mark& mark) { return mark.text == "naive"; });
  figure.legend.push_back({"noise of the row", Figure::kBand, Ink::band});
  double rounds = 0.0;
  for (const ReportCase& row : document.cases) rounds = std::max(rounds, row.speed ? row.speed->rounds : 0.0);
  figure.caption = fmt::format(
      "Speed against naive on one thread, of the same dtype. Point: median over up to {} rounds; bar: its "
      "interval, all "
      "of them together hold with {}. Hollow: float64, filled: float32. Dashed line: as fast as naive.",
      count_text(rounds), confidence_text(document));
  figure.how =
      "A bar that does not touch the dashed line is faster (right) or slower (left); one within the band "
      "cannot be told from noise.";
  if (figure.empty())
    figure.instead = "There are no two speeds against naive in any experiment, so there is nothing to draw.";
  return figure;
}

Figure accuracy_figure(const Document& document) {
  Figure figure;
  std::size_t seeds = 0;
  add_groups(
      document, figure,
      [&](const ReportCase& row) {
        const bool drawn = row.over_seeds && range_over(row.over_seeds->quality()).known() &&
                           row.over_seeds->quality().size() > 1;
        if (drawn) seeds = std::max(seeds, row.over_seeds->quality().size());
        return drawn;
      },
      [&](const Group& group, const std::vector<const ReportCase*>& rows) {
        const bool error = group.is_regression();
        Axis axis =
            Axis::of(error ? "mean squared error" : "accuracy", false, error ? number_text : percent_number);
        for (const ReportCase* row : rows) {
          for (const double value : row->over_seeds->quality()) axis.include(value);
        }
        axis.pad(0.06);
        if (!error && axis.high > 1.0) axis.high = std::max(1.0 + 0.02 * (1.0 - axis.low), 1.0001);
        Panel panel = Panel::with_rows(kWidth, names_of(rows), axis);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          add_values(panel, rows[i]->over_seeds->quality(), static_cast<double>(i + 1), marker_of(*rows[i]),
                     ink_of(*rows[i]));
        }
        return panel.script();
      });
  figure.caption = fmt::format(
      "Quality on the held-out data, or on the training data where an experiment has no other, after all "
      "epochs; one point a seed, up to {} seeds; they are "
      "moved up and down to be seen. Vertical line: the median.",
      seeds);
  figure.how = "Rows that look alike learn alike; seeds move a result further than backends do.";
  if (figure.empty())
    figure.instead =
        "The run had one seed only (mlpbench run --seeds 10 has more), so there is no spread to draw.";
  return figure;
}

Figure rounds_figure(const Document& document) {
  Figure figure;
  std::size_t most = 0;
  add_groups(
      document, figure,
      [&](const ReportCase& row) {
        if (row.timed()) most = std::max(most, row.epoch_seconds.size());
        return row.timed() && std::isfinite(row.samples_per_epoch);
      },
      [&](const Group&, const std::vector<const ReportCase*>& rows) {
        Axis axis = Axis::of("samples a second", true, short_quantity_text);
        for (const ReportCase* row : rows) {
          for (const double seconds : row->epoch_seconds) axis.include(row->samples_per_epoch / seconds);
        }
        axis.pad(0.04);
        Panel panel = Panel::with_rows(kWidth, names_of(rows), axis);
        for (std::size_t i = 0; i < rows.size(); ++i) {
          std::vector<double> rates = rows[i]->epoch_seconds;
          for (double& value : rates) value = rows[i]->samples_per_epoch / value;
          add_values(panel, rates, static_cast<double>(i + 1), marker_of(*rows[i]), ink_of(*rows[i]));
        }
        return panel.script();
      });
  figure.legend = backend_legend(document);
  figure.caption = fmt::format(
      "Throughput of every round, up to {} rounds a case, none dropped; the points are moved up "
      "and down to be seen. Vertical line: the median. Hollow: float64, filled: float32.",
      most);
  figure.how =
      "Two clusters in a row are two states of the machine; a tail to the left is time that something else "
      "took.";
  if (figure.empty()) figure.instead = "No experiment has two cases with times, so there is nothing to draw.";
  return figure;
}

Figure change_figure(const CompareResult& change) {
  Figure figure;
  std::map<std::pair<std::size_t, std::string>, std::vector<const CaseVerdict*>> groups;
  Axis axis = Axis::of("candidate / base, time of an epoch", true, times_number);
  axis.include(1.0);
  for (const CaseVerdict& c : change.cases) {
    if (!c.ratio) continue;
    const std::string experiment = c.name.substr(0, c.name.find('/'));
    groups[{place_of_experiment(experiment), experiment}].push_back(&c);
    axis.include(*c.ratio);
    if (c.interval) axis.include(c.interval->low);
    if (c.interval) axis.include(c.interval->high);
  }
  axis.pad(0.05);
  for (const auto& [key, rows] : groups) {
    if (rows.size() < 2 || rows.size() > 60 || figure.drawings.size() == kMaxDrawings) continue;
    std::vector<std::string> names;
    for (const CaseVerdict* c : rows)
      names.push_back(c->name.substr(std::min(c->name.find('/') + 1, c->name.size())));
    Panel panel = Panel::with_rows(kWidth, names, axis);
    panel.lines({{1.0, 0.4}, {1.0, static_cast<double>(rows.size()) + 0.6}}, 1.5, Ink::text, 2);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const CaseVerdict& c = *rows[i];
      const Ink ink = c.verdict == Verdict::regressed  ? Ink::s2
                      : c.verdict == Verdict::improved ? Ink::s3
                                                       : Ink::s6;
      const int type = c.verdict == Verdict::regressed ? 11 : c.verdict == Verdict::improved ? 9 : 7;
      panel.interval(c.interval ? c.interval->low : *c.ratio, *c.ratio,
                     c.interval ? c.interval->high : *c.ratio, static_cast<double>(i + 1), type, ink);
    }
    figure.drawings.push_back({key.second, panel.script()});
  }
  figure.legend = {{"regressed", 11, Ink::s2}, {"improved", 9, Ink::s3}, {"neither", 7, Ink::s6}};
  figure.caption = fmt::format(
      "Candidate against base: the median of all quotients and its interval; all of them together "
      "hold with {}. Dashed line: no change.",
      percent_text(change.options.confidence, 0));
  figure.how = "Right of the dashed line is slower than before, left of it is faster.";
  if (figure.empty())
    figure.instead = "No experiment has two cases that can be compared, so there is nothing to draw.";
  return figure;
}

}  // namespace mlpbench
