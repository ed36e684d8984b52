#include "bench/report/leaders.h"

#include <algorithm>

#include "bench/stats/paired.h"

namespace mlpbench {
namespace {

/// What a leader is compared with.
std::vector<const ReportCase*> rivals_of(const Group& group) {
  const ReportCase* leader = group.fastest();
  return entries_where(group.cases, [&](const ReportCase& row) {
    return leader != nullptr && row.timed() && row.wrong.empty() && row.backend != leader->backend;
  });
}

bool separated(const ReportCase& leader, const ReportCase& rival, double confidence) {
  if (!(confidence > 0.0 && confidence < 1.0)) return false;
  const std::size_t rounds = std::min(leader.epoch_seconds.size(), rival.epoch_seconds.size());
  const PairedRatio ratio = paired_ratio(std::span(rival.epoch_seconds).first(rounds),
                                         std::span(leader.epoch_seconds).first(rounds), confidence);
  return ratio.separation() == Separation::faster;
}

}  // namespace

std::size_t leader_comparisons(const std::vector<Group>& groups) {
  std::size_t all = 0;
  for (const Group& group : groups) all += rivals_of(group).size();
  return all;
}

std::vector<Leader> leaders_of(const std::vector<Group>& groups, const Document& document) {
  const double confidence = confidence_of_each(document.method.confidence, leader_comparisons(groups));
  std::vector<Leader> leaders;
  for (const Group& group : groups) {
    const std::vector<const ReportCase*> rivals = rivals_of(group);
    if (rivals.empty()) continue;
    Leader leader{&group, group.fastest(), {}};
    for (const auto& [backend, cases] :
         by_name(rivals, &ReportCase::backend, document.suite.backend_order())) {
      const bool all = std::all_of(cases.begin(), cases.end(), [&](const ReportCase* rival) {
        return separated(*leader.row, *rival, confidence);
      });
      if (!all) leader.not_separated_from.push_back(backend);
    }
    leaders.push_back(std::move(leader));
  }
  return leaders;
}

}  // namespace mlpbench
