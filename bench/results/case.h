// A case of results.json, field by field. A missing number is NaN, a missing text or list is empty.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "bench/stats/order.h"
#include "experiments/cli/record_fields.h"
#include "support/fields.h"

namespace mlpbench {

/// The extremes, the middle, and where the file has them all values and an interval of the median.
struct Range {
  double lowest = kUnknown, median = kUnknown, highest = kUnknown;
  std::vector<double> values;
  std::optional<Interval> interval;

  /// Of an infinite value, which is above every other, the file has null.
  static Range of(const std::vector<double>& values) {
    if (values.empty()) return {};
    const Summary summary = summarize(values);
    return {summary.lowest, summary.median, summary.highest, values, {}};
  }

  bool known() const noexcept { return median == median; }

  static void fields(auto& self, auto&& visit) {
    visit("lowest", self.lowest, "the smallest");
    visit("median", self.median, "of an even number the mean of the middle two");
    visit("highest", self.highest, "the largest");
  }
};

struct RangeOfRounds : Range {
  static void fields(auto& self, auto&& visit) {
    Range::fields(self, visit);
    visit("rounds", self.values, "all of them, one a round", Presence::always);
  }
};

struct RangeOfSeeds : Range {
  static void fields(auto& self, auto&& visit) {
    Range::fields(self, visit);
    visit("interval", self.interval, "of the median, 95 %; null where the seeds are too few");
    visit("seeds", self.values, "all of them, one a seed; null for one that never got there",
          Presence::always);
  }
};

struct RangeWithInterval : Range {
  static void fields(auto& self, auto&& visit) {
    Range::fields(self, visit);
    visit("interval", self.interval, "of the median, 95 %; null where the values are too few");
  }
};

/// How far the numbers of a case are from those that they must be.
struct ParityFact {
  std::string with;
  double largest = kUnknown;
  std::string where;
  Count numbers;
  double tolerance = kUnknown;
  std::string why_none;

  static void fields(auto& self, auto&& visit) {
    visit("with", self.with, "NumPy or naive; null where there is nothing to compare with");
    visit("largest", self.largest, "difference of any number, relative where the value is above 1");
    visit("where", self.where, "the name of that number");
    visit("numbers", self.numbers, "that were compared");
    visit("tolerance", self.tolerance, "that `largest` may reach");
    visit("why_none", self.why_none, "where `with` is null");
  }
};

struct PeakOfCase {
  std::string isa;
  Count threads;
  double flops = kUnknown;

  static void fields(auto& self, auto&& visit) {
    visit("isa", self.isa, "instruction set");
    visit("threads", self.threads, "that the probe ran on");
    visit("flops", self.flops, "multiply-adds in registers, flop/s");
  }
};

/// epoch_seconds in a few numbers.
struct EpochSeconds {
  double lowest = kUnknown, median = kUnknown, p95 = kUnknown, highest = kUnknown;
  std::optional<Interval> interval;

  /// Of at least one epoch, with the interval of their median.
  static EpochSeconds of(const std::vector<double>& seconds, const std::optional<Interval>& interval) {
    const Summary summary = summarize(seconds);
    return {summary.lowest, summary.median, summary.p95, summary.highest, interval};
  }

  static void fields(auto& self, auto&& visit) {
    visit("lowest", self.lowest, "the shortest");
    visit("median", self.median, "of an even number the mean of the middle two");
    visit("p95", self.p95, "95th percentile");
    visit("highest", self.highest, "the longest");
    visit("interval", self.interval, "of the median; null where the rounds are too few");
  }
};

struct SpeedFact {
  std::string base;
  double base_seconds = kUnknown, ratio = kUnknown;
  std::optional<Interval> interval;
  Count rounds;
  double p_value = kUnknown;
  std::string that_is;
  double p_value_holm = kUnknown;

  static void fields(auto& self, auto&& visit) {
    visit("base", self.base, "name of the base's case on one thread");
    visit("base_seconds", self.base_seconds, "its median epoch, seconds");
    visit("ratio", self.ratio, "the base's time / the case's, median over the rounds of both");
    visit("interval", self.interval, "of the ratio; all of them together hold with method.confidence");
    visit("rounds", self.rounds, "that both were timed in");
    visit("p_value", self.p_value, "of the sign test of \"as often faster as slower\"");
    visit("that_is", self.that_is, "faster, slower or not separated, by the interval");
    visit("p_value_holm", self.p_value_holm, "p_value, adjusted for all cases");
  }
};

/// What became of a case with each seed.
struct SeedsFact {
  std::vector<Count> seeds;
  std::vector<double> accuracy, mse, final_loss;

  /// Of the accuracy or, where that is empty, the mean squared error.
  const std::vector<double>& quality() const noexcept { return accuracy.empty() ? mse : accuracy; }

  static void fields(auto& self, auto&& visit) {
    visit("seeds", self.seeds, "one entry a training", Presence::always);
    visit("test_accuracy", self.accuracy, "one a seed, part of 1; null for a regression");
    visit("test_mse", self.mse, "one a seed; null for a classification");
    visit("final_loss", self.final_loss, "one a seed, of the last epoch; null where it diverged");
  }
};

/// An experiment on a backend by a trainer.
struct ReportCase {
  std::string name, experiment, backend, kind = "backend", dtype, trainer;
  std::size_t threads = 1, ranks = 1;
  std::string unavailable, wrong;
  ParityFact parity;
  double samples_per_epoch = kUnknown, flop_per_epoch = kUnknown;
  Count peak_bytes;
  PeakOfCase peak_flops;
  Count timed_epochs, timed_trainings;
  std::vector<double> epoch_seconds;
  std::array<std::vector<double>, 2> part_seconds;
  std::string stopped;
  EpochSeconds seconds;
  double noise_floor = kUnknown;
  std::optional<RecordFacts> recorded;
  std::optional<SpeedFact> speed;
  std::optional<SeedsFact> over_seeds;

  bool alone() const noexcept { return threads == 1 && ranks == 1; }
  bool timed() const noexcept { return !epoch_seconds.empty(); }
  double samples_per_second() const { return samples_per_epoch / seconds.median; }
  double flops() const { return flop_per_epoch / seconds.median; }

  /// Of a case that did not run, one that knows nothing.
  const RecordFacts& record() const noexcept;

  static void fields(auto& self, auto&& visit) {
    visit("name", self.name,
          "experiment/backend/dtype, and trainer, threads and ranks where they are not the usual ones",
          Presence::required);
    visit("experiment", self.experiment, "name");
    visit("backend", self.backend, "name, also that of a peer");
    visit("kind", self.kind, "backend or peer (another program that trains the same)", Presence::added);
    visit("dtype", self.dtype, "float64 or float32");
    visit("trainer", self.trainer, "name");
    visit("threads", self.threads, "that were asked for, of each rank");
    visit("ranks", self.ranks, "processes that train together", Presence::added);
    visit("unavailable", self.unavailable, "why the case could not run; it then has nothing below");
    visit("wrong", self.wrong, "why the result is not correct; it then has no times");
    visit("parity", self.parity, "with the reference");
    visit("samples_per_epoch", self.samples_per_epoch, "all members' of an ensemble");
    visit("flop_per_epoch", self.flop_per_epoch, "by the formulas, products alone");
    visit("peak_bytes", self.peak_bytes,
          "the most that the training held at once: data, parameters, gradients, activations, scratch; not "
          "what "
          "a library has for itself");
    visit("peak_flops", self.peak_flops, "of what the case ran on; null where no probe can run");
    visit("timed_epochs", self.timed_epochs, "of each timed training");
    visit("timed_trainings", self.timed_trainings, "one after the other in each part of a round");
    visit("epoch_seconds", self.epoch_seconds, "one a round, the mean of its two parts, seconds",
          Presence::always);
    visit("part_seconds", self.part_seconds, "both parts of each round: the same code twice",
          Presence::always);
    visit("stopped", self.stopped, "why the case was not timed any further");
    visit("seconds", self.seconds, "of an epoch: epoch_seconds in a few numbers");
    visit("noise_floor", self.noise_floor, "smallest effect that the case can tell from nothing, part of 1");
    visit("record", self.recorded, "the run that was checked");
    visit("speed", self.speed, "against method.base on one thread, same trainer and dtype");
    visit("over_seeds", self.over_seeds, "the whole experiment, once a seed");
  }
};

}  // namespace mlpbench
