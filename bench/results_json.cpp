#include <cmath>

#include "bench/report.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/record.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

ordered_json bounds(const std::optional<Interval>& interval) {
  if (!interval) return ordered_json();
  return {{"low", interval->low}, {"high", interval->high}, {"confidence", interval->confidence}};
}

/// Times and what follows from them. Ratios carry what they are of.
void add_times(const Comparison& comparison, const CaseResult& row, ordered_json& entry) {
  entry["timed_epochs"] = row.timed_epochs;
  entry["timed_trainings"] = row.timed_trainings;
  entry["epoch_seconds"] = row.epoch_seconds;
  entry["part_seconds"] = row.part_seconds;
  if (!row.timed()) return;
  const Summary summary = summarize(row.epoch_seconds);
  entry["stopped"] = to_string(row.stop);
  entry["seconds"] = {{"lowest", summary.lowest},
                      {"median", summary.median},
                      {"p95", summary.p95},
                      {"highest", summary.highest},
                      {"interval", bounds(comparison.epoch_interval_of(row))}};
  const double noise = comparison.noise_of(row);
  entry["noise_floor"] = std::isfinite(noise) ? ordered_json(noise) : ordered_json();
}

/// "speed_against_naive" of every row that has one; Holm's adjustment needs them all.
void add_speeds(const Comparison& comparison, ordered_json& entries) {
  std::vector<double> p_values;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < comparison.cases.size(); ++i) {
    const CaseResult& row = comparison.cases[i];
    const std::optional<PairedRatio> speed = comparison.speed_of(row);
    if (!speed) continue;
    const CaseResult& base = *comparison.base_of(row);
    entries[i]["speed_against_naive"] = {{"base", base.what.name()},
                                         {"base_seconds", median(base.epoch_seconds)},
                                         {"ratio", speed->ratio},
                                         {"interval", bounds(speed->interval)},
                                         {"rounds", speed->rounds},
                                         {"p_value", speed->p_value},
                                         {"that_is", to_string(speed->separation())}};
    p_values.push_back(speed->p_value);
    rows.push_back(i);
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    entries[rows[i]]["speed_against_naive"]["p_value_holm"] = adjusted[i];
  }
}

ordered_json method_of(const Comparison& comparison) {
  const MeasureOptions& options = comparison.options;
  return {{"rounds", options.rounds},
          {"budget_seconds", options.budget_seconds},
          {"precision", options.precision},
          {"seconds_per_run", options.seconds_per_run},
          {"order_seed", options.order_seed},
          {"confidence", options.confidence},
          {"comparisons", comparison.comparisons()},
          {"confidence_of_each", comparison.confidence_of_one()},
          {"clock", "std::chrono::steady_clock, wall time of the epochs"},
          {"wall_seconds", comparison.wall_seconds}};
}

}  // namespace

ordered_json results_json(const Comparison& comparison, const std::string& command) {
  ordered_json json = {
      {"schema_version", kRecordSchemaVersion}, {"command", command},    {"machine", machine_info()},
      {"measurement", measurement_info()},      {"build", build_info()}, {"method", method_of(comparison)},
      {"cases", ordered_json::array()},
  };
  json["build"]["libraries"]["Boost"] = MLPBENCH_BOOST_VERSION;
  for (const CaseResult& row : comparison.cases) {
    ordered_json entry = {{"name", row.what.name()}};
    if (!row.what.unusable_reason.empty()) {
      entry["unavailable"] = row.what.unusable_reason;
    } else {
      entry["wrong"] = row.wrong.empty() ? ordered_json() : ordered_json(row.wrong);
      if (row.deviation) {
        entry["deviation_from_numpy"] = {{"largest", row.deviation->largest},
                                         {"where", row.deviation->where},
                                         {"numbers", row.deviation->numbers},
                                         {"tolerance", reference_tolerance(row.what.dtype)}};
      }
      add_times(comparison, row, entry);
      if (row.run) entry["record"] = make_record(comparison.problem_of(row), *row.run, false);
    }
    json["cases"].push_back(std::move(entry));
  }
  add_speeds(comparison, json["cases"]);
  return json;
}

}  // namespace mlpbench
