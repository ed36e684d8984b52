#include <fmt/format.h>

#include <algorithm>

#include "backends/operations/work.h"
#include "bench/studies/sections.h"

namespace mlpbench {
namespace {

constexpr std::size_t kRounds = 7, kRoundsQuick = 3;
constexpr VisitTime kThroughputVisit{.full = 0.04, .quick = 0.02};
constexpr double kProbesOfVisit = 0.06;  ///< seconds of the probes before and after a visit, about

std::vector<ThreadSetting> thread_settings(const Workload& work, const std::vector<std::size_t>& threads) {
  std::vector<std::size_t> counts{1};
  counts.insert(counts.end(), threads.begin(), threads.end());
  std::vector<ThreadSetting> all;
  for (const std::size_t count : counts) {
    all.push_back({count, false});
    if (work.has_parallel_threshold()) all.push_back({count, true});
  }
  return all;
}

/// What starting the threads costs is inside an ensemble's clock: its visits are longer.
double visit_seconds(const Workload& work, const StudySetting& setting) {
  return (find_trainer(work.settings.trainer).runs_members ? 4.0 : 1.0) *
         kThroughputVisit.seconds(setting.quick);
}

/// The first one, on one thread, is the base of the others, and checks for all of them.
void add_items(const Workload& work, const BackendEntry& backend, const std::vector<std::size_t>& threads,
               const StudySetting& setting, std::vector<ScalingFact>& rows, std::vector<Item>& items) {
  const std::vector<MemoryLevel> levels = memory_levels();
  const double footprint = step_footprint(work.network(), work.step_samples(), element_bytes(work.dtype));
  const std::size_t level = level_that_holds(footprint, levels), first = items.size();
  for (const ThreadSetting& way : thread_settings(work, threads)) {
    ScalingFact& row = rows.emplace_back();
    row.name = work.name;
    row.backend = backend.name;
    row.dtype = to_string(work.dtype);
    row.isa = backend.isa_text();
    row.threads = way.threads;
    row.obeys_threshold = !way.shared;
    row.memory_level = levels[level].name;
    Item item{.name = fmt::format("scaling/{}/{}/{}{}", work.name, backend.name, way.threads,
                                  way.shared ? "*" : ""),
              .beside_base = true};
    item.time = [&work, &backend, way](std::size_t epochs, std::size_t) {
      const RunResult run = train(work, backend, way, epochs);
      return std::vector{train_seconds(run) / static_cast<double>(epochs),
                         samples_per_epoch(work.problems->front(), run),
                         static_cast<double>(threads_used(run))};
    };
    item.seconds = visit_seconds(work, setting);
    if (items.size() > first) item.base = first;
    item.probe = Probe{probed_isa(backend.isa()), work.dtype, {way.threads, 3, 4e-3}, level};
    items.push_back(std::move(item));
  }
  items[first].check = [&work, &backend, threads] {
    std::vector<std::size_t> all = threads;
    if (work.has_parallel_threshold()) all.insert(all.begin(), 1);
    return check(work, backend, all);
  };
}

void finish(const Measurement& one, const Measurement& series, ScalingFact& row) {
  row.wrong = series.wrong;
  std::vector<double> rate, speedup, efficiency, fma, memory, share;
  for (std::size_t r = 0; r < series.seconds.size(); ++r) {
    rate.push_back(series.also[r][0] / series.seconds[r]);
    speedup.push_back(one.seconds[r] / series.seconds[r]);
    efficiency.push_back(speedup[r] / static_cast<double>(row.threads));
    fma.push_back(series.readings[r].flops / one.readings[r].flops);
    memory.push_back(series.readings[r].bytes / one.readings[r].bytes);
    share.push_back(speedup[r] / fma[r]);
    row.threads_used = std::max(row.threads_used, static_cast<std::size_t>(series.also[r][1]));
  }
  row.samples_per_second = {Range::of(rate)};
  row.speedup = {Range::of(speedup)};
  row.efficiency = {Range::of(efficiency)};
  row.fma_ceiling = {Range::of(fma)};
  row.memory_ceiling = {Range::of(memory)};
  row.share = {Range::of(share)};
}

/// All of them; quick, the two that tell most.
std::vector<Workload> workloads(const StudySetting& setting) {
  std::vector<Workload> all = scaling_workloads();
  std::erase_if(all, [&](const Workload& work) {
    return setting.quick && !work.name.starts_with("hogwild-fast") && !work.name.starts_with("ensemble");
  });
  for (Workload& work : all) work.dtype = setting.dtype;
  return all;
}

double epoch_flop(const Workload& work) {
  return static_cast<double>(work.problems->size()) *
         epoch_work(work.network(), work.problems->front().train.samples(), work.step_samples(),
                    work.settings.keep_incomplete_batch, sizeof(float))
             .flop;
}

/// The visits by their number, the checks by the speed of naive at one step of a middle size.
double estimate_throughput(StudyPlan& plan) {
  const std::vector<std::size_t> threads = plan.selected.compared_threads();
  if (threads.empty()) return 0.0;
  const Workload middle = sync_workload(relu_network(28, {64, 64}, 1), 256, 256);
  const double flop_a_second =
      epoch_flop(middle) / train_seconds(train(middle, find_backend("naive"), {}, 1));
  const std::size_t rounds = std::min(plan.setting.rounds, plan.setting.quick ? kRoundsQuick : kRounds);
  double seconds = 0.0;
  for (const Workload& work : workloads(plan.setting)) {
    const double visit = visit_seconds(work, plan.setting);
    const double round =
        static_cast<double>(thread_settings(work, threads).size()) * (visit + kProbesOfVisit);
    seconds += epoch_flop(work) / flop_a_second + visit + static_cast<double>(rounds) * round;
  }
  return seconds;
}

void run_throughput(const Selected& selected, const StudySetting& setting, Document& document) {
  const std::vector<std::size_t> threads = selected.compared_threads();
  if (threads.empty()) return;
  document.scaling = measure_scaling(workloads(setting), *selected.fastest, threads, setting);
}

}  // namespace

std::vector<ScalingFact> measure_scaling(const std::vector<Workload>& works, const BackendEntry& backend,
                                         const std::vector<std::size_t>& threads,
                                         const StudySetting& setting) {
  std::vector<ScalingFact> rows;
  std::vector<Item> items;
  for (const Workload& work : works) add_items(work, backend, threads, setting, rows, items);
  const std::vector<Measurement> all =
      setting.measure("scaling", items, setting.quick ? kRoundsQuick : kRounds);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    finish(all[items[i].base.value_or(i)], all[i], rows[i]);
  }
  return rows;
}

Study scaling_study() {
  return {.name = "scaling",
          .about = "what threads bring to each trainer, and what the machine could give",
          .estimate = estimate_throughput,
          .run = run_throughput};
}

}  // namespace mlpbench
