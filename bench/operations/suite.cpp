#include "bench/operations/suite.h"

#include <fmt/format.h>

namespace mlpbench {

std::string Suite::full_name(const RowInfo& info) {
  return fmt::format("{}/{}/{}", info.name, to_string(info.dtype), info.backend->name);
}

std::shared_ptr<Suite::Row> Suite::announce(const RowInfo& info) {
  const std::string name = full_name(info);
  if (selects_ && !selects_(name)) return nullptr;
  names_.push_back(name);
  const std::string reason = unusable_reason(*info.backend, info.dtype);
  if (reason.empty()) return std::make_shared<Row>(Row{info, std::nullopt});
  benchmark::RegisterBenchmark(name.c_str(), [reason](benchmark::State& state) {
    state.SkipWithError(("unavailable: " + reason).c_str());
  });
  return nullptr;
}

double Suite::isa_peak(const Row& row) const {
  return ceilings_.fma_now(row.info.backend->isa(), row.info.dtype);
}

double Suite::best_peak(const Row& row, double isa_peak) const {
  const Isa best = ceilings_.best();
  return best == row.info.backend->isa() ? isa_peak : ceilings_.fma_now(best, row.info.dtype);
}

void Suite::count(benchmark::State& state, const Row& row, double seconds, double peak_before,
                  double best_before) const {
  const double peak_after = isa_peak(row), best_after = best_peak(row, peak_after);
  const double iterations = static_cast<double>(state.iterations());
  const Work& work = row.info.work;
  if (work.flop > 0) {
    const double rate = work.flop * iterations / seconds;
    state.counters["GFLOP/s"] = rate / 1e9;
    state.counters["%isa_peak"] = 100 * rate / ((peak_before + peak_after) / 2);
    state.counters["%best_peak"] = 100 * rate / ((best_before + best_after) / 2);
  }
  const Bandwidth& level = ceilings_.level_of(row.info.footprint > 0 ? row.info.footprint : work.bytes);
  const double bytes_rate = work.bytes * iterations / seconds;
  state.counters["GB/s"] = bytes_rate / 1e9;
  state.counters["%bandwidth"] = 100 * bytes_rate / level.read.median;
  state.SetLabel(level.level.name);
  if (const double ticks = time_stamp_frequency() * seconds / iterations; ticks > 0) {
    state.counters["cycles"] = ticks;
    if (row.info.elements > 0) state.counters["cycles/element"] = ticks / row.info.elements;
  }
}

}  // namespace mlpbench
