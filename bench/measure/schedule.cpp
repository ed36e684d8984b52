#include "bench/measure/schedule.h"

#include <algorithm>

namespace mlpbench {

void Schedule::add(double once, double visit, std::size_t visits) {
  parts_.push_back({.once = once, .expected_visit = visit, .visits_left = visits});
}

void Schedule::begin(std::size_t i) {
  end();
  if (i >= parts_.size()) return;
  under_way_ = i;
  began_ = Clock::now();
}

void Schedule::end() {
  if (under_way_) parts_[*under_way_].once = 0.0;
  under_way_.reset();
}

void Schedule::visited(std::size_t i, double seconds) {
  if (i >= parts_.size()) return;
  parts_[i].visit_seconds += seconds;
  ++parts_[i].visits;
  skip_visit(i);
}

void Schedule::skip_visit(std::size_t i) {
  if (i < parts_.size() && parts_[i].visits_left > 0) --parts_[i].visits_left;
}

void Schedule::close(std::size_t i) {
  if (i < parts_.size()) parts_[i].visits_left = 0;
}

double Schedule::seconds_left() const {
  double left = 0.0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const Part& part = parts_[i];
    const double taken = under_way_ == i ? seconds_since(began_) : 0.0;
    if (part.once > 0.0 || under_way_ == i) left += std::max(part.once - taken, 0.1 * taken);
    const double visit =
        part.visits == 0 ? part.expected_visit : part.visit_seconds / static_cast<double>(part.visits);
    left += static_cast<double>(part.visits_left) * visit;
  }
  return left;
}

Progress Schedule::progress(const std::string& what) const {
  const double left = seconds_left(), over = seconds_since(start_);
  return {left > 0.0 ? over / (over + left) : 1.0, left, what};
}

}  // namespace mlpbench
