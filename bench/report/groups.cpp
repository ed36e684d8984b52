#include "bench/report/groups.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "bench/report/words.h"

namespace mlpbench {

const ReportCase& Group::typical() const noexcept {
  const auto found = std::find_if(cases.begin(), cases.end(), [](const ReportCase& row) {
    return row.unavailable.empty() && !row.record().layers.empty();
  });
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
  for (const ReportCase& row : cases) {
    if (row.backend == "naive" && row.dtype == dtype && row.threads == 1 && row.timed()) return &row;
  }
  return nullptr;
}

bool Group::is_regression() const noexcept {
  const ReportCase& row = typical();
  return std::isnan(row.record().test_accuracy) && !std::isnan(row.record().test_mse);
}

std::string Group::title() const {
  const ReportCase& row = typical();
  std::string text = row.experiment + ": ";
  if (!row.record().layers.empty()) {
    text += fmt::format("{}, {} epochs of {} samples, ", fmt::join(row.record().layers, "-"),
                        count_text(row.record().epochs), count_text(row.record().dataset.training_rows));
  }
  return text + row.trainer;
}

std::string Group::base_text() const {
  std::string text;
  std::set<std::string> seen;
  for (const ReportCase& row : cases) {
    const ReportCase* naive = base(row.dtype);
    if (naive == nullptr || !seen.insert(row.dtype).second) continue;
    text +=
        fmt::format("{}{} in {}", text.empty() ? "" : ", ", seconds_text(naive->seconds.median), row.dtype);
  }
  return text.empty() ? "naive was not run: no speed" : fmt::format("naive takes {} an epoch", text);
}

std::string Group::quality_title() const {
  const ReportCase& row = typical();
  const std::string set = row.record().evaluated_on.substr(0, row.record().evaluated_on.find(' '));
  std::string title = (set.empty() ? "test" : set) + (is_regression() ? " MSE" : " accuracy");
  for (const ReportCase& other : cases) {
    if (!other.over_seeds) continue;
    return fmt::format("{} over {} seeds", title, other.over_seeds->seeds.size());
  }
  return title;
}

std::vector<Group> groups_of(const Document& document) {
  std::vector<Group> groups;
  const std::vector<ReportCase>& cases = document.cases;
  for (std::size_t first = 0; first < cases.size();) {
    std::size_t last = first;
    while (last < cases.size() && cases[last].experiment == cases[first].experiment &&
           cases[last].trainer == cases[first].trainer) {
      ++last;
    }
    const bool only_trainer = (first == 0 || cases[first - 1].experiment != cases[first].experiment) &&
                              (last == cases.size() || cases[last].experiment != cases[first].experiment);
    const std::string& experiment = cases[first].experiment;
    groups.push_back({std::span(cases).subspan(first, last - first), &document.suite,
                      only_trainer ? experiment : experiment + ", " + cases[first].trainer});
    first = last;
  }
  return groups;
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
  const std::string label = row.backend + " " + row.dtype;
  return row.threads > 1 ? fmt::format("{}, {} threads", label, row.threads) : label;
}

}  // namespace mlpbench
