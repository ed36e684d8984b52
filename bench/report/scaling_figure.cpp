#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/report/figures.h"

namespace mlpbench {
namespace {

using Kind = Series::Kind;

/// A panel of a case: the ideal, what the probes gain, each backend. Whether there was more than one thread.
bool add_scaling_panel(const std::string& name, const std::vector<const ScalingFact*>& rows,
                       const SuiteFacts& suite, Figure& figure) {
  double most = 1.0, highest = 1.0;
  for (const ScalingFact* row : rows) {
    most = std::max(most, static_cast<double>(row->threads));
    highest = std::fmax(std::fmax(highest, row->speedup.highest), row->fma_ceiling.median);
  }
  if (most < 2.0 || figure.full()) return false;
  Panel panel{name,
              270,
              220,
              {"threads", 0.8, most + 0.2, false, nullptr, 1.0},
              {"speed-up", 0.0, std::max(most, highest) * 1.06}};
  panel.series.push_back({Kind::line, {{1.0, 1.0}, {most, most}}, {"muted", 2}, 1.5});
  const auto add = [&](const std::vector<const ScalingFact*>& points, RangeOfRounds ScalingFact::*gain,
                       Series marks, double width, int dashes) {
    for (const ScalingFact* point : points) {
      const Range& range = point->*gain;
      marks.rows.push_back({static_cast<double>(point->threads), range.median, range.lowest, range.highest});
    }
    panel.series.push_back({Kind::line, marks.rows, {marks.look.ink, dashes}, width, marks.of});
    panel.series.push_back(std::move(marks));
  };
  const auto backends = by_name(rows, &ScalingFact::backend, suite.backend_order());
  add(backends.front().second, &ScalingFact::fma_ceiling,
      {Kind::points, {}, {"text", 1}, 0.6, "", "multiply-adds"}, 1.5, 1);
  add(backends.front().second, &ScalingFact::memory_ceiling,
      {Kind::points, {}, {"text", 2}, 0.6, "", "reading memory"}, 1.5, 3);
  for (const auto& [backend, points] : backends) {
    add(points, &ScalingFact::speedup,
        {Kind::bars, {}, look_of_backend(suite, backend), 0.8, backend, backend}, 1.8, 1);
  }
  figure.panels.push_back(std::move(panel));
  return true;
}

}  // namespace

Figure scaling_figure(const Document& document) {
  Figure figure;
  std::vector<const ScalingFact*> drawn;
  std::size_t rounds = 0;
  for (const ScalingFact& row : document.scaling) {
    if (!row.wrong.empty() || !row.obeys_threshold || !row.speedup.known()) continue;
    drawn.push_back(&row);
    rounds = std::max(rounds, row.speedup.values.size());
  }
  std::vector<const ScalingFact*> in_panels;
  for (const auto& [name, rows] : by_name(drawn, &ScalingFact::name)) {
    if (add_scaling_panel(name, rows, document.suite, figure))
      in_panels.insert(in_panels.end(), rows.begin(), rows.end());
  }
  if (figure.empty()) return figure;
  figure.legend = backend_legend(in_panels, document.suite);
  figure.legend.push_back({"ideal", {"muted", Figure::kDashes}, false});
  figure.legend.push_back({"what multiply-adds gain", {"text", 1}, false});
  figure.legend.push_back({"what reading memory gains", {"text", 2}, false});
  figure.caption = fmt::format(
      "Speed-up over one thread of the same round, in {}: median over up to {} rounds, bars from the lowest "
      "to the highest. The ceilings are what the probes of this machine gain on as many threads, beside each "
      "visit.",
      dtypes_text(document.scaling), rounds);
  figure.how =
      "A line below the ceilings loses to forks, waiting or uneven work; the ceilings themselves are what "
      "the machine has.";
  return figure;
}

}  // namespace mlpbench
