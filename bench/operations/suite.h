#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "backends/operations/work.h"
#include "backends/registry.h"
#include "bench/probes/ceilings.h"

namespace mlpbench {

/// What is known about a row before it runs.
struct RowInfo {
  std::string name;  ///< "dense_forward/relu/512x784x256"; the suite adds "/float32/avx2"
  const BackendEntry* backend = nullptr;
  DType dtype = DType::float64;
  Work work;              ///< of one iteration
  double footprint = 0;   ///< bytes that an iteration touches; 0: work.bytes
  double elements = 0.0;  ///< for cycles an element; 0: no such counter
};

/// What a row runs: made from its operands anew whenever Google Benchmark calls for it, so that a suite of
/// hundreds of rows does not hold hundreds of copies.
template <typename Case>
concept RowCase = requires(Case& row) {
  { row.check() } -> std::convertible_to<std::string>;  ///< compared with naive: why it is wrong, or empty
  row();                                                ///< one iteration
};

/// The rows of a program on Google Benchmark, which it registers. Every row is checked before the clock
/// starts for the first time; a wrong one becomes an error instead of a number, and so does one whose backend
/// cannot run here. Rows have these counters:
///   GFLOP/s, GB/s     from the counts of backends/operations
///   %isa_peak         of the FMA peak of the instruction set that the backend executes
///   %best_peak        of this machine's best one; both measured right before and after the row
///   %bandwidth        of the reading bandwidth of the level that holds the footprint (in the label)
///   cycles            of the time-stamp counter, of one iteration; cycles/element
class Suite {
 public:
  Suite() = default;
  Suite(const Suite&) = delete;  // registered rows point to it
  Suite& operator=(const Suite&) = delete;

  /// Registers a row whose iteration is the call of what `make` returns, timed by Google Benchmark.
  template <typename Make>
  requires RowCase<std::invoke_result_t<Make>>
  void add(const RowInfo& info, Make make) {
    auto row = announce(info);
    if (row == nullptr) return;
    register_row(row, [this, row, make](benchmark::State& state) {
      auto what = make();
      if (skipped(state, *row, [&what] { return std::string(what.check()); })) return;
      const double peak_before = isa_peak(*row), best_before = best_peak(*row, peak_before);
      const auto start = std::chrono::steady_clock::now();
      for (auto _ : state) {
        what();
        benchmark::ClobberMemory();
      }
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      count(state, *row, seconds, peak_before, best_before);
    })->UseRealTime();
  }

  /// Registers a row whose epochs are timed by the trainer's own clock: `make` returns an object with
  /// check(), epochs() and a call that trains so many and returns the seconds that the clock counted.
  template <typename Make>
  void add_epochs(const RowInfo& info, Make make) {
    auto row = announce(info);
    if (row == nullptr) return;
    register_row(row, [this, row, make](benchmark::State& state) {
      auto what = make();
      if (skipped(state, *row, [&what] { return std::string(what.check()); })) return;
      const double peak_before = isa_peak(*row), best_before = best_peak(*row, peak_before);
      const auto epochs = static_cast<benchmark::IterationCount>(what.epochs());
      double seconds = 0.0;
      while (state.KeepRunningBatch(epochs)) {
        const double run = what();
        state.SetIterationTime(run);
        seconds += run;
      }
      count(state, *row, seconds, peak_before, best_before);
    })->UseManualTime();
  }

  /// How many rows were wrong so far.
  std::size_t wrong() const noexcept { return wrong_; }

  const Ceilings& ceilings() const noexcept { return ceilings_; }

 private:
  struct Row {
    RowInfo info;
    std::optional<std::string> wrong;  ///< what its check said; empty before it
  };

  /// Null, and a row with the reason, when the backend cannot run here.
  std::shared_ptr<Row> announce(const RowInfo& info);

  template <typename Function>
  static benchmark::internal::Benchmark* register_row(const std::shared_ptr<Row>& row, Function function) {
    return benchmark::RegisterBenchmark(full_name(row->info).c_str(), std::move(function))
        ->Unit(benchmark::kMicrosecond);
  }

  template <typename Check>
  bool skipped(benchmark::State& state, Row& row, Check check) {
    if (!row.wrong) {
      row.wrong = check();
      if (!row.wrong->empty()) ++wrong_;
    }
    if (!row.wrong->empty()) state.SkipWithError(("wrong: " + *row.wrong).c_str());
    return !row.wrong->empty();
  }

  double isa_peak(const Row& row) const;
  double best_peak(const Row& row, double isa_peak) const;
  void count(benchmark::State& state, const Row& row, double seconds, double peak_before,
             double best_before) const;
  static std::string full_name(const RowInfo& info);

  Ceilings ceilings_;
  std::size_t wrong_ = 0;
};

/// What the help of a program of rows says.
struct SuiteText {
  const char *program, *about;
  const char* example_filter;  ///< of --benchmark_filter
};

/// main of a program of rows: `add_rows` fills the suite. CLI11 reads the options of Google Benchmark that
/// matter, for --help, completions and manual page, and hands them on with all others. Sets the default
/// flags (random interleaving, repetitions, a short time each), which the command line overrides; writes the
/// context (CPU, instruction sets, compiler flags of each backend or why it cannot run, library versions,
/// OpenBLAS core, ceilings) and, unless --benchmark_format asks for something else, a table with the median
/// and the extremes of each row. Returns 0, 2 for wrong usage or a filter that matches nothing, 4 when a row
/// was wrong.
int suite_main(int argc, char** argv, const SuiteText& text, void (*add_rows)(Suite&));

}  // namespace mlpbench
