#include "bench/report/plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/report/words.h"
#include "support/unicode.h"

namespace mlpbench {
namespace {

/// What the places of ticks can be computed of.
constexpr double kLargest = 1e150;

bool is_drawable(double value) { return std::abs(value) <= kLargest; }

/// Every `step`-th of the multiples of the powers of ten that lie in the range.
std::vector<double> multiples(const Axis& axis, std::initializer_list<double> digits, int step = 1) {
  std::vector<double> all;
  int found = 0;
  for (double power = std::pow(10.0, std::floor(std::log10(axis.low))); power <= axis.high; power *= 10.0) {
    for (const double digit : digits) {
      const double value = digit * power;
      if (value >= axis.low && value <= axis.high && found++ % step == 0) all.push_back(value);
    }
  }
  return all;
}

/// The multiples of a step of 1, 2 or 5 times a power of ten, the smallest that is at least `least`.
std::vector<double> multiples_of_step(const Axis& axis, double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  double step = 10.0 * power;
  for (const double digit : {5.0, 2.0, 1.0}) {
    if (digit * power >= least * (1.0 - 1e-9)) step = digit * power;
  }
  std::vector<double> all;
  for (double i = std::ceil(axis.low / step); i * step <= axis.high * (1.0 + 1e-12); i += 1.0) {
    all.push_back(i * step);
  }
  return all;
}

/// All sets of round numbers to choose from, the most numbers first.
std::vector<std::vector<double>> round_numbers(const Axis& axis) {
  std::vector<std::vector<double>> sets;
  const double least = std::max((axis.high - axis.low) / 12.0, axis.finest);
  if (axis.logarithmic) {
    sets = {multiples(axis, {1, 1.5, 2, 3, 4, 5, 6, 7, 8}), multiples(axis, {1, 2, 3, 5}),
            multiples(axis, {1, 2, 5})};
    for (int step = 1; step <= 8; ++step) sets.push_back(multiples(axis, {1}, step));
    // A short range has too few of these.
    std::erase_if(sets, [](const auto& set) { return set.size() < 2; });
    if (!sets.empty()) return sets;
  }
  for (const double factor : {1.0, 1.5, 2.0, 3.0, 4.0, 6.0})
    sets.push_back(multiples_of_step(axis, factor * least));
  return sets;
}

}  // namespace

Axis Axis::of(std::string title, bool logarithmic, std::string (*number)(double), double most) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  return {std::move(title), kInfinity, -kInfinity, logarithmic, number, 0.0, most};
}

void Axis::include(double value) {
  if (!is_drawable(value) || (logarithmic && value < 1.0 / kLargest)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

void Axis::pad(double part) {
  if (logarithmic) {
    const double room = std::max(std::pow(high / low, part), 1.02);
    low /= room;
    high *= room;
  } else {
    const double largest = std::max(std::abs(low), std::abs(high));
    const double room = high - low > 1e-9 * largest ? part * (high - low) : std::max(0.05 * largest, 1e-9);
    low -= room;
    high += room;
    if (high > most) high = std::max(most + 0.02 * (most - low), most * 1.0001);
  }
}

double Axis::place(double value) const {
  const double part = logarithmic ? (std::log(value) - std::log(low)) / (std::log(high) - std::log(low))
                                  : (value - low) / (high - low);
  return std::clamp(part, 0.0, 1.0);
}

std::string Axis::text(double value) const { return number != nullptr ? number(value) : number_text(value); }

std::vector<Tick> ticks_of(const Axis& axis, double pixels, bool beside) {
  std::vector<Tick> ticks;
  for (const std::vector<double>& numbers : round_numbers(axis)) {
    ticks.clear();
    double room = 26.0;
    for (const double at : numbers) {
      const double value = std::abs(at) < 1e-12 ? 0.0 : at;
      ticks.push_back({at, axis.text(value)});
      const auto width = 7.5 * static_cast<double>(display_width(ticks.back().text)) + 10.0;
      if (beside) room = std::max(room, width);
    }
    const auto crowded = [&](double low, double high) {
      return !(pixels * std::abs(axis.place(high) - axis.place(low)) >= room);
    };
    if (std::ranges::adjacent_find(numbers, crowded) == numbers.end()) break;
  }
  return ticks;
}

}  // namespace mlpbench
