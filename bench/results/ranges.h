// What a quantity over rounds, seeds or trials is in results.json.
#pragma once

#include <optional>
#include <vector>

#include "bench/stats/order.h"
#include "support/fields.h"

namespace mlpbench {

/// The extremes, the middle, and where the file has them all values and an interval of the median.
struct Range {
  double lowest = kUnknown, median = kUnknown, highest = kUnknown;
  std::vector<double> values;
  std::optional<Interval> interval;

  /// Of an infinite value, which is above every other, the file has null.
  static Range of(const std::vector<double>& values);

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

}  // namespace mlpbench
