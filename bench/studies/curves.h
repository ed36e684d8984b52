// How the loss falls, trainer by trainer: against epochs and against seconds.
#pragma once

#include <string>
#include <vector>

#include "bench/results/document.h"
#include "bench/studies/setting.h"

namespace mlpbench {

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
/// update that it took part in, with five digits; unknown where a seed diverged. Throws Interrupted between
/// two trainings.
std::vector<CurveFact> loss_curves(const Experiment& experiment, const std::vector<std::string>& trainers,
                                   const BackendEntry& backend, const StudySetting& setting);

}  // namespace mlpbench
