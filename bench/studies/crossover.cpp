#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "bench/studies/sections.h"
#include "core/training/parallel_threshold.h"
#include "core/training/thread_pool.h"

namespace mlpbench {
namespace {

constexpr std::size_t kMinBatch = 16, kMaxBatch = 4096, kMaxBatchQuick = 1024;
constexpr std::size_t kMinWidth = 4, kMaxWidth = 512, kMaxWidthQuick = 64;
constexpr std::size_t kNetworkWidth = 64, kSweptWidthsBatch = 256, kSamples = 8192;
constexpr VisitTime kCrossoverVisit{.full = 0.02, .quick = 0.005};

/// The works of a sweep over batches, or over widths; quick, without the largest.
std::vector<Workload> works_of(bool batches, const StudySetting& setting) {
  std::vector<Workload> works;
  const std::size_t most =
      batches ? (setting.quick ? kMaxBatchQuick : kMaxBatch) : (setting.quick ? kMaxWidthQuick : kMaxWidth);
  for (std::size_t size = batches ? kMinBatch : kMinWidth; size <= most; size *= 2) {
    const std::size_t width = batches ? kNetworkWidth : size;
    const NetworkSpec network = relu_network(28, {width, width}, 1);
    works.push_back(batches ? sync_workload(network, size, kSamples)
                            : sync_workload(network, kSweptWidthsBatch, 8 * kSweptWidthsBatch));
  }
  for (Workload& work : works) work.dtype = setting.dtype;
  return works;
}

Item item_of(const Workload& work, const CrossoverFact& sweep, const BackendEntry& backend,
             const ThreadSetting& way, bool quick) {
  Item item{.name = fmt::format("crossover/{}/{}/{}/{}", sweep.sweep.substr(0, 5), work.name, backend.name,
                                way.threads),
            .seconds = kCrossoverVisit.seconds(quick),
            .beside_base = true};
  item.time = [&work, &backend, way](std::size_t epochs, std::size_t) {
    return std::vector{train_seconds(train(work, backend, way, epochs)) / static_cast<double>(epochs)};
  };
  return item;
}

/// The serial step, and the shared one against it.
void add_items(const Workload& work, const CrossoverFact& sweep, const BackendEntry& backend, bool quick,
               std::vector<Item>& items) {
  items.push_back(item_of(work, sweep, backend, {}, quick));
  items.back().check = [&work, &backend, threads = sweep.threads] { return check(work, backend, {threads}); };
  items.push_back(item_of(work, sweep, backend, {sweep.threads, true}, quick));
  items.back().base = items.size() - 2;
}

StepParts parts_of(const Workload& work, std::size_t running) {
  return step_parts(work.network(), work.settings.batch_size, running, element_bytes(work.dtype));
}

void finish(const Workload& work, const Measurement& serial, const Measurement& shared,
            const CrossoverFact& sweep, SweepPointFact& point) {
  point.wrong = serial.wrong;
  if (!point.wrong.empty()) return;
  const std::size_t running = running_threads(sweep.threads),
                    samples = work.problems->front().train.samples();
  point.serial_seconds =
      median(serial.seconds) * static_cast<double>(work.settings.batch_size) / static_cast<double>(samples);
  point.predicted =
      predicted_speedup(point.serial_seconds, running, parts_of(work, running), sweep.fork_join);
  point.above_threshold =
      above_parallel_threshold(point.serial_seconds, running, parts_of(work, running), sweep.fork_join);
  std::vector<double> measured;
  for (std::size_t r = 0; r < shared.seconds.size(); ++r) {
    measured.push_back(serial.seconds[r] / shared.seconds[r]);
  }
  point.measured = {Range::of(measured)};
  point.measured.interval = paired_ratio(serial.seconds, shared.seconds, 0.95).interval;
}

/// Of a step by blocks and tiles, or where exchanging takes longer than computing, of one by chunks, which
/// exchanges nothing.
std::optional<double> break_even_of(const CrossoverFact& sweep, const std::vector<Workload>& batches) {
  const std::size_t running = running_threads(sweep.threads);
  const SweepPointFact& largest = sweep.points.back();
  if (running == 1 || !largest.wrong.empty()) return std::nullopt;
  const double sample = largest.serial_seconds / static_cast<double>(largest.size);
  const double exchanged = static_cast<double>(parts_of(batches.front(), running).exchanged) /
                           static_cast<double>(batches.front().settings.batch_size);
  if (const auto batch = break_even_batch(sample, kExchange * exchanged, running, sweep.fork_join))
    return batch;
  for (const Workload& work : batches) {
    if (!parts_of(work, running).chunks) continue;
    return std::max(static_cast<double>(work.settings.batch_size),
                    *break_even_batch(sample, 0.0, running, sweep.fork_join));
  }
  return std::nullopt;
}

void run_crossover(const Selected& selected, const StudySetting& setting, Document& document) {
  const std::vector<std::size_t> threads = selected.compared_threads();
  if (threads.empty()) return;
  document.crossover = measure_crossover(selected.backends, threads.front(), setting);
}

double estimate_crossover(StudyPlan& plan) {
  const std::size_t sizes = works_of(true, plan.setting).size() + works_of(false, plan.setting).size();
  return plan.pairs(sizes * plan.selected.backends.size(), kCrossoverVisit.seconds(plan.setting.quick));
}

/// The size of the first point from which on `pays` holds for all; unknown when it does not of the last.
template <typename Pays>
Count pays_from(const CrossoverFact& sweep, Pays pays) {
  Count from;
  const auto& points = sweep.points;
  for (auto point = points.rbegin(); point != points.rend() && pays(*point); ++point) from = point->size;
  return from;
}

}  // namespace

std::optional<double> break_even_batch(double sample_seconds, double exchange_seconds, std::size_t threads,
                                       double fork_join) {
  if (threads < 2 || !(sample_seconds > 0.0)) {
    throw std::invalid_argument("a break-even needs two threads and a sample that takes time");
  }
  const double running = static_cast<double>(threads), gained = sample_seconds - exchange_seconds;
  if (gained <= 0.0) return std::nullopt;
  return 2.0 * fork_join * running / ((running - 1.0) * gained);
}

double predicted_speedup(double serial_seconds, std::size_t threads, StepParts parts, double fork_join) {
  return serial_seconds / shared_step_seconds(serial_seconds, threads, parts, fork_join);
}

void conclude(CrossoverFact& sweep) {
  for (SweepPointFact& point : sweep.points) {
    const Range& measured = point.measured;
    point.pays = point.wrong.empty() && (measured.interval ? measured.interval->low : measured.median) > 1.0;
  }
  sweep.predicted_from = pays_from(sweep, [](const auto& point) { return point.predicted > 1.0; });
  sweep.measured_from = pays_from(sweep, [](const auto& point) { return point.pays; });
}

std::vector<CrossoverFact> measure_crossover(const std::vector<const BackendEntry*>& backends,
                                             std::size_t threads, const StudySetting& setting) {
  ThreadPool pool(threads);
  const double fork_join = fork_join_seconds(pool);
  const std::vector<Workload> works[] = {works_of(true, setting), works_of(false, setting)};
  std::vector<CrossoverFact> sweeps;
  std::vector<Item> items;
  for (const BackendEntry* backend : backends) {
    for (const bool batches : {true, false}) {
      CrossoverFact& sweep = sweeps.emplace_back();
      sweep.backend = backend->name;
      sweep.dtype = to_string(setting.dtype);
      sweep.sweep = batches ? fmt::format("batch of 28-{0}-{0}-1", kNetworkWidth)
                            : fmt::format("width of 28-w-w-1 at {}", kSweptWidthsBatch);
      sweep.threads = threads;
      sweep.fork_join = fork_join;
      for (const Workload& work : works[batches ? 0 : 1]) {
        sweep.points.emplace_back().size =
            batches ? work.settings.batch_size : work.network().layers.front().units;
        add_items(work, sweep, *backend, setting.quick, items);
      }
    }
  }
  const std::vector<Measurement> all = setting.measure("crossover", items, setting.rounds);
  std::size_t at = 0;
  for (std::size_t s = 0; s < sweeps.size(); ++s) {
    for (std::size_t i = 0; i < sweeps[s].points.size(); ++i, at += 2) {
      finish(works[s % 2][i], all[at], all[at + 1], sweeps[s], sweeps[s].points[i]);
    }
    if (const auto batch = s % 2 == 0 ? break_even_of(sweeps[s], works[0]) : std::nullopt) {
      sweeps[s].break_even = *batch;
    }
    conclude(sweeps[s]);
  }
  return sweeps;
}

Study crossover_study() {
  return {.name = "crossover",
          .about = "the sizes from which on a second thread pays",
          .standard = false,
          .estimate = estimate_crossover,
          .run = run_crossover};
}

}  // namespace mlpbench
