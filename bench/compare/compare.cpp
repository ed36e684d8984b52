#include "bench/compare/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <regex>

#include "bench/stats/paired.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr std::size_t kLeastRounds = 6;

/// Why the candidate's result is worse than the base's, or empty.
std::string quality_loss(const ReportCase& base, const ReportCase& candidate) {
  const RecordFacts &one = base.record(), &other = candidate.record();
  const double accuracy = other.test_accuracy, mse = other.test_mse;
  if (std::isfinite(one.test_accuracy) && std::isfinite(accuracy)) {
    const double lost = (one.test_accuracy - accuracy) * one.dataset.test_rows;
    if (!(lost < (one.dtype == "float32" ? 1.5 : 0.5))) {
      return fmt::format("accuracy {:.4f}, the base has {:.4f}", accuracy, one.test_accuracy);
    }
  }
  if (std::isfinite(one.test_mse) && std::isfinite(mse) && !(mse <= one.test_mse * 1.001)) {
    return fmt::format("mean squared error {:.6g}, the base has {:.6g}", mse, one.test_mse);
  }
  return "";
}

std::string why_incomparable(const CompareResult& result, const ReportCase& base,
                             const ReportCase* candidate) {
  if (candidate == nullptr) return "the candidate lacks it";
  if (!candidate->unavailable.empty()) return "cannot run for the candidate: " + candidate->unavailable;
  if (!candidate->wrong.empty()) return "the candidate is wrong: " + candidate->wrong;
  if (!base.wrong.empty()) return "the base is wrong: " + base.wrong;
  std::optional<Difference> differs = first_difference(result.base.identity, result.candidate.identity);
  if (!differs) differs = first_difference(identity_of(base), identity_of(*candidate));
  if (differs) return fmt::format("{}: {} against {}", differs->what, differs->one, differs->other);
  if (base.epoch_seconds.empty() || candidate->epoch_seconds.empty()) return "no times";
  return "";
}

/// Everything but the verdict, which needs to know how many cases are compared.
CaseVerdict prepare(const CompareResult& result, const ReportCase& base, const ReportCase* candidate) {
  CaseVerdict verdict;
  verdict.name = base.name;
  verdict.reason = why_incomparable(result, base, candidate);
  if (!base.epoch_seconds.empty()) verdict.base_seconds = median(base.epoch_seconds);
  verdict.base_rounds = base.epoch_seconds.size();
  if (candidate == nullptr) return verdict;
  if (!candidate->epoch_seconds.empty()) verdict.candidate_seconds = median(candidate->epoch_seconds);
  verdict.candidate_rounds = candidate->epoch_seconds.size();
  verdict.noise_floor = std::max(base.noise_floor, candidate->noise_floor);
  verdict.bad_quality = !candidate->wrong.empty();
  if (verdict.reason.empty()) {
    verdict.reason = quality_loss(base, *candidate);
    verdict.bad_quality = !verdict.reason.empty();
  }
  return verdict;
}

void judge_times(double machine_floor, CaseVerdict& verdict) {
  if (std::min(verdict.base_rounds, verdict.candidate_rounds) < kLeastRounds || !verdict.interval) {
    verdict.verdict = Verdict::inconclusive;
    verdict.reason =
        fmt::format("{} and {} values are too few", verdict.base_rounds, verdict.candidate_rounds);
    return;
  }
  const auto with_noise = [&](double noise) {
    return judge(*verdict.ratio, verdict.interval, verdict.threshold, noise);
  };
  const Verdict of_rounds = with_noise(verdict.noise_floor);
  verdict.verdict = with_noise(std::max(verdict.noise_floor, machine_floor));
  if (verdict.verdict == Verdict::equivalent && machine_floor > verdict.threshold) {
    verdict.verdict = Verdict::inconclusive;
  }
  if (verdict.verdict != Verdict::inconclusive) return;
  if (of_rounds != Verdict::inconclusive) {
    verdict.reason = "one run a side: " + machine_floor_text(machine_floor);
  } else {
    verdict.reason = verdict.interval->contains(1.0)
                         ? "the interval is too wide"
                         : "the effect is not above threshold and noise, and may be";
  }
}

double threshold_of(const std::string& name, const CompareOptions& options) {
  double threshold = options.threshold;
  for (const auto& [expression, value] : options.case_thresholds) {
    try {
      if (std::regex_search(name, std::regex(expression))) threshold = value;
    } catch (const std::regex_error&) {
      throw UserError("--case-threshold: '" + printable(expression) + "' is not a regular expression");
    }
  }
  return threshold;
}

}  // namespace

std::size_t CompareResult::count(Verdict verdict) const {
  return static_cast<std::size_t>(std::ranges::count(cases, verdict, &CaseVerdict::verdict));
}

std::size_t CompareResult::judged() const {
  return count(Verdict::regressed) + count(Verdict::improved) + count(Verdict::equivalent);
}

std::size_t CompareResult::bad_quality() const {
  return static_cast<std::size_t>(std::ranges::count(cases, true, &CaseVerdict::bad_quality));
}

bool CompareResult::of_two_architectures() const {
  const auto differs = first_difference(base.identity, candidate.identity);
  return differs && differs->what == "architecture";
}

int CompareResult::exit_code() const {
  if (bad_quality() > 0) return kExitWrongResult;
  if (count(Verdict::regressed) > 0) return kExitRegressed;
  if (judged() == 0 || count(Verdict::incomparable) > 0) return kExitInconclusive;
  return options.strict && count(Verdict::inconclusive) > 0 ? kExitInconclusive : kExitOk;
}

std::string machine_floor_text(double floor) {
  if (!(floor < 1.0)) return "the cases moved so far apart that any effect may be the machine";
  return fmt::format("effects below {:.0f} % may be the machine", 100.0 * floor);
}

CompareResult compare(ResultsFile base, ResultsFile candidate, const CompareOptions& options) {
  CompareResult result{std::move(base), std::move(candidate), options, {}, {}, {}};
  if (result.of_two_architectures()) result.same_bits = same_bits(result.base, result.candidate);
  const auto bases = result.base.by_name(), candidates = result.candidate.by_name();
  std::size_t comparable = 0;
  for (const auto& [name, measured] : bases) {
    if (!measured->unavailable.empty()) continue;
    const auto found = candidates.find(name);
    result.cases.push_back(prepare(result, *measured, found == candidates.end() ? nullptr : found->second));
    result.cases.back().threshold = threshold_of(name, options);
    comparable += result.cases.back().reason.empty();
  }
  for (const auto& [name, measured] : candidates) {
    const auto found = bases.find(name);
    const bool had = found != bases.end() && found->second->unavailable.empty();
    if (!had && measured->unavailable.empty()) result.new_cases.push_back(name);
  }
  const double confidence = confidence_of_each(options.confidence, comparable);
  std::vector<double> ratios;
  for (CaseVerdict& verdict : result.cases) {
    if (!verdict.reason.empty()) continue;
    const UnpairedRatio ratio = unpaired_ratio(bases.at(verdict.name)->epoch_seconds,
                                               candidates.at(verdict.name)->epoch_seconds, confidence);
    verdict.ratio = ratio.ratio, verdict.interval = ratio.interval;
    ratios.push_back(ratio.ratio);
  }
  const bool one_run = result.base.runs == 1 || result.candidate.runs == 1;
  if (one_run && !ratios.empty()) result.machine_floor = machine_floor(ratios, confidence);
  for (CaseVerdict& verdict : result.cases) {
    if (verdict.ratio) judge_times(result.machine_floor, verdict);
  }
  return result;
}

}  // namespace mlpbench
