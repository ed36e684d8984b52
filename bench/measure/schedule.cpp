#include "bench/measure/schedule.h"

namespace mlpbench {
namespace {

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Schedule::Schedule(std::size_t cases, std::size_t rounds, std::function<void(const Progress&)> tell)
    : entries_(cases), visits_(2 * rounds), tell_(std::move(tell)) {}

void Schedule::expect(std::size_t i, CaseCost cost) {
  entries_[i] = {.expected = cost, .check_left = true, .visits_left = visits_};
}

void Schedule::check(std::size_t i, const std::string& what, const std::function<void()>& work) {
  tell(what);
  work();
  entries_[i].check_left = false;
}

void Schedule::visit(std::size_t i, const std::string& what, const std::function<void()>& work) {
  tell(what);
  Entry& entry = entries_[i];
  entry.visit_seconds += seconds_of(work);
  ++entry.visits;
  skip_visit(i);
}

void Schedule::skip_visit(std::size_t i) {
  if (entries_[i].visits_left > 0) --entries_[i].visits_left;
}

double Schedule::seconds_left() const {
  double left = afterwards_;
  for (const Entry& entry : entries_) {
    if (entry.check_left) left += entry.expected.check;
    left += static_cast<double>(entry.visits_left) * entry.visit_cost();
  }
  return left;
}

void Schedule::tell(const std::string& what) const {
  if (!tell_) return;
  const double left = seconds_left();
  const double over = std::chrono::duration<double>(Clock::now() - start_).count();
  tell_({left > 0.0 ? over / (over + left) : 1.0, left, what});
}

}  // namespace mlpbench
