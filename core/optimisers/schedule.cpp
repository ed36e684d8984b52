#include "core/optimisers/schedule.h"

#include <array>
#include <cmath>
#include <numbers>

#include "support/find_named.h"

namespace mlpbench {
namespace {

constexpr HyperParameter kStep[] = {
    {"--step-epochs", "epochs between two steps of the rate", 10, 1, kNoLimit},
    {"--step-factor", "factor of the rate at each step", 0.5, 0, kNoLimit}};

constexpr HyperParameter kCosine[] = {
    {"--warmup-epochs", "epochs in which the rate grows to its full value", 0, 0, kNoLimit}};

constexpr HyperParameter kInverse[] = {
    {"--power", "power of the number of samples in the divisor of the rate", 0.5, 0, kNoLimit}};

double step(double rate, const double* hyper_parameters, std::size_t update, const Pace& pace) {
  const double epoch = static_cast<double>(update / pace.updates);
  return rate * std::pow(hyper_parameters[1], std::floor(epoch / hyper_parameters[0]));
}

double cosine(double rate, const double* hyper_parameters, std::size_t update, const Pace& pace) {
  const double updates = static_cast<double>(pace.updates), u = static_cast<double>(update),
               warm_up = hyper_parameters[0] * updates, all = static_cast<double>(pace.epochs) * updates;
  if (u < warm_up) return rate * (u + 1.0) / warm_up;
  return rate * 0.5 * (1.0 + std::cos(std::numbers::pi * (u - warm_up) / (all - warm_up)));
}

double inverse(double rate, const double* hyper_parameters, std::size_t update, const Pace& pace) {
  const std::size_t epoch = update / pace.updates;
  if (epoch == 0) return rate;
  return rate / std::pow(static_cast<double>(epoch * pace.samples) + 1.0, hyper_parameters[0]);
}

constexpr std::array kSchedules = {
    ScheduleEntry{.name = "constant", .about = "the same rate throughout"},
    ScheduleEntry{"step", "a factor smaller after every few epochs", kStep, true, step},
    ScheduleEntry{"cosine", "half a cosine down to 0, after a linear warm-up", kCosine, true, cosine},
    ScheduleEntry{"inverse", "divided by a power of the samples seen", kInverse, false, inverse}};

}  // namespace

std::span<const ScheduleEntry> all_schedules() { return kSchedules; }

const ScheduleEntry& find_schedule(std::string_view name) {
  return find_named(all_schedules(), "--schedule", "schedule", name);
}

}  // namespace mlpbench
