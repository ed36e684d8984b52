#include "bench/studies/throughput.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "bench/operations/synthetic.h"
#include "bench/probes/ceilings.h"
#include "bench/probes/fma.h"
#include "bench/probes/memory.h"
#include "core/data/random_state.h"
#include "support/error.h"
#include "support/format.h"
#include "support/table.h"

namespace mlpbench {
namespace {

struct Rates {
  double flop = 0.0, bytes = 0.0;
};

/// What the machine can do at this moment, for about twenty milliseconds.
class Machine {
 public:
  Machine(Isa isa, DType dtype, double footprint)
      : isa_(unusable_probe(isa).empty() ? isa : Ceilings().best()), dtype_(dtype), levels_(memory_levels()) {
    while (level_ + 1 < levels_.size() && footprint > static_cast<double>(levels_[level_].bytes)) ++level_;
  }

  Rates now(std::size_t threads) const {
    const ProbeOptions options{.threads = threads, .trials = 3, .seconds_per_trial = 4e-3};
    return {fma_peak(isa_, dtype_, options).median, reading_bandwidth(level_, options).median};
  }

  const std::string& level() const { return levels_[level_].name; }

 private:
  Isa isa_;
  DType dtype_;
  std::vector<MemoryLevel> levels_;
  std::size_t level_ = 0;
};

/// A case on a backend: its rows, the first of which is one thread.
struct Entry {
  const Workload* work;
  const BackendEntry* backend;
  Machine machine;
  std::size_t epochs = 0;
  std::vector<ScalingRow> rows;
};

std::vector<ThreadSetting> settings_of(const Workload& work, const std::vector<std::size_t>& threads) {
  std::vector<ThreadSetting> all{{1, false}};
  if (work.has_parallel_threshold()) all.push_back({1, true});
  for (const std::size_t count : threads) {
    all.push_back({count, false});
    if (work.has_parallel_threshold()) all.push_back({count, true});
  }
  return all;
}

struct Visit {
  double rate = 0.0;  ///< samples a second
  Rates machine;
};

Visit visit(const Entry& entry, ScalingRow& row) {
  const Rates before = entry.machine.now(row.setting.threads);
  const Trained trained = train(*entry.work, *entry.backend, row.setting, entry.epochs);
  const Rates after = entry.machine.now(row.setting.threads);
  row.threads_used = std::max(row.threads_used, trained.threads_used);
  return {trained.samples_per_second(),
          {(before.flop + after.flop) / 2.0, (before.bytes + after.bytes) / 2.0}};
}

void time_round(Entry& entry, RandomState& shuffler) {
  std::vector<std::size_t> order(entry.rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffler.shuffle(order);
  std::vector<Visit> visits(order.size());
  for (const std::size_t i : order) visits[i] = visit(entry, entry.rows[i]);
  const Visit& one = visits.front();
  for (std::size_t i = 0; i < visits.size(); ++i) {
    ScalingRow& row = entry.rows[i];
    const double speedup = visits[i].rate / one.rate, ceiling = visits[i].machine.flop / one.machine.flop;
    row.samples_per_second.push_back(visits[i].rate);
    row.speedup.push_back(speedup);
    row.fma_ceiling.push_back(ceiling);
    row.memory_ceiling.push_back(visits[i].machine.bytes / one.machine.bytes);
    row.share.push_back(speedup / ceiling);
  }
}

std::vector<Workload> chosen_workloads(const std::vector<std::string>& parts) {
  std::vector<Workload> all = scaling_workloads();
  for (const std::string& part : parts) {
    const auto named = [&](const Workload& work) { return work.name.find(part) != std::string::npos; };
    if (std::none_of(all.begin(), all.end(), named)) {
      std::string names;
      for (const Workload& work : all) names += (names.empty() ? "" : ", ") + work.name;
      throw UserError(fmt::format("--case: '{}' is part of none of {}", part, names));
    }
  }
  std::erase_if(all, [&](const Workload& work) {
    return !parts.empty() && std::none_of(parts.begin(), parts.end(), [&](const std::string& part) {
      return work.name.find(part) != std::string::npos;
    });
  });
  return all;
}

Entry checked_entry(const Workload& work, const BackendEntry& backend, const ScalingOptions& options) {
  const double footprint = step_footprint(work.network, work.step_samples(), element_bytes(work.dtype));
  Entry entry{&work, &backend, Machine(backend.executes(), work.dtype, footprint), 0, {}};
  std::vector<std::size_t> threads = options.threads;
  if (work.has_parallel_threshold()) threads.insert(threads.begin(), 1);
  const std::string wrong = problem_of(work, backend, threads);
  for (const ThreadSetting& setting : settings_of(work, options.threads)) {
    ScalingRow row;
    row.name = work.name;
    row.backend = &backend;
    row.dtype = work.dtype;
    row.setting = setting;
    row.wrong = wrong;
    row.memory_level = entry.machine.level();
    entry.rows.push_back(std::move(row));
  }
  // What starting the threads costs is inside an ensemble's clock: its visits are longer.
  const double seconds = (find_trainer(work.trainer).runs_members ? 4.0 : 1.0) * options.seconds_per_visit;
  if (wrong.empty()) entry.epochs = epochs_for(work, backend, seconds);
  return entry;
}

std::string range(const std::vector<double>& values) {
  const Spread spread = spread_of(values);
  return fmt::format("{:.2f} [{:.2f}, {:.2f}]", spread.median, spread.lowest, spread.highest);
}

}  // namespace

std::vector<double> ScalingRow::efficiency() const {
  std::vector<double> all = speedup;
  for (double& value : all) value /= static_cast<double>(setting.threads);
  return all;
}

std::vector<const BackendEntry*> chosen_backends(const std::vector<std::string>& names) {
  if (names.empty()) return usable_backends();
  std::vector<const BackendEntry*> chosen;
  for (const std::string& name : names) chosen.push_back(&find_backend(name));
  return chosen;
}

std::vector<ScalingRow> measure_scaling(const ScalingOptions& options) {
  std::vector<Workload> works = chosen_workloads(options.cases);
  for (Workload& work : works) work.dtype = options.dtype;
  const auto tell = [&](std::string what) {
    if (options.tell) options.tell(std::move(what));
  };
  std::vector<Entry> entries;
  for (const BackendEntry* backend : chosen_backends(options.backends)) {
    for (const Workload& work : works) {
      tell(fmt::format("checking {}/{}", work.name, backend->name));
      entries.push_back(checked_entry(work, *backend, options));
    }
  }
  RandomState shuffler(options.order_seed);
  for (std::size_t round = 0; round < options.rounds; ++round) {
    tell(fmt::format("round {} of {}", round + 1, options.rounds));
    std::vector<std::size_t> order(entries.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    shuffler.shuffle(order);
    for (const std::size_t i : order) {
      if (entries[i].rows.front().wrong.empty()) time_round(entries[i], shuffler);
    }
  }
  std::vector<ScalingRow> rows;
  for (Entry& entry : entries) {
    for (ScalingRow& row : entry.rows) rows.push_back(std::move(row));
  }
  return rows;
}

std::string scaling_text(const std::vector<ScalingRow>& rows) {
  Table table;
  table.add_column("case", Table::Align::left);
  table.add_column("backend", Table::Align::left);
  for (const char* title : {"threads", "used", "samples/s", "speed-up", "efficiency", "FMA ceiling",
                            "memory ceiling", "share of FMA ceiling"}) {
    table.add_column(title);
  }
  for (const ScalingRow& row : rows) {
    std::vector<std::string> cells{row.name, std::string(row.backend->name),
                                   fmt::format("{}{}", row.setting.threads, row.setting.shared ? "*" : "")};
    if (!row.timed()) {
      table.add_row(cells, row.wrong.empty() ? "not timed" : "wrong: " + row.wrong);
      continue;
    }
    cells.push_back(std::to_string(row.threads_used));
    cells.push_back(format_quantity(spread_of(row.samples_per_second).median));
    if (!row.is_base()) {
      cells.push_back(range(row.speedup));
      cells.push_back(fmt::format("{:.2f}", spread_of(row.efficiency()).median));
      cells.push_back(range(row.fma_ceiling));
      cells.push_back(fmt::format("{:.2f} {}", spread_of(row.memory_ceiling).median, row.memory_level));
      cells.push_back(range(row.share));
    }
    table.add_row(std::move(cells));
  }
  return table.console() +
         "\nMedian [lowest, highest] over the rounds; each ratio is of two visits of one round, against one "
         "thread.\n"
         "* without the cut-over: the shared step, also where it does not pay. used: threads that steps ran "
         "on.\n";
}

nlohmann::ordered_json spread_json(const std::vector<double>& values) {
  if (values.empty()) return nullptr;
  const Spread spread = spread_of(values);
  return {{"lowest", spread.lowest}, {"median", spread.median}, {"highest", spread.highest}};
}

nlohmann::ordered_json scaling_json(const std::vector<ScalingRow>& rows) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const ScalingRow& row : rows) {
    nlohmann::ordered_json entry{{"case", row.name},
                                 {"backend", row.backend->name},
                                 {"dtype", to_string(row.dtype)},
                                 {"isa", row.backend->isa()},
                                 {"threads", row.setting.threads},
                                 {"cut_over", !row.setting.shared},
                                 {"threads_used", row.threads_used},
                                 {"memory_level", row.memory_level}};
    entry["wrong"] = row.wrong.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(row.wrong);
    for (const auto& [name, values] : {std::pair{"samples_per_second", row.samples_per_second},
                                       {"speedup", row.speedup},
                                       {"efficiency", row.efficiency()},
                                       {"fma_ceiling", row.fma_ceiling},
                                       {"memory_ceiling", row.memory_ceiling},
                                       {"share_of_fma_ceiling", row.share}}) {
      entry[name] = spread_json(values);
      entry[name]["rounds"] = values;
    }
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace mlpbench
