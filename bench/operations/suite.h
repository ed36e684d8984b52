#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "backends/operations/work.h"
#include "backends/registry.h"
#include "bench/probes/ceilings.h"
#include "experiments/experiment.h"
#include "support/clock.h"

namespace CLI {
class App;
}

namespace mlpbench {

/// What is known about a row before it runs.
struct RowInfo {
  std::string name;  ///< "dense_forward/relu/512x784x256"; the suite adds "/float32/avx2"
  const BackendEntry* backend = nullptr;
  DType dtype = DType::float64;
  Work work;                                  ///< of one iteration
  double footprint = 0;                       ///< bytes that an iteration touches; 0: work.bytes
  double elements = 0.0;                      ///< for cycles an element; 0: no such counter
  Subnormals subnormals = Subnormals::flush;  ///< as in training
};

/// The rows of a program on Google Benchmark, which it registers. Every row is checked before the clock
/// starts for the first time. A wrong one becomes an error instead of a number, and so does one whose backend
/// cannot run here. Rows have these counters:
///   GFLOP/s, GB/s     from the counts of backends/operations
///   %isa_peak         of the FMA peak of the instruction set that the backend executes
///   %best_peak        of this machine's best one; both measured right before and after the row
///   %bandwidth        of the reading bandwidth of the level that holds the footprint (in the label)
///   cycles            of the time-stamp counter, of one iteration; cycles/element
class Suite {
 public:
  /// Rows whose name `selects` does not take are left out; null takes all.
  explicit Suite(std::function<bool(const std::string& name)> selects = {}) : selects_(std::move(selects)) {}
  Suite(const Suite&) = delete;  // registered rows point to it
  Suite& operator=(const Suite&) = delete;

  /// Registers a row. `make` returns what it runs, new whenever Google Benchmark calls for it. A suite of
  /// hundreds of rows then does not hold hundreds of copies. It returns an object with check(), which
  /// compares it with naive and says why it is wrong, or nothing, and with a call. The call is one iteration,
  /// timed by Google Benchmark. Where the object has epochs(), the call trains so many instead, and returns
  /// the seconds that the trainer's own clock counted.
  template <typename Make>
  void add(const RowInfo& info, Make make) {
    auto row = announce(info);
    if (row == nullptr) return;
    constexpr bool own_clock = requires(std::invoke_result_t<Make> & what) { what.epochs(); };
    auto* registered =
        benchmark::RegisterBenchmark(full_name(info).c_str(), [this, row, make](benchmark::State& state) {
          const SubnormalsScope scope(row->info.subnormals);
          auto what = make();
          if (!row->wrong) {
            row->wrong = what.check();
            if (!row->wrong->empty()) ++wrong_;
          }
          if (!row->wrong->empty()) return state.SkipWithError(("wrong: " + *row->wrong).c_str());
          const double peak_before = isa_peak(*row), best_before = best_peak(*row, peak_before);
          double seconds = 0.0;
          if constexpr (own_clock) {
            const auto epochs = static_cast<benchmark::IterationCount>(what.epochs());
            while (state.KeepRunningBatch(epochs)) {
              const double run = what();
              state.SetIterationTime(run);
              seconds += run;
            }
          } else {
            const Clock::time_point start = Clock::now();
            for (auto _ : state) {
              what();
              benchmark::ClobberMemory();
            }
            seconds = seconds_since(start);
          }
          count(state, *row, seconds, peak_before, best_before);
        });
    registered->Unit(benchmark::kMicrosecond);
    own_clock ? registered->UseManualTime() : registered->UseRealTime();
  }

  /// Of the rows that were added and not left out, in that order.
  const std::vector<std::string>& names() const noexcept { return names_; }

  /// How many rows were wrong so far.
  std::size_t wrong() const noexcept { return wrong_; }

  const Ceilings& ceilings() const noexcept { return ceilings_; }

 private:
  struct Row {
    RowInfo info;
    std::optional<std::string> wrong;  ///< what its check said; empty before it
  };

  /// Null when the row is left out; and where the backend cannot run here, with a row that says why.
  std::shared_ptr<Row> announce(const RowInfo& info);

  double isa_peak(const Row& row) const;
  double best_peak(const Row& row, double isa_peak) const;
  void count(benchmark::State& state, const Row& row, double seconds, double peak_before,
             double best_before) const;
  static std::string full_name(const RowInfo& info);

  std::function<bool(const std::string&)> selects_;
  std::vector<std::string> names_;
  Ceilings ceilings_;
  std::size_t wrong_ = 0;
};

/// The rows of bench_ops for `backends`: the timed calls of every operation (backends/operations) in both
/// precisions, named OPERATION/FUNCTION/SHAPE.
void add_operation_rows(Suite& suite, std::span<const BackendEntry> backends);

/// The same for products alone, dense_forward with each function, at the user's shapes, each "512x784x256"
/// (units x inputs x batch). UserError for what is no shape or more than this machine can hold.
void add_product_rows(Suite& suite, std::span<const BackendEntry> backends,
                      const std::vector<std::string>& shapes);

/// The rows of bench_training for `backends`, in both precisions:
///
///   epoch/EXPERIMENT/batchN               breast_cancer, moons, planar, regression, digits; their trainers
///   epoch/28-10-1_1M_rows/batch1024       a million samples
///   step/NETWORK/batchN                   one step on one batch
///   step/breast_cancer/after_N/MODE/batch455
///                                         from the weights that N epochs leave, float32, with subnormals
///                                         flushed or kept
///   variants/breast_cancer/batch455/NAME  the same step from plain loops to the fused one, float32
///
/// `elements` are samples: cycles/element are cycles a sample.
void add_training_rows(Suite& suite, std::span<const BackendEntry> backends);

/// Rows step/NAME, a step of each of the user's networks (experiments/synthetic.h).
void add_network_rows(Suite& suite, std::span<const BackendEntry> backends, const OwnExperiments& networks);

/// What the help of a program of rows says.
struct SuiteText {
  const char *program, *about;
  const char* example_filter;  ///< of --benchmark_filter
};

/// main of a program of rows: `add_options` adds options that only it has, `add_rows` fills the suite. CLI11
/// reads the options of Google Benchmark that matter, for --help, completions and manual page, and hands them
/// on with all others. Sets the default flags (random interleaving, repetitions, a short time each), which
/// the command line overrides. Writes the context: CPU, instruction sets, compiler flags of each backend or
/// why it cannot run, library versions, OpenBLAS core, ceilings. Unless --benchmark_format asks for something
/// else, writes a table with the median and the extremes of each row. Returns 0, 2 for wrong usage or a
/// filter that matches nothing, 4 when a row was wrong.
int suite_main(int argc, char** argv, const SuiteText& text,
               const std::function<void(CLI::App&)>& add_options,
               const std::function<void(Suite&)>& add_rows);

}  // namespace mlpbench
