#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/report/plot.h"
#include "bench/report/words.h"
#include "support/table.h"

namespace mlpbench {
namespace {

/// The multiples of the powers of ten that lie in the range.
std::vector<double> multiples(const Axis& axis, std::initializer_list<double> digits) {
  std::vector<double> all;
  for (double power = std::pow(10.0, std::floor(std::log10(axis.low))); power <= axis.high; power *= 10.0) {
    for (const double digit : digits) {
      const double value = digit * power;
      if (value >= axis.low && value <= axis.high) all.push_back(value);
    }
  }
  return all;
}

/// Every `step`-th power of ten.
std::vector<double> powers(const Axis& axis, std::size_t step) {
  const std::vector<double> all = multiples(axis, {1});
  std::vector<double> some;
  for (std::size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
  return some;
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
    for (std::size_t step = 1; step <= 8; ++step) sets.push_back(powers(axis, step));
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
  if (!std::isfinite(value) || (logarithmic && value <= 0.0)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

void Axis::pad(double part) {
  if (logarithmic) {
    const double room = std::max(std::pow(high / low, part), 1.02);
    low /= room;
    high *= room;
  } else {
    const double room = high > low ? part * (high - low) : std::max(std::abs(high) * 0.05, 1e-9);
    low -= room;
    high += room;
    if (high > most) high = std::max(most + 0.02 * (most - low), most * 1.0001);
  }
}

std::vector<Tick> ticks_of(const Axis& axis, double pixels, Texts texts) {
  const auto place = [&](double value) {
    return axis.logarithmic ? pixels * std::log10(value / axis.low) / std::log10(axis.high / axis.low)
                            : pixels * (value - axis.low) / (axis.high - axis.low);
  };
  std::vector<Tick> ticks;
  for (const std::vector<double>& numbers : round_numbers(axis)) {
    ticks.clear();
    double room = 26.0;
    for (const double at : numbers) {
      const double value = std::abs(at) < 1e-12 ? 0.0 : at;
      ticks.push_back({at, axis.number != nullptr ? axis.number(value) : number_text(value)});
      const auto width = 7.0 * static_cast<double>(display_width(ticks.back().text)) + 10.0;
      if (texts == Texts::beside) room = std::max(room, width);
    }
    bool clear = true;
    for (std::size_t i = 1; i < numbers.size(); ++i)
      clear = clear && place(numbers[i]) - place(numbers[i - 1]) >= room;
    if (clear) break;
  }
  return ticks;
}

}  // namespace mlpbench
