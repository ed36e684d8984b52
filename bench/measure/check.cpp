#include "bench/measure/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "support/error.h"

namespace mlpbench {
namespace {

/// The serial trainer and its settings whose bits the case promises to leave on the naive backend; nothing
/// where it promises statistics.
std::optional<Settings> promised(const Case& what) {
  if (what.peer != nullptr && !what.peer->why_only_accuracy().empty()) return std::nullopt;
  Settings settings = what.settings();
  const TrainerEntry& trainer = stepping_trainer(settings);
  if (!trainer.deterministic && what.threads > 1) return std::nullopt;
  settings.trainer = trainer.equivalent_to;
  return settings;
}

void hold_against(const Problems& problems, const Settings& settings, NaiveRuns& naive, CaseResult& result) {
  const Experiment& experiment = *result.what.experiment;
  const auto run_of_naive = [&](DType dtype) -> const RunResult& {
    return naive.of(problems, experiment, settings, dtype);
  };
  result.parity = parity_of(experiment, *result.run, settings, run_of_naive);
  result.wrong = result.parity.why_wrong();
  if (result.wrong.empty() && result.parity.with == "naive")
    result.wrong = wrong_accuracy(result, run_of_naive(DType::float64));
}

/// For a case without a promise of numbers: serial training's accuracy, but for a stated part. A peer that
/// draws its own weights is compared with the worst of kPeerSeeds.
void hold_to_accuracy(const Problems& problems, NaiveRuns& naive, CaseResult& result) {
  const Peer* peer = result.what.peer;
  result.parity.why_none = peer != nullptr ? peer->why_only_accuracy()
                                           : fmt::format("{} on several threads promises statistics alone",
                                                         result.what.trainer_name());
  if (peer != nullptr && result.what.experiment->made_up) {
    result.parity.why_none += ", and on made-up numbers there is no accuracy to hold it to";
    return;
  }
  Settings settings = result.what.settings();
  settings.trainer = stepping_trainer(settings).equivalent_to;
  double accuracy = 1.0, error = 0.0;
  for (std::size_t i = 0; i < (peer != nullptr ? kPeerSeeds : 1); ++i, ++settings.seed) {
    const RunResult& serial = naive.of(problems, *result.what.experiment, settings);
    accuracy = std::min(accuracy, serial.test_accuracy.value_or(accuracy));
    error = std::max(error, serial.test_mse.value_or(error));
  }
  const RunResult& run = *result.run;
  if (run.test_accuracy && *run.test_accuracy < accuracy - kStatisticalAccuracy) {
    result.wrong = fmt::format("accuracy {:.4f}, serial has {:.4f}", *run.test_accuracy, accuracy);
  }
  if (run.test_mse && *run.test_mse > error * (1.0 + kStatisticalError)) {
    result.wrong = fmt::format("mean squared error {:.6g}, serial has {:.6g}", *run.test_mse, error);
  }
}

/// Trained for a few epochs.
TrainingCost train_shortly(const Problems& problems, const Case& what, std::size_t epochs,
                           const std::atomic<bool>* interrupt) {
  Settings settings = what.settings();
  settings.epochs = epochs;
  const Clock::time_point start = Clock::now();
  const double trained = train_seconds(train_case(problems, what, settings, interrupt));
  return {trained / static_cast<double>(epochs), std::max(0.0, seconds_since(start) - trained)};
}

}  // namespace

ProblemsOf build_problems(const std::vector<Case>& cases, const std::atomic<bool>* interrupt) {
  ProblemsOf all;
  for (const Case& what : cases) {
    Settings settings = what.settings();
    const std::size_t wanted = find_trainer(settings.trainer).runs_members ? settings.members : 1;
    Problems& problems = all[what.experiment];
    while (problems.size() < wanted) {
      if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) throw Interrupted();
      settings.seed = what.experiment->defaults.seed + static_cast<std::uint32_t>(problems.size());
      problems.push_back(what.experiment->build(settings));
    }
  }
  return all;
}

RunResult train_case(const Problems& problems, const Case& what, const Settings& settings,
                     const std::atomic<bool>* interrupt) {
  const auto end_if_interrupted = [&] {
    if (interrupt != nullptr && interrupt->load(std::memory_order_relaxed)) throw Interrupted();
  };
  RunResult run;
  if (what.peer != nullptr || what.launcher != nullptr) {
    try {
      run = what.peer != nullptr
                ? what.peer->train(*what.experiment, problems.front(), settings, what.dtype, interrupt)
                : what.launcher->train(what, problems.front(), settings, interrupt);
    } catch (const UserError&) {
      end_if_interrupted();
      throw;
    }
  } else {
    const bool ensemble = find_trainer(settings.trainer).runs_members;
    const auto members = std::span(problems).first(ensemble ? settings.members : 1);
    run = run_ensemble(*what.experiment, members, settings, *what.backend, what.dtype, {}, interrupt);
  }
  end_if_interrupted();
  return run;
}

double train_seconds(const RunResult& run) {
  return run.members.empty() ? run.trace.seconds : run.ensemble_seconds;
}

double checked_epoch_seconds(const RunResult& run) {
  return train_seconds(run) / static_cast<double>(run.settings.epochs);
}

double epoch_seconds(const Problems& problems, const Case& what, std::size_t epochs,
                     const std::atomic<bool>* interrupt) {
  Settings settings = what.settings();
  settings.epochs = epochs;
  return train_seconds(train_case(problems, what, settings, interrupt)) /
         static_cast<double>(epochs + problems.front().epochs_before_first);
}

VisitPlan plan_visit(double seconds, double epoch_seconds, std::size_t epochs) {
  const double all = static_cast<double>(epochs), wanted = seconds / epoch_seconds;
  return {static_cast<std::size_t>(std::clamp(wanted, 1.0, all)),
          static_cast<std::size_t>(std::max(1.0, wanted / all))};
}

TrainingCost training_cost(const Problems& problems, const Case& what, const std::atomic<bool>* interrupt) {
  constexpr double kLongEnough = 1e-3;
  const std::size_t epochs = what.settings().epochs;
  const TrainingCost cost = train_shortly(problems, what, 1, interrupt);
  if (cost.epoch >= kLongEnough || epochs == 1) return cost;
  return train_shortly(problems, what, plan_visit(kLongEnough, cost.epoch, epochs).epochs, interrupt);
}

CaseCost estimate_cost(const Problems& problems, const Case& what, const MeasureOptions& options,
                       const std::atomic<bool>* interrupt) {
  const std::size_t epochs = what.settings().epochs;
  const TrainingCost cost = training_cost(problems, what, interrupt);
  const VisitPlan visit = plan_visit(options.seconds_per_run / 2, cost.epoch, epochs);
  return {cost.of(epochs), static_cast<double>(visit.trainings) * cost.of(visit.epochs)};
}

const RunResult& NaiveRuns::of(const Problems& problems, const Experiment& experiment, Settings settings,
                               DType dtype) {
  const auto key = std::make_tuple(&experiment, settings.trainer, settings.seed, dtype);
  const auto found = runs_.find(key);
  if (found != runs_.end()) return found->second;
  settings.threads = 1;
  const Case what{&experiment, &find_backend("naive"), dtype, ""};
  const bool own = settings.seed == experiment.defaults.seed;
  const Problems others = own ? Problems{} : Problems{experiment.build(settings)};
  return runs_.emplace(key, train_case(own ? problems : others, what, settings, interrupt_)).first->second;
}

std::string wrong_accuracy(const CaseResult& row, const RunResult& reference) {
  if (!row.run || !row.run->test_accuracy) return "";
  const double samples = static_cast<double>(row.run->test_output.cols());
  const double moved = std::abs(*row.run->test_accuracy - *reference.test_accuracy) * samples;
  const double allowed = row.what.dtype == DType::float32 ? 1.5 : 0.5;
  if (moved < allowed) return "";
  return fmt::format("accuracy {:.4f}, naive in float64 has {:.4f}", *row.run->test_accuracy,
                     *reference.test_accuracy);
}

CaseResult checked(const Problems& problems, const Case& what, NaiveRuns& naive,
                   const std::atomic<bool>* interrupt) {
  CaseResult result;
  result.what = what;
  try {
    try {
      result.run = train_case(problems, what, what.settings(), interrupt);
    } catch (const UserError& error) {
      result.what.unusable_reason = error.what();
      return result;
    }
    if (const std::optional<Settings> reference = promised(what)) {
      hold_against(problems, *reference, naive, result);
    } else {
      hold_to_accuracy(problems, naive, result);
    }
  } catch (const WrongResult& error) {
    result.wrong = error.what();
  }
  return result;
}

}  // namespace mlpbench
