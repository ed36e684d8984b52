#include "bench/studies/crossover.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "core/data/random_state.h"
#include "core/training/parallel_threshold.h"
#include "support/error.h"
#include "support/format.h"
#include "support/table.h"

namespace mlpbench {
namespace {

constexpr std::size_t kBatches[] = {16, 32, 64, 128, 256, 512, 1024, 2048, 4096};
constexpr std::size_t kWidths[] = {4, 8, 16, 32, 64, 128, 256, 512};
constexpr std::size_t kNetworkWidth = 64, kSweptWidthsBatch = 256, kSamples = 8192;

/// A size of a sweep with what times it.
struct Point {
  Sweep* sweep;
  std::size_t index;
  Workload work;
  std::size_t epochs = 0;
  std::vector<double> serial, shared;  ///< seconds of a step, one a round
};

double step_seconds(const Point& point, const ThreadSetting& setting) {
  const Trained trained = train(point.work, *point.sweep->backend, setting, point.epochs);
  return static_cast<double>(point.work.options.batch_size) / trained.samples_per_second();
}

void time_round(std::vector<Point>& points, RandomState& shuffler) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffler.shuffle(order);
  for (const std::size_t i : order) {
    Point& point = points[i];
    const bool serial_first = shuffler.bounded(1) == 0;
    for (const bool serial : {serial_first, !serial_first}) {
      const ThreadSetting setting{serial ? 1 : point.sweep->threads, !serial};
      (serial ? point.serial : point.shared).push_back(step_seconds(point, setting));
    }
  }
}

void finish(const Point& point) {
  SweepPoint& result = point.sweep->points[point.index];
  const std::size_t running = running_threads(point.sweep->threads);
  const double fork_join = point.sweep->fork_join;
  const StepParts parts =
      step_parts(point.work.network, point.work.options.batch_size, running, element_bytes(point.work.dtype));
  result.serial_seconds = spread_of(point.serial).median;
  result.predicted = predicted_speedup(result.serial_seconds, running, parts, fork_join);
  result.cut_over_shares = above_parallel_threshold(result.serial_seconds, running, parts, fork_join);
  for (std::size_t r = 0; r < point.serial.size(); ++r) {
    result.measured.push_back(point.serial[r] / point.shared[r]);
  }
  result.interval = paired_ratio(point.serial, point.shared, 0.95).interval;
}

/// The size of the first point from which on `pays` holds for all.
template <typename Pays>
std::optional<std::size_t> pays_from(const std::vector<SweepPoint>& points, Pays pays) {
  std::optional<std::size_t> from;
  for (auto point = points.rbegin(); point != points.rend() && pays(*point); ++point) from = point->size;
  return from;
}

std::string or_none(const std::optional<std::size_t>& size) {
  return size ? std::to_string(*size) : "none of these";
}

}  // namespace

double break_even_batch(double sample_seconds, double exchange_seconds, std::size_t threads,
                        double fork_join) {
  if (threads < 2 || !(sample_seconds > 0.0)) {
    throw std::invalid_argument("a break-even needs two threads and a sample that takes time");
  }
  const double running = static_cast<double>(threads), gained = sample_seconds - exchange_seconds;
  if (gained <= 0.0) return std::numeric_limits<double>::infinity();
  return 2.0 * fork_join * running / ((running - 1.0) * gained);
}

double predicted_speedup(double serial_seconds, std::size_t threads, StepParts parts, double fork_join) {
  return serial_seconds / shared_step_seconds(serial_seconds, threads, parts, fork_join);
}

bool SweepPoint::pays() const { return (interval ? interval->low : spread_of(measured).median) > 1.0; }

std::optional<std::size_t> Sweep::predicted_from() const {
  return pays_from(points, [](const SweepPoint& point) { return point.predicted > 1.0; });
}

std::optional<std::size_t> Sweep::measured_from() const {
  return pays_from(points, [](const SweepPoint& point) { return point.pays(); });
}

std::vector<Sweep> measure_crossover(const ScalingOptions& options) {
  const std::vector<const BackendEntry*> backends = chosen_backends(options.backends);
  const std::size_t threads = options.threads.front();
  ThreadPool pool(threads);
  const double fork_join = fork_join_seconds(pool);
  std::vector<Sweep> sweeps;
  for (const BackendEntry* backend : backends) {
    sweeps.push_back(
        {backend, fmt::format("batch of 28-{0}-{0}-1", kNetworkWidth), threads, fork_join, {}, {}});
    for (const std::size_t batch : kBatches) sweeps.back().points.emplace_back().size = batch;
    sweeps.push_back(
        {backend, fmt::format("width of 28-w-w-1 at {}", kSweptWidthsBatch), threads, fork_join, {}, {}});
    for (const std::size_t width : kWidths) sweeps.back().points.emplace_back().size = width;
  }
  std::vector<Point> points;
  for (std::size_t s = 0; s < sweeps.size(); ++s) {
    for (std::size_t i = 0; i < sweeps[s].points.size(); ++i) {
      const std::size_t size = sweeps[s].points[i].size;
      Workload work = s % 2 == 0 ? sync_workload(kNetworkWidth, size, kSamples)
                                 : sync_workload(size, kSweptWidthsBatch, 8 * kSweptWidthsBatch);
      const BackendEntry& backend = *sweeps[s].backend;
      const std::string wrong = problem_of(work, backend, {threads});
      if (!wrong.empty()) throw WrongResult(fmt::format("{}/{}: {}", work.name, backend.name, wrong));
      const std::size_t epochs = epochs_for(work, backend, options.seconds_per_visit / 2);
      points.push_back({&sweeps[s], i, std::move(work), epochs, {}, {}});
    }
  }
  RandomState shuffler(options.order_seed);
  for (std::size_t round = 0; round < options.rounds; ++round) {
    if (options.tell) options.tell(fmt::format("crossover, round {} of {}", round + 1, options.rounds));
    time_round(points, shuffler);
  }
  for (const Point& point : points) finish(point);
  const std::size_t running = running_threads(threads);
  if (running == 1) return sweeps;
  const Workload& smallest = points.front().work;  // one chunk of the network that all sweeps of batches have
  const std::size_t batch = smallest.options.batch_size;
  const StepParts parts = step_parts(smallest.network, batch, running, element_bytes(smallest.dtype));
  const double exchange = kExchange * static_cast<double>(parts.exchanged) / static_cast<double>(batch);
  for (std::size_t s = 0; s < sweeps.size(); s += 2) {
    const SweepPoint& largest = sweeps[s].points.back();
    const double sample = largest.serial_seconds / static_cast<double>(largest.size);
    sweeps[s].break_even = break_even_batch(sample, exchange, running, fork_join);
  }
  return sweeps;
}

std::string crossover_text(const std::vector<Sweep>& sweeps) {
  std::string text;
  for (const Sweep& sweep : sweeps) {
    Table table;
    for (const char* title :
         {"size", "serial step", "predicted", "measured", "95 % interval", "pays", "cut-over"}) {
      table.add_column(title);
    }
    for (const SweepPoint& point : sweep.points) {
      const Spread spread = spread_of(point.measured);
      table.add_row(
          {std::to_string(point.size), format_seconds(point.serial_seconds),
           fmt::format("{:.2f}", point.predicted),
           fmt::format("{:.2f} [{:.2f}, {:.2f}]", spread.median, spread.lowest, spread.highest),
           point.interval ? fmt::format("[{:.2f}, {:.2f}]", point.interval->low, point.interval->high) : "",
           point.pays() ? "yes" : "no", point.cut_over_shares ? "shares" : "serial"});
    }
    text +=
        fmt::format("\nCrossover on {}: {}, {} threads against 1, fork and join {}\n{}", sweep.backend->name,
                    sweep.what, sweep.threads, format_seconds(sweep.fork_join), table.console());
    text += fmt::format("pays from: predicted {}, measured {}", or_none(sweep.predicted_from()),
                        or_none(sweep.measured_from()));
    if (sweep.break_even)
      text += fmt::format("; break-even batch by the largest's time {:.0f}", *sweep.break_even);
    text += "\n";
  }
  return text;
}

nlohmann::ordered_json crossover_json(const std::vector<Sweep>& sweeps) {
  const auto or_null = [](const auto& value) { return value ? nlohmann::ordered_json(*value) : nullptr; };
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Sweep& sweep : sweeps) {
    nlohmann::ordered_json points = nlohmann::ordered_json::array();
    for (const SweepPoint& point : sweep.points) {
      nlohmann::ordered_json interval;
      if (point.interval) interval = {point.interval->low, point.interval->high};
      points.push_back({{"size", point.size},
                        {"serial_step_seconds", point.serial_seconds},
                        {"predicted_speedup", point.predicted},
                        {"measured_speedup", spread_json(point.measured)},
                        {"interval", std::move(interval)},
                        {"pays", point.pays()},
                        {"cut_over_shares", point.cut_over_shares}});
    }
    all.push_back({{"backend", sweep.backend->name},
                   {"sweep", sweep.what},
                   {"threads", sweep.threads},
                   {"fork_join_seconds", sweep.fork_join},
                   {"break_even_batch", or_null(sweep.break_even)},
                   {"predicted_from", or_null(sweep.predicted_from())},
                   {"measured_from", or_null(sweep.measured_from())},
                   {"points", std::move(points)}});
  }
  return all;
}

}  // namespace mlpbench
