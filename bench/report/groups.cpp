#include "bench/report/groups.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "bench/report/words.h"

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
  const std::optional<PairedRatio> ratio = paired_speed(rival, leader, confidence);
  return ratio && ratio->separation() == Separation::faster;
}

}  // namespace

const ReportCase& Group::typical() const noexcept {
  const auto found = std::ranges::find_if(
      cases, [](const ReportCase& row) { return row.unavailable.empty() && !row.record().layers.empty(); });
  return found == cases.end() ? cases.front() : *found;
}

const ReportCase* Group::fastest() const noexcept {
  const ReportCase* best = nullptr;
  for (const ReportCase& row : cases) {
    if (!row.timed() || !row.wrong.empty() || std::isnan(row.seconds.median)) continue;
    if (best == nullptr || row.seconds.median < best->seconds.median) best = &row;
  }
  return best;
}

const ReportCase* Group::base(const std::string& dtype) const noexcept {
  const auto found = std::ranges::find_if(cases, [&](const ReportCase& row) {
    return row.backend == document->method.base && row.dtype == dtype && row.alone() && row.timed();
  });
  return found == cases.end() ? nullptr : &*found;
}

bool Group::is_regression() const noexcept {
  const RecordFacts& record = typical().record();
  return std::isnan(record.test_accuracy) && !std::isnan(record.test_mse);
}

std::string Group::title() const {
  const RecordFacts& record = typical().record();
  std::string text = typical().experiment + ": ";
  if (!record.layers.empty()) {
    text += fmt::format("{}, {} epochs of {} samples, ", fmt::join(record.layers, "-"),
                        count_text(record.epochs), count_text(record.dataset.training_rows));
  }
  return text + typical().trainer;
}

std::string Group::base_text() const {
  std::set<std::string> seen;
  const auto bases = entries_where(cases, [&](const ReportCase& row) {
    return base(row.dtype) != nullptr && seen.insert(row.dtype).second;
  });
  if (bases.empty()) return document->method.base + " has no times: no speed";
  const auto text = [&](const ReportCase* row) {
    return seconds_text(base(row->dtype)->seconds.median) + " in " + row->dtype;
  };
  return document->method.base + " takes " + listed(bases, text) + " an epoch";
}

std::string Group::quality_title() const {
  const std::string& evaluated = typical().record().evaluated_on;
  const std::string title = (evaluated.empty() ? "test" : evaluated.substr(0, evaluated.find(' '))) +
                            (is_regression() ? " MSE" : " accuracy");
  for (const ReportCase& row : cases) {
    if (row.over_seeds) return fmt::format("{} [{} seeds]", title, row.over_seeds->seeds.size());
  }
  return title;
}

std::vector<Group> groups_of(const Document& document) {
  std::vector<Group> groups;
  const std::vector<ReportCase>& cases = document.cases;
  for (std::size_t first = 0, last = 0; first < cases.size(); first = last) {
    const std::string &experiment = cases[first].experiment, &trainer = cases[first].trainer;
    while (last < cases.size() && cases[last].experiment == experiment && cases[last].trainer == trainer) {
      ++last;
    }
    const bool only_trainer = (first == 0 || cases[first - 1].experiment != experiment) &&
                              (last == cases.size() || cases[last].experiment != experiment);
    groups.push_back({std::span(cases).subspan(first, last - first), &document,
                      only_trainer ? experiment : experiment + ", " + trainer});
  }
  return groups;
}

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
    Leader& leader = leaders.emplace_back(Leader{&group, group.fastest(), {}, nullptr, {}});
    leader.runner_up =
        *std::ranges::min_element(rivals, {}, [](const ReportCase* row) { return row->seconds.median; });
    leader.ahead = paired_speed(*leader.runner_up, *leader.row, confidence);
    const auto loses = [&](const ReportCase* rival) { return separated(*leader.row, *rival, confidence); };
    for (const auto& [backend, cases] :
         by_name(rivals, &ReportCase::backend, document.suite.backend_order())) {
      if (!std::ranges::all_of(cases, loses)) leader.not_separated_from.push_back(backend);
    }
  }
  return leaders;
}

std::vector<double> qualities_of(const ReportCase& row) {
  if (row.over_seeds) return row.over_seeds->quality();
  return {std::isnan(row.record().test_accuracy) ? row.record().test_mse : row.record().test_accuracy};
}

std::string quality_text(const ReportCase& row) {
  const bool accuracy =
      row.over_seeds ? !row.over_seeds->accuracy.empty() : !std::isnan(row.record().test_accuracy);
  const Range range = range_over(qualities_of(row));
  if (range.values.size() == 1) return accuracy ? percent_text(range.median, 2) : error_text(range.median);
  return accuracy ? range_text(range, percent_with<2>)
                  : range_text(range, [](double error) { return fmt::format("{:.4g}", error); });
}

std::string case_label(const ReportCase& row) {
  std::string label = row.backend + " " + row.dtype;
  if (row.threads > 1) label += fmt::format(", {} threads", row.threads);
  if (row.ranks > 1) label += fmt::format(", {} ranks", row.ranks);
  return label;
}

}  // namespace mlpbench
