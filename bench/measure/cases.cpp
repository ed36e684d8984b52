#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <regex>

#include "bench/measure/comparison.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr std::array kDTypes = {DType::float64, DType::float32};

template <typename Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Throws UserError when a name of `wanted` is none of `known`.
void require_known(std::string_view option, const std::vector<std::string>& wanted,
                   const std::vector<std::string_view>& known) {
  for (const std::string& name : wanted) {
    if (!contains(known, name)) {
      throw UserError(fmt::format("{}: '{}' is none of {}", option, printable(name), fmt::join(known, ", ")));
    }
  }
}

void require_known(const Selection& selection) {
  std::vector<std::string_view> trainers = {"own", "all", kPredict};
  for (const TrainerEntry& trainer : all_trainers()) trainers.push_back(trainer.name);
  require_known("--backend", selection.backends, names_of(all_backends()));
  require_known("--dtype", selection.dtypes, dtype_words());
  require_known("--trainer", selection.trainers, trainers);
}

bool selected(const std::vector<std::string>& wanted, std::string_view name) {
  return wanted.empty() || contains(wanted, name);
}

/// The trainers of one experiment, its own first.
std::vector<const TrainerEntry*> trainers_of(const Experiment& experiment,
                                             const std::vector<std::string>& wanted) {
  const TrainerEntry& own = find_trainer(experiment.defaults.trainer);
  const bool all = contains(wanted, "all");
  std::vector<const TrainerEntry*> trainers;
  if (wanted.empty() || all || contains(wanted, "own") || contains(wanted, own.name))
    trainers.push_back(&own);
  for (const TrainerEntry& trainer : all_trainers()) {
    if (&trainer != &own && (all || contains(wanted, trainer.name))) trainers.push_back(&trainer);
  }
  if (contains(wanted, kPredict)) trainers.push_back(&find_trainer(kPredict));
  return trainers;
}

/// Ranks and the threads of each that a trainer is measured on. A job returns no members of an ensemble.
std::vector<std::pair<std::size_t, std::size_t>> processors_of(const TrainerEntry& trainer,
                                                               const Selection& selection) {
  const std::vector<std::size_t> one = {1};
  std::vector<std::pair<std::size_t, std::size_t>> all;
  for (const std::size_t ranks : trainer.shares_ranks && !trainer.runs_members ? selection.ranks : one) {
    for (const std::size_t threads : trainer.parallel ? selection.threads : one)
      all.emplace_back(ranks, threads);
  }
  return all;
}

std::optional<std::regex> filter_of(const Selection& selection) {
  if (selection.filter.empty()) return std::nullopt;
  try {
    return std::regex(selection.filter);
  } catch (const std::regex_error&) {
    throw UserError("--filter: '" + printable(selection.filter) + "' is not a regular expression");
  }
}

}  // namespace

Settings Case::settings() const {
  Settings settings = experiment->defaults;
  settings.ensemble_of = settings.trainer;
  settings.trainer = trainer_name();
  settings.threads = threads;
  settings.subnormals = subnormals;
  return settings;
}

std::string Case::name() const {
  std::string text = fmt::format("{}/{}/{}", experiment->name, backend->name, to_string(dtype));
  if (trainer_name() != experiment->defaults.trainer) text += fmt::format("/{}", trainer);
  if (threads > 1) text += fmt::format("/t{}", threads);
  if (ranks > 1) text += fmt::format("/r{}", ranks);
  return text;
}

std::vector<const Experiment*> select_experiments(const Selection& selection) {
  require_known("--experiment", selection.experiments, names_of(all_experiments()));
  std::vector<const Experiment*> experiments;
  for (const Experiment& experiment : all_experiments()) {
    const bool wanted = selection.own.empty() || !selection.experiments.empty();
    if (wanted && selected(selection.experiments, experiment.name)) experiments.push_back(&experiment);
  }
  for (const std::shared_ptr<const Experiment>& own : selection.own) experiments.push_back(own.get());
  return experiments;
}

std::vector<Case> select_cases(const Selection& asked) {
  Selection selection = asked;
  for (std::string& backend : selection.backends) backend = meant_backend(backend);
  require_known(selection);
  const std::optional<std::regex> filter = filter_of(selection);
  std::vector<Case> cases;
  std::shared_ptr<const Launcher> launcher;
  if (std::ranges::max(selection.ranks) > 1) launcher = std::make_shared<const Launcher>(selection);
  const auto add = [&](Case what, std::size_t ranks) {
    what.subnormals = selection.subnormals;
    what.ranks = ranks;
    if (ranks > 1) what.launcher = launcher;
    if (!filter || std::regex_search(what.name(), *filter)) cases.push_back(std::move(what));
  };
  for (const Experiment* experiment : select_experiments(selection)) {
    for (const TrainerEntry* trainer : trainers_of(*experiment, selection.trainers)) {
      for (const auto& [ranks, threads] : processors_of(*trainer, selection)) {
        for (DType dtype : kDTypes) {
          if (!selected(selection.dtypes, to_string(dtype))) continue;
          for (const BackendEntry& backend : all_backends()) {
            if (!selected(selection.backends, backend.name)) continue;
            if (backend.other_architecture && selection.backends.empty()) continue;
            if (threads > 1 && backend.library && backend.library().threads > 1) continue;
            add({experiment, &backend, dtype, unusable_reason(backend, dtype), trainer->name, threads},
                ranks);
          }
          if (trainer->name != experiment->defaults.trainer || threads > 1 || ranks > 1) continue;
          for (const std::shared_ptr<Peer>& peer : selection.peers) {
            add({experiment, &peer->entry(), dtype, peer->unusable_reason(dtype), trainer->name, threads,
                 peer.get()},
                ranks);
          }
        }
      }
    }
  }
  if (cases.empty()) {
    throw UserError("--filter: '" + printable(selection.filter) + "' matches no case (--list names them)");
  }
  return cases;
}

}  // namespace mlpbench
