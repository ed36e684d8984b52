#include "bench/studies/study_clock.h"

#include <algorithm>

namespace mlpbench {

void StudyClock::begin(const std::string& name) {
  const auto is = [&](const StudyCost& cost) { return cost.name == name; };
  costs_.erase(costs_.begin(), std::find_if(costs_.begin(), costs_.end(), is));
  start_ = Clock::now();
  if (!begun_) first_ = start_;
  begun_ = true;
}

double StudyClock::under_way() const {
  return begun_ ? std::chrono::duration<double>(Clock::now() - start_).count() : 0.0;
}

double StudyClock::seconds_left() const {
  if (costs_.empty()) return 0.0;
  const double taken = under_way();
  double left = std::max(costs_.front().seconds - taken, 0.1 * taken);
  for (std::size_t i = 1; i < costs_.size(); ++i) left += costs_[i].seconds;
  return left;
}

Progress StudyClock::progress(const std::string& what, double before) const {
  const double over = before + std::chrono::duration<double>(Clock::now() - first_).count();
  const double left = seconds_left();
  return {left > 0.0 ? over / (over + left) : 1.0, left, what};
}

}  // namespace mlpbench
