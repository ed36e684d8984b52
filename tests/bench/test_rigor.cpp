#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "bench/stats/paired.h"
#include "bench/stats/unpaired.h"
#include "bench/stats/verdict.h"
#include "core/data/random_state.h"
#include "tests/catch.h"
#include "tests/support/sizes.h"

// What the statistics promise, on synthetic times whose truth is known; the seeds are fixed.

using namespace mlpbench;
using mlpbench::test::Sizes;

namespace {

/// Times as machines make them: skewed upwards, in two modes (the clock rate), a rare outlier of three times.
class Machine {
 public:
  explicit Machine(std::uint32_t seed) : stream_(seed) {}

  /// What the machine does to everything in a round.
  double round() { return (stream_.random_sample() < 0.3 ? 1.3 : 1.0) * std::exp(0.1 * gauss()); }

  /// One time of work that takes `seconds`, noise of its own included.
  double time(double seconds) {
    const double outlier = stream_.random_sample() < 0.02 ? 3.0 : 1.0;
    return seconds * outlier * std::exp(0.02 * gauss() * gauss());
  }

 private:
  double gauss() { return stream_.standard_normal(); }

  RandomState stream_;
};

struct Sides {
  std::vector<double> base, candidate;
};

Sides rounds_of(Machine& machine, std::size_t rounds, double base, double candidate) {
  Sides sides;
  for (std::size_t i = 0; i < rounds; ++i) {
    const double round = machine.round();
    sides.base.push_back(round * machine.time(base));
    sides.candidate.push_back(round * machine.time(candidate));
  }
  return sides;
}

}  // namespace

TEST_CASE("the interval of the median covers it on skewed samples", "[statistics][rigor]") {
  // Log-normal of median 2 and skewness 6; exponential of median ln 2.
  RandomState stream(1);
  const std::map<std::string, std::pair<double, double (*)(RandomState&)>> kinds = {
      {"log-normal", {2.0, [](RandomState& s) { return 2.0 * std::exp(s.standard_normal()); }}},
      {"exponential", {std::log(2.0), [](RandomState& s) { return -std::log(1.0 - s.random_sample()); }}},
  };
  constexpr int kTrials = 2000;
  for (const auto& [name, kind] : kinds) {
    for (const std::size_t n : Sizes{6, 9, 15, 30}) {
      int covered = 0;
      for (int trial = 0; trial < kTrials; ++trial) {
        std::vector<double> values(n);
        for (double& value : values) value = kind.second(stream);
        covered += median_interval(values, 0.95)->contains(kind.first);
      }
      INFO(name << " " << n << ": " << covered << " of " << kTrials);
      CHECK(covered >= 0.93 * kTrials);
      CHECK(covered < kTrials);  // an interval that is always right says nothing
    }
  }
}

TEST_CASE("A/A: the same code is called different in at most 5 % of 200 comparisons", "[statistics][rigor]") {
  Machine machine(2);
  constexpr int kTrials = 2000;  // ten times 200: with 200 alone the count itself has a deviation of 3
  for (const std::size_t rounds : Sizes{6, 15, 40}) {
    int different = 0;
    for (int i = 0; i < kTrials; ++i) {
      const Sides sides = rounds_of(machine, rounds, 1.0, 1.0);
      different += paired_ratio(sides.base, sides.candidate, 0.95).separation() != Separation::not_separated;
    }
    INFO(rounds << " rounds: " << different << " of " << kTrials);
    CHECK(different <= 0.05 * kTrials);
  }
  // Corrected for their number, 200 comparisons together are wrong in one run of twenty.
  int wrong_runs = 0;
  for (int run = 0; run < 40; ++run) {
    bool wrong = false;
    for (int i = 0; i < 200; ++i) {
      const Sides sides = rounds_of(machine, 15, 1.0, 1.0);
      wrong |= paired_ratio(sides.base, sides.candidate, confidence_of_each(0.95, 200)).separation() !=
               Separation::not_separated;
    }
    wrong_runs += wrong;
  }
  CHECK(wrong_runs <= 4);
}

TEST_CASE("a planted 10 % slowdown is found, through noise of 30 %", "[statistics][rigor]") {
  Machine machine(3);
  int found = 0;
  for (int i = 0; i < 200; ++i) {
    const Sides sides = rounds_of(machine, 15, 1.0, 1.1);
    const PairedRatio ratio = paired_ratio(sides.base, sides.candidate, confidence_of_each(0.95, 50));
    found += ratio.separation() == Separation::slower;
    CHECK(ratio.separation() != Separation::faster);
  }
  INFO(found << " of 200");
  CHECK(found >= 190);
}

TEST_CASE("unpaired: coverage, false verdicts and a planted slowdown", "[statistics][rigor]") {
  Machine machine(4);
  constexpr int kTrials = 400;
  int covered = 0, false_verdicts = 0, found = 0;
  for (int i = 0; i < kTrials; ++i) {
    std::vector<double> base, same, slower;
    for (int n = 0; n < 15; ++n) {
      base.push_back(machine.time(1.0));
      same.push_back(machine.time(1.0));
      slower.push_back(machine.time(1.1));
    }
    const UnpairedRatio equal = unpaired_ratio(base, same, 0.95);
    covered += equal.interval->contains(1.0);
    const Verdict verdict = judge(equal.ratio, equal.interval, 0.05, 0.0);
    false_verdicts += verdict == Verdict::regressed || verdict == Verdict::improved;
    const UnpairedRatio planted = unpaired_ratio(base, slower, 0.95);
    found += judge(planted.ratio, planted.interval, 0.05, 0.0) == Verdict::regressed;
  }
  INFO(covered << " covered, " << false_verdicts << " false, " << found << " found, of " << kTrials);
  CHECK(covered >= 0.93 * kTrials);
  CHECK(false_verdicts <= 0.05 * kTrials);
  CHECK(found >= 0.95 * kTrials);
}

TEST_CASE("one run a side: the machine's change between the runs is no verdict", "[statistics][rigor]") {
  Machine machine(5);
  constexpr int kTrials = 200, kCases = 20, kRounds = 15;
  const double confidence = confidence_of_each(0.95, kCases);
  int false_by_rounds = 0, false_verdicts = 0, found = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    // A run is one state of the machine, and each case lies a little differently in its memory.
    std::vector<UnpairedRatio> ratios;
    std::vector<double> estimates;
    const double before = machine.round(), after = machine.round();
    for (int c = 0; c < kCases; ++c) {
      const double lies = 0.02 * std::log(machine.round() / machine.round()) / 0.1;
      std::vector<double> base, candidate;
      for (int i = 0; i < kRounds; ++i) {
        base.push_back(before * machine.time(1.0));
        candidate.push_back(after * std::exp(lies) * machine.time(c == 0 ? 3.0 : 1.0));
      }
      ratios.push_back(unpaired_ratio(base, candidate, confidence));
      estimates.push_back(ratios.back().ratio);
    }
    const double floor = machine_floor(estimates, confidence);
    const auto judged = [&](double noise, std::size_t c) {
      const Verdict verdict = judge(ratios[c].ratio, ratios[c].interval, 0.05, noise);
      return verdict == Verdict::regressed || verdict == Verdict::improved;
    };
    bool by_rounds = false, with_floor = false;
    for (std::size_t c = 1; c < kCases; ++c) {
      by_rounds |= judged(0.0, c);
      with_floor |= judged(floor, c);
    }
    false_by_rounds += by_rounds;
    false_verdicts += with_floor;
    found += judged(floor, 0);
  }
  INFO(false_by_rounds << " false by the rounds, " << false_verdicts << " with the floor, " << found
                       << " found, of " << kTrials);
  CHECK(false_by_rounds > kTrials / 2);
  CHECK(false_verdicts <= 0.05 * kTrials);
  CHECK(found >= kTrials / 2);
}
