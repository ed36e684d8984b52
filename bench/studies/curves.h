// How the loss falls, trainer by trainer: against epochs and against seconds.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "bench/studies/setting.h"

namespace mlpbench {

/// An experiment trained by one trainer, once a seed.
struct Curve {
  std::string experiment;
  Settings settings;  ///< but for the seed
  const BackendEntry* backend = nullptr;
  DType dtype = DType::float32;
  std::size_t batch_size = 0;      ///< samples of one update
  std::vector<std::size_t> epoch;  ///< curve_points() of at most kCurvePoints

  struct Seed {
    std::uint32_t seed = 0;
    std::vector<double> loss;             ///< at each point; empty when the training diverged
    std::optional<double> epoch_seconds;  ///< the mean over the epochs, by the trainer's clock
  };
  std::vector<Seed> seeds;
};
inline constexpr std::size_t kCurvePoints = 100;

/// The ways to train that an experiment's curves compare: its own first, then full-batch, mini-batch, sync,
/// hogwild and local-sgd as far as its data fill their batches and there is a second CPU for those that are
/// nothing without. `trainers`, unless empty, leaves only these. Others than the experiment's own train at
/// most 1000 epochs (250 when quick): one epoch of theirs makes many more steps than one of full-batch
/// training.
std::vector<Settings> curve_settings(const Experiment& experiment, const std::vector<std::string>& trainers,
                                     bool quick);

/// One curve each of curve_settings(). Within a seed the trainers take turns, so that all of them see the
/// same minutes of the machine. The loss is the mean over the samples of an epoch, each as it was before the
/// update that it took part in. Throws Interrupted between two trainings.
std::vector<Curve> loss_curves(const Experiment& experiment, const std::vector<std::string>& trainers,
                               const BackendEntry& backend, const StudySetting& setting);

/// One object a curve; losses with five digits, null in the place of a seed that diverged.
nlohmann::ordered_json curves_json(const std::vector<Curve>& curves);

}  // namespace mlpbench
