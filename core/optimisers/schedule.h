#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core/optimisers/formula.h"

namespace mlpbench {

/// How long a run is.
struct Pace {
  std::size_t epochs = 0;
  std::size_t updates = 0;  ///< of an epoch
  std::size_t samples = 0;  ///< that an epoch trains on
};

/// A way in which the learning rate changes during a run.
struct ScheduleEntry {
  std::string_view name, about;
  std::span<const HyperParameter> hyper_parameters = {};  ///< the first may be a number of epochs
  bool counts_epochs = false;                             ///< it is; the run has to have more

  /// The rate of update number `update`, counted from 0, of a run that began with `rate`. Null: the same.
  double (*rate)(double rate, const double* hyper_parameters, std::size_t update, const Pace& pace) = nullptr;
};

/// The first is constant, the default of every program.
///   constant  rate
///   step      rate step-factor^floor(epoch / step-epochs)                   PyTorch's StepLR
///   cosine    u updates of warm-up are linear, rate (update + 1) / u; then, where p goes from 0 to 1,
///             rate (1 + cos(pi p)) / 2: I. Loshchilov, F. Hutter, SGDR, ICLR 2017, equation 5, one period
///             down to 0; the warm-up as P. Goyal et al., Accurate, large minibatch SGD, 2017, section 2.2
///   inverse   rate / (s + 1)^power after s samples in whole epochs; the first epoch has `rate`:
///             scikit-learn's "invscaling"
/// Epochs are counted from 0.
std::span<const ScheduleEntry> all_schedules();

/// UserError lists the schedules when there is none of that name.
const ScheduleEntry& find_schedule(std::string_view name);

}  // namespace mlpbench
