#include "bench/results/results_json.h"

#include <cmath>

#include "bench/results/curve_points.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/record.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLossPoints = 200;

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
  entry["stopped"] = to_string(row.stop);
  if (!row.timed()) return;
  const Summary summary = summarize(row.epoch_seconds);
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

ordered_json names_or_null(const std::vector<std::string>& names) {
  return names.empty() ? ordered_json() : ordered_json(names);
}

/// What was asked for, and how many cases of all that there are with these trainers and threads.
ordered_json selection_of(const Comparison& comparison, const RunOptions& options) {
  const Selection& selection = options.selection;
  Selection all;
  all.trainers = selection.trainers;
  all.threads = selection.threads;
  return {{"experiments", names_or_null(selection.experiments)},
          {"backends", names_or_null(selection.backends)},
          {"dtypes", names_or_null(selection.dtypes)},
          {"trainers", selection.trainers.empty() ? ordered_json({"own"}) : ordered_json(selection.trainers)},
          {"threads", selection.threads},
          {"filter", selection.filter.empty() ? ordered_json() : ordered_json(selection.filter)},
          {"seeds", options.seeds},
          {"studies", options.studies},
          {"quick", options.quick},
          {"cases_matching", comparison.cases.size()},
          {"cases_known", select_cases(all).size()},
          {"config", options.config}};
}

ordered_json method_of(const Comparison& comparison, const RunOptions& run) {
  const MeasureOptions& options = comparison.options;
  return {{"rounds", options.rounds},
          {"budget_seconds", options.budget_seconds},
          {"precision", options.precision},
          {"seconds_per_run", options.seconds_per_run},
          {"order_seed", options.order_seed},
          {"seeds", run.seeds},
          {"confidence", options.confidence},
          {"comparisons", comparison.comparisons()},
          {"confidence_of_each", comparison.confidence_of_one()},
          {"clock", "std::chrono::steady_clock, wall time of the epochs"},
          {"resumed", comparison.resumed},
          {"wall_seconds", comparison.wall_seconds}};
}

ordered_json parity_of(const Parity& parity) {
  const bool none = parity.with.empty();
  const auto unless_none = [none](ordered_json value) { return none ? ordered_json() : std::move(value); };
  return {{"with", unless_none(parity.with)},
          {"largest", unless_none(parity.deviation.largest)},
          {"where", unless_none(parity.deviation.where)},
          {"numbers", unless_none(parity.deviation.numbers)},
          {"tolerance", unless_none(parity.tolerance)},
          {"why_none", none ? ordered_json(parity.why_none) : ordered_json()}};
}

/// Null where no probe of the instruction set can run.
ordered_json peak_of(const Comparison& comparison, const CaseResult& row) {
  const Isa isa = row.what.backend->executes();
  const std::size_t threads = threads_used(*row.run);
  const std::optional<double> flops = comparison.peaks.flops(isa, row.what.dtype, threads);
  if (!flops) return ordered_json();
  return {{"isa", to_string(isa)}, {"threads", threads}, {"flops", *flops}};
}

/// make_run_record() with its losses at curve_points() only: "loss_curve" stands for "loss_per_epoch" and
/// "mean_loss_per_epoch", which were three quarters of the file.
ordered_json record_of(const Comparison& comparison, const CaseResult& row) {
  ordered_json record = make_run_record(comparison.problem_of(row), *row.run);
  const TrainingTrace& trace = row.run->trace;
  const std::vector<std::size_t> epochs = curve_points(trace.loss_per_epoch.size(), kLossPoints);
  ordered_json curve = {{"epoch", epochs}};
  for (const auto& [key, losses] :
       {std::pair{"loss", &trace.loss_per_epoch}, {"mean_loss", &trace.mean_loss_per_epoch}}) {
    if (losses->empty()) continue;
    for (const std::size_t epoch : epochs) curve[key].push_back(losses->at(epoch - 1));
  }
  record.erase("loss_per_epoch");
  record.erase("mean_loss_per_epoch");
  record["loss_curve"] = std::move(curve);
  return record;
}

ordered_json case_json(const Comparison& comparison, const CaseResult& row) {
  const Case& what = row.what;
  ordered_json entry = {{"name", what.name()},
                        {"experiment", what.experiment->name},
                        {"backend", what.backend->name},
                        {"dtype", to_string(what.dtype)},
                        {"trainer", what.trainer_name()},
                        {"threads", what.threads}};
  if (!what.unusable_reason.empty()) {
    entry["unavailable"] = what.unusable_reason;
    return entry;
  }
  entry["wrong"] = row.wrong.empty() ? ordered_json() : ordered_json(row.wrong);
  entry["parity"] = row.run ? parity_of(row.parity) : ordered_json();
  if (row.run) {
    const Problem& problem = comparison.problem_of(row);
    entry["samples_per_epoch"] = samples_per_epoch(problem, *row.run);
    entry["flop_per_epoch"] = flop_per_epoch(problem, *row.run);
    entry["peak_flops"] = peak_of(comparison, row);
  }
  add_times(comparison, row, entry);
  if (row.run) entry["record"] = record_of(comparison, row);
  return entry;
}

}  // namespace

ordered_json results_json(const Comparison& comparison, const RunOptions& options) {
  ordered_json json = {
      {"schema_version", kResultsSchemaVersion},
      {"status", comparison.interrupted ? "interrupted" : "complete"},
      {"command", options.command},
      {"selection", selection_of(comparison, options)},
      {"machine", machine_info()},
      {"measurement", measurement_info()},
      {"build", build_info()},
      {"method", method_of(comparison, options)},
      {"cases", ordered_json::array()},
  };
  json["build"]["libraries"]["Boost"] = MLPBENCH_BOOST_VERSION;
  for (const CaseResult& row : comparison.cases) json["cases"].push_back(case_json(comparison, row));
  add_speeds(comparison, json["cases"]);
  return json;
}

}  // namespace mlpbench
