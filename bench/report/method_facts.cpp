#include <fmt/format.h>

#include <cmath>

#include "bench/report/facts.h"
#include "bench/report/leaders.h"
#include "bench/report/words.h"
#include "experiments/experiment.h"
#include "support/format.h"

namespace mlpbench {

std::string confidence_text(const Document& document) { return percent_text(document.method.confidence, 0); }

std::vector<std::string> method_sentences(const Document& document) {
  const MethodFacts& method = document.method;
  const MeasurementFacts& measurement = document.measurement;
  const double reading = measurement.clock_reading_seconds;
  std::vector<std::string> all = {
      "Every case is run whole once and every number of it is held against its reference before anything is "
      "timed. A wrong case has no speed. That run is the warm-up.",
      fmt::format("Then all cases are timed in rounds, twice in each, in an order drawn anew for every round "
                  "(seed {}): at most {} rounds. A case stops once its interval is within {} of its middle, "
                  "or with the rounds or the budget ({} s; 0 is none). Nothing is dropped.",
                  count_text(method.order_seed), count_text(method.rounds), percent_text(method.precision, 0),
                  number_text(method.budget_seconds)),
      fmt::format(
          "Times are medians with the exact {} interval of their rank. Speeds are medians of the quotients "
          "of the same rounds with the interval of the sign test, so wide that all {} of them hold together.",
          confidence_text(document), count_text(method.comparisons)),
  };
  if (const std::size_t pairs = leader_comparisons(groups_of(document)); pairs > 0) {
    all.push_back(
        fmt::format("A backend is the fastest of a table where the case with the lowest median is faster "
                    "than every case of every other backend, float64 or float32, in the same rounds: {}, "
                    "whose intervals hold together with {}.",
                    format_count(pairs, "comparison"), confidence_text(document)));
  }
  if (!measurement.clock.empty()) {
    all.push_back(fmt::format("Clock: {} ({}), {} a reading. Timed: {}. Not timed: {}.", measurement.clock,
                              measurement.clock_source, seconds_text(reading), measurement.timed,
                              measurement.not_timed));
  }
  return all;
}

std::string how_to_read(const Document& document) {
  return fmt::format(
      "time/epoch is the median over the rounds. against naive is naive's time on one thread divided by the "
      "row's, of the same round and dtype; all of these intervals hold together with {}. faster and slower: "
      "the interval excludes 1; not separated: it does not, which is not to say equal. noise is the smallest "
      "effect that the row can tell from nothing: the same code against itself. parity is the largest "
      "distance of any loss, weight or output from the reference's, relative where the value is above 1; "
      "{:.0e} is allowed in float64, {:.0e} in float32.",
      confidence_text(document), reference_tolerance(DType::float64), reference_tolerance(DType::float32));
}

}  // namespace mlpbench
