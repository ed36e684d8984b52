#include "bench/results/speeds.h"

#include <algorithm>
#include <map>

#include "support/text.h"

namespace mlpbench {
namespace {

bool has_times(const Document& document, std::string_view backend) {
  return std::ranges::any_of(document.cases, [&](const ReportCase& row) {
    return row.backend == backend && row.alone() && row.timed();
  });
}

/// The library with the most tables in which its row is the fastest of all libraries'; empty without one.
std::string fastest_library(const Document& document) {
  std::map<std::string, const ReportCase*> fastest;  // by experiment, trainer and precision
  for (const ReportCase& row : document.cases) {
    if (row.record().library.empty() || row.kind == "peer" || !row.alone() || !row.timed()) continue;
    const ReportCase*& best = fastest[row.experiment + "/" + row.trainer + "/" + row.dtype];
    if (best == nullptr || row.seconds.median < best->seconds.median) best = &row;
  }
  std::map<std::string, std::size_t> wins;
  for (const auto& [table, row] : fastest) ++wins[row->backend];
  const auto most = std::ranges::max_element(wins, {}, [](const auto& one) { return one.second; });
  return most == wins.end() ? "" : most->first;
}

std::string timed_backends(const Document& document) {
  std::vector<std::string> names = document.suite.backends;
  std::erase_if(names, [&](const std::string& backend) { return !has_times(document, backend); });
  return listed(names, {}, "none has");
}

}  // namespace

std::optional<PairedRatio> paired_speed(const ReportCase& base, const ReportCase& row, double confidence) {
  const std::size_t rounds = std::min(base.epoch_seconds.size(), row.epoch_seconds.size());
  if (rounds == 0 || !(confidence > 0.0 && confidence < 1.0)) return std::nullopt;
  return paired_ratio(std::span(base.epoch_seconds).first(rounds), std::span(row.epoch_seconds).first(rounds),
                      confidence);
}

const ReportCase* row_of(const Document& document, const ReportCase& row, std::string_view backend) {
  const auto found = std::ranges::find_if(document.cases, [&](const ReportCase& other) {
    return other.backend == backend && other.alone() && other.experiment == row.experiment &&
           other.trainer == row.trainer && other.dtype == row.dtype && other.timed();
  });
  return found == document.cases.end() ? nullptr : &*found;
}

std::string usual_base(const Document& document) {
  if (has_times(document, "openblas")) return "openblas";
  const std::string library = fastest_library(document);
  return library.empty() ? "naive" : library;
}

void set_speeds(const std::string& option, const std::string& base, Document& document) {
  if (!base.empty() && !has_times(document, base)) {
    throw UserError(option + ": no case of '" + printable(base) +
                    "' has times; those that have: " + timed_backends(document));
  }
  MethodFacts& method = document.method;
  method.base = base.empty() ? usual_base(document) : base;
  std::vector<std::pair<ReportCase*, const ReportCase*>> pairs;
  for (ReportCase& row : document.cases) {
    row.speed.reset();
    const ReportCase* of = row.timed() ? row_of(document, row, method.base) : nullptr;
    if (of != nullptr && of != &row) pairs.emplace_back(&row, of);
  }
  const double confidence = confidence_of_each(method.confidence, pairs.size());
  std::vector<double> p_values;
  for (const auto& [row, of] : pairs) {
    const std::optional<PairedRatio> speed = paired_speed(*of, *row, confidence);
    if (!speed) continue;
    row->speed = SpeedFact{of->name,
                           of->seconds.median,
                           speed->ratio,
                           speed->interval,
                           speed->rounds,
                           speed->p_value,
                           std::string(to_string(speed->separation())),
                           kUnknown};
    p_values.push_back(speed->p_value);
  }
  method.comparisons = p_values.size();
  method.confidence_of_each = confidence;
  const std::vector<double> adjusted = holm(p_values);
  std::size_t next = 0;
  for (const auto& [row, of] : pairs) {
    if (row->speed) row->speed->p_value_holm = adjusted[next++];
  }
}

}  // namespace mlpbench
