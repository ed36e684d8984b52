#include "bench/measure/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/data/random_state.h"
#include "support/error.h"

namespace mlpbench {
namespace {

/// By Item::call_seconds, or by doubling the calls until they take a quarter of what they should.
VisitPlan calibrated(const Item& item) {
  if (item.seconds <= 0.0) return {};
  if (item.call_seconds) return plan_visit(item.seconds, item.call_seconds(), item.max_calls);
  std::size_t calls = 1;
  double one = item.time(calls, 0).front();
  while (one * static_cast<double>(calls) < item.seconds / 4 && calls < item.max_calls) {
    one = item.time(calls *= 2, 0).front();
  }
  return plan_visit(item.seconds, one, item.max_calls);
}

/// Drops what a series has beyond its last complete round, and makes one number of each.
void complete_rounds(const Item& item) {
  Measurement& series = *item.result;
  auto& [first, second] = series.visits;
  const std::size_t rounds = item.visits == 2 ? std::min(first.size(), second.size()) : first.size();
  first.resize(rounds), series.also.resize(rounds), series.readings.resize(rounds);
  series.seconds = first;
  if (item.visits < 2) return;
  second.resize(rounds);
  for (std::size_t r = 0; r < rounds; ++r) series.seconds[r] = (first[r] + second[r]) / 2.0;
}

bool is_precise(const std::optional<Interval>& interval, double precision) {
  return interval && std::sqrt(interval->high / interval->low) <= 1.0 + precision;
}

class Rounds {
 public:
  Rounds(const std::vector<Item>& items, const MeasureOptions& options, const EngineHooks& hooks)
      : items_(items),
        options_(options),
        hooks_(hooks),
        before_(hooks.journal == nullptr ? 0.0 : hooks.journal->seconds_spent()) {
    std::size_t ratios = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!result(i).wrong.empty()) continue;
      open_.push_back(i);
      ratios += base_of(i) ? 1 : 0;
    }
    confidence_ = confidence_of_each(options.confidence, ratios);
  }

  void run() {
    for (const std::size_t i : open_) plan(i);
    start_ = Clock::now();
    RandomState shuffler(options_.order_seed);
    bool within_budget = true;
    for (std::size_t round = 0; round < options_.rounds && !open_.empty() && within_budget; ++round) {
      for (const std::size_t visit : order(shuffler)) {
        if (result(visit / 2).wrong.empty()) make(visit / 2, visit % 2, round);
      }
      std::erase_if(open_, [&](std::size_t i) { return !result(i).wrong.empty(); });
      for (const std::size_t i : open_) complete_rounds(items_[i]);
      close_precise();
      within_budget = options_.budget_seconds <= 0.0 || now_ < options_.budget_seconds;
    }
    for (const std::size_t i : open_) result(i).stop = within_budget ? Stop::rounds : Stop::budget;
  }

 private:
  Measurement& result(std::size_t i) const { return *items_[i].result; }

  /// Of an item that is not its own, and is right.
  const Measurement* base_of(std::size_t i) const {
    const std::optional<std::size_t>& base = items_[i].base;
    return base && result(*base).wrong.empty() ? &result(*base) : nullptr;
  }

  /// As an earlier process planned it, or calibrated now.
  void plan(std::size_t i) {
    const auto noted = hooks_.journal == nullptr ? std::nullopt : hooks_.journal->plan_of(items_[i].name);
    if (noted && noted->epochs > items_[i].max_calls) {
      throw UserError("the journal has a plan of more epochs than a training of " + items_[i].name + " has");
    }
    result(i).plan = noted ? *noted : calibrated(items_[i]);
    if (hooks_.journal != nullptr && !noted) hooks_.journal->note_plan(items_[i].name, result(i).plan);
  }

  /// The visits of a round, item * 2 + visit: in random order, those beside a base in random order there.
  std::vector<std::size_t> order(RandomState& shuffler) const {
    std::vector<std::vector<std::size_t>> groups;
    std::vector<std::size_t> group_of(items_.size(), items_.size());
    for (const std::size_t i : open_) {
      const bool beside = items_[i].beside_base;
      std::size_t& group = group_of[beside ? items_[i].base.value_or(i) : i];
      for (std::size_t visit = 0; visit < items_[i].visits; ++visit) {
        if (!beside || group == items_.size()) group = groups.size(), groups.emplace_back();
        groups[group].push_back(2 * i + visit);
      }
    }
    std::vector<std::size_t> turns(groups.size()), all;
    std::iota(turns.begin(), turns.end(), std::size_t{0});
    shuffler.shuffle(turns);
    for (const std::size_t group : turns) {
      shuffler.shuffle(groups[group]);
      all.insert(all.end(), groups[group].begin(), groups[group].end());
    }
    return all;
  }

  /// One visit, which is made now or was by an earlier process.
  void make(std::size_t i, std::size_t visit, std::size_t round) {
    const Item& item = items_[i];
    const Journal::Round* noted =
        hooks_.journal == nullptr ? nullptr : hooks_.journal->round_of(item.name, round);
    if (noted != nullptr) {
      replay(item, visit, *noted);
      if (hooks_.schedule != nullptr) hooks_.schedule->skip_visit(i);
      return;
    }
    if (hooks_.next) hooks_.next(fmt::format("{} {} of {}", item.round, round + 1, options_.rounds));
    const Clock::time_point start = Clock::now();
    measure(item, visit, round);
    if (hooks_.schedule != nullptr) hooks_.schedule->visited(i, seconds_since(start));
    now_ = before_ + seconds_since(start_);
    if (!item.result->wrong.empty()) return drop(i);
    if (hooks_.journal != nullptr) note(item, round);
  }

  /// An item that cannot go on.
  void drop(std::size_t i) {
    result(i).visits = {}, result(i).seconds.clear(), result(i).also.clear(), result(i).readings.clear();
    if (hooks_.schedule != nullptr) hooks_.schedule->close(i);
  }

  void measure(const Item& item, std::size_t visit, std::size_t round) {
    Measurement& series = *item.result;
    const auto reading = [&] { return item.probe ? ceilings().read(*item.probe) : Reading(); };
    const Reading before = reading();
    double seconds = 0.0;
    std::vector<double> result;
    for (std::size_t n = 0; n < series.plan.trainings; ++n) {
      result = item.time(series.plan.epochs, round);
      if (result.empty()) return;
      seconds += result.front();
    }
    const Reading after = reading();
    series.visits[visit].push_back(seconds / static_cast<double>(series.plan.trainings));
    if (visit > 0) return;
    series.also.emplace_back(result.begin() + 1, result.end());
    series.readings.push_back({(before.flops + after.flops) / 2.0, (before.bytes + after.bytes) / 2.0});
  }

  void replay(const Item& item, std::size_t visit, const Journal::Round& noted) {
    Measurement& series = *item.result;
    if (noted.seconds.size() != item.visits) {
      throw UserError("the journal has another number of visits of " + item.name);
    }
    series.visits[visit].push_back(noted.seconds[visit]);
    now_ = noted.at;
    if (visit > 0) return;
    const std::vector<double>& also = noted.also;
    const bool probed = item.probe && also.size() >= 2;
    series.readings.push_back(probed ? Reading{also[0], also[1]} : Reading());
    series.also.emplace_back(also.begin() + (probed ? 2 : 0), also.end());
  }

  void note(const Item& item, std::size_t round) {
    const Measurement& series = *item.result;
    Journal::Round noted{{}, now_, {}};
    for (std::size_t visit = 0; visit < item.visits; ++visit) {
      if (series.visits[visit].size() <= round) return;
      noted.seconds.push_back(series.visits[visit][round]);
    }
    if (item.probe) noted.also = {series.readings[round].flops, series.readings[round].bytes};
    noted.also.insert(noted.also.end(), series.also[round].begin(), series.also[round].end());
    hooks_.journal->note_round(item.name, round, noted);
  }

  bool is_known(std::size_t i) const {
    const std::vector<double>& seconds = result(i).seconds;
    const Measurement* base = base_of(i);
    if (base == nullptr) return is_precise(median_interval(seconds, options_.confidence), options_.precision);
    const std::span of_base = std::span(base->seconds).first(seconds.size());
    return is_precise(paired_ratio(of_base, seconds, confidence_).interval, options_.precision);
  }

  /// Marks the items that need no further round, and takes them out of those that are open. A base has no
  /// precision of its own to reach: it is done with the last item against it.
  void close_precise() {
    std::vector<bool> is_base(items_.size(), false), needed(items_.size(), false);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (result(i).wrong.empty() && base_of(i) != nullptr) is_base[*items_[i].base] = true;
    }
    for (const std::size_t i : open_) {
      if (is_base[i] || options_.precision <= 0.0) continue;
      if (is_known(i)) result(i).stop = Stop::precise;
    }
    for (const std::size_t i : open_) {
      if (base_of(i) != nullptr && result(i).stop == Stop::none) needed[*items_[i].base] = true;
    }
    std::erase_if(open_, [&](std::size_t i) {
      if (is_base[i] && !needed[i]) result(i).stop = Stop::precise;
      if (result(i).stop != Stop::none && hooks_.schedule != nullptr) hooks_.schedule->close(i);
      return result(i).stop != Stop::none;
    });
  }

  const Ceilings& ceilings() const { return hooks_.ceilings == nullptr ? own_ceilings_ : *hooks_.ceilings; }

  const std::vector<Item>& items_;
  const MeasureOptions& options_;
  const EngineHooks& hooks_;
  Ceilings own_ceilings_;
  std::vector<std::size_t> open_;
  double confidence_ = 0.0;    ///< of each ratio
  double before_, now_ = 0.0;  ///< seconds of rounds: of earlier processes, and of all
  Clock::time_point start_;
};

}  // namespace

void check_items(const std::vector<Item>& items, const EngineHooks& hooks) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (hooks.schedule != nullptr) hooks.schedule->begin(i);
    const Item& item = items[i];
    std::string wrong;
    if (item.beside_base && item.base) {
      wrong = items[*item.base].result->wrong;
    } else if (item.check) {
      if (hooks.next) hooks.next("checking " + item.name);
      wrong = item.check();  // which may replace the result
    }
    if (hooks.schedule != nullptr && !wrong.empty()) hooks.schedule->close(i);
    item.result->wrong = std::move(wrong);
  }
  if (hooks.schedule != nullptr) hooks.schedule->end();
}

void time_items(const std::vector<Item>& items, const MeasureOptions& options, const EngineHooks& hooks) {
  try {
    Rounds(items, options, hooks).run();
  } catch (...) {
    for (const Item& item : items) complete_rounds(item);
    throw;
  }
}

}  // namespace mlpbench
