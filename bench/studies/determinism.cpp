#include "bench/studies/determinism.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <memory>
#include <mutex>
#include <numeric>

#include "bench/operations/synthetic.h"
#include "bench/operations/training_cases.h"
#include "core/data/random_state.h"
#include "core/training/batch.h"
#include "core/training/parallel_step.h"
#include "support/format.h"
#include "support/table.h"

namespace mlpbench {
namespace {

/// So small a rate that the network stays what it is for as many steps as the clock wants.
constexpr double kTinyRate = 1e-7;

/// A step whose gradients are added in the order in which the threads arrive.
class FreeOrderStep {
 public:
  FreeOrderStep(const Backend<float>& backend, const NetworkSpec& network, std::size_t batch,
                ThreadPool& pool)
      : backend_(backend), network_(network), pool_(pool), sum_(network) {
    const std::size_t share = ceil_div(batch, pool.threads());
    width_ = round_up(share, kBlockSamples);
    for (std::size_t first = 0; first < batch; first += width_) {
      workspaces_.push_back(std::make_unique<Workspace<float>>(backend, network, width_));
    }
  }

  void operator()(Parameters<float>& theta, MatrixView<const float> X, MatrixView<const float> Y,
                  const OptimiserStep<float>& optimiser, float gradient_scale) {
    pool_.for_each(workspaces_.size(), [&](std::size_t part, std::size_t) {
      const std::size_t first = part * width_, count = std::min(width_, X.cols - first);
      Workspace<float>& workspace = *workspaces_[part];
      backend_.gradients(network_, theta, X.columns(first, count), Y.columns(first, count), gradient_scale,
                         workspace);
      // Each begins at another slice, so that nobody waits for long.
      for (std::size_t turn = 0; turn < kSlices; ++turn) {
        const std::size_t slice = (part * kSlices / workspaces_.size() + turn) % kSlices;
        const std::lock_guard lock(locks_[slice]);
        backend_.accumulate(slice_of(sum_.all(), slice), slice_of(workspace.gradients().all(), slice));
      }
    });
    pool_.for_each(kSlices, [&](std::size_t slice, std::size_t) {
      const std::span<float> sum = slice_of(sum_.all(), slice);
      backend_.update(optimiser.rule, slice_of(theta.all(), slice), sum, {});
      std::fill(sum.begin(), sum.end(), 0.0f);
    });
  }

 private:
  static constexpr std::size_t kSlices = 8;

  static std::span<float> slice_of(std::span<float> all, std::size_t slice) {
    const std::size_t first = all.size() * slice / kSlices, end = all.size() * (slice + 1) / kSlices;
    return all.subspan(first, end - first);
  }

  const Backend<float>& backend_;
  const NetworkSpec& network_;
  ThreadPool& pool_;
  Parameters<float> sum_;
  std::size_t width_;  ///< samples of a part
  std::vector<std::unique_ptr<Workspace<float>>> workspaces_;
  std::array<std::mutex, kSlices> locks_;
};

/// Both steps of one row, on the first batch of the case's data.
class Contest {
 public:
  Contest(const Workload& work, DeterminismRow& row)
      : row_(row),
        network_(work.network),
        backend_(row.backend->get<float>()),
        batch_(network_.inputs, network_.outputs(), work.options.batch_size),
        initial_(network_),
        theta_(network_),
        pool_(row.threads),
        fixed_(backend_, network_, work.options.batch_size, pool_),
        free_(backend_, network_, work.options.batch_size, pool_) {
    std::vector<std::size_t> samples(work.options.batch_size);
    std::iota(samples.begin(), samples.end(), std::size_t{0});
    batch_.gather(rounded<float>(work.data->X), rounded<float>(work.data->Y), samples);
    initial_.assign(work.initial.front());
    row_.wrong = problem();
    theta_.assign(initial_);
  }

  /// Steps that take about `seconds`.
  void settle(double seconds) {
    while (seconds_of(true) * static_cast<double>(steps_) < seconds) steps_ *= 2;
  }

  void time_round(bool fixed_first) {
    for (const bool fixed : {fixed_first, !fixed_first}) {
      (fixed ? row_.fixed_order : row_.free_order).push_back(seconds_of(fixed));
    }
  }

 private:
  void step(bool fixed, Parameters<float>& theta, double rate) {
    const OptimiserStep<float> optimiser{sgd_rule<float>(rate)};
    const MatrixView<const float> X = batch_.X.view(), Y = batch_.Y.view();
    const float scale = 1.0f / static_cast<float>(X.cols);
    if (fixed) {
      fixed_(
          theta, X, Y, optimiser, scale, [](std::size_t, std::size_t) {}, [] {});
    } else {
      free_(theta, X, Y, optimiser, scale);
    }
  }

  /// A step of rate 1 of each against naive's.
  std::string problem() {
    const Backend<float>& naive = find_backend("naive").get<float>();
    Workspace<float> workspace(naive, network_, batch_.X.cols());
    Parameters<float> expected = initial_;
    naive.step(network_, expected, batch_.X.view(), batch_.Y.view(), {sgd_rule<float>(1.0)},
               1.0f / static_cast<float>(batch_.X.cols()), workspace);
    for (const bool fixed : {true, false}) {
      Parameters<float> actual = initial_;
      step(fixed, actual, 1.0);
      const std::string wrong = step_problem(initial_, expected, actual);
      if (!wrong.empty()) return (fixed ? "fixed order: " : "free order: ") + wrong;
    }
    return "";
  }

  double seconds_of(bool fixed) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point start = Clock::now();
    for (std::size_t n = 0; n < steps_; ++n) step(fixed, theta_, kTinyRate);
    return std::chrono::duration<double>(Clock::now() - start).count() / static_cast<double>(steps_);
  }

  DeterminismRow& row_;
  NetworkSpec network_;
  const Backend<float>& backend_;
  Batch<float> batch_;
  Parameters<float> initial_, theta_;
  ThreadPool pool_;
  ParallelStep<float> fixed_;
  FreeOrderStep free_;
  std::size_t steps_ = 1;
};

PairedRatio cost_of(const DeterminismRow& row) { return paired_ratio(row.fixed_order, row.free_order, 0.95); }

std::vector<Workload> cases() {
  std::vector<Workload> all;
  for (Workload& work : scaling_workloads()) {
    if (work.trainer == "sync" && work.network.layers.size() == 3) all.push_back(std::move(work));
  }
  all.push_back(sync_workload(64, 4096, 4096));
  return all;
}

}  // namespace

std::vector<DeterminismRow> measure_determinism(const ScalingOptions& options) {
  const std::vector<Workload> works = cases();
  std::vector<DeterminismRow> rows;
  for (const BackendEntry* backend : chosen_backends(options.backends)) {
    for (const Workload& work : works) {
      rows.push_back({work.name, backend, options.threads.front(), "", {}, {}});
    }
  }
  std::vector<std::unique_ptr<Contest>> contests;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (options.tell) options.tell(fmt::format("checking {}/{}", rows[i].name, rows[i].backend->name));
    contests.push_back(std::make_unique<Contest>(works[i % works.size()], rows[i]));
    contests.back()->settle(options.seconds_per_visit);
  }
  RandomState shuffler(options.order_seed);
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t round = 0; round < options.rounds; ++round) {
    if (options.tell) options.tell(fmt::format("determinism, round {} of {}", round + 1, options.rounds));
    shuffler.shuffle(order);
    for (const std::size_t i : order) {
      if (rows[i].wrong.empty()) contests[i]->time_round(shuffler.bounded(1) == 0);
    }
  }
  return rows;
}

std::string determinism_text(const std::vector<DeterminismRow>& rows) {
  Table table;
  table.add_column("case", Table::Align::left);
  table.add_column("backend", Table::Align::left);
  for (const char* title : {"threads", "fixed order", "free order", "fixed / free", "95 % interval"}) {
    table.add_column(title);
  }
  for (const DeterminismRow& row : rows) {
    std::vector<std::string> cells{row.name, std::string(row.backend->name), std::to_string(row.threads)};
    if (!row.wrong.empty()) {
      table.add_row(cells, "wrong: " + row.wrong);
      continue;
    }
    const PairedRatio cost = cost_of(row);
    cells.push_back(format_seconds(spread_of(row.fixed_order).median));
    cells.push_back(format_seconds(spread_of(row.free_order).median));
    cells.push_back(fmt::format("{:.2f}", cost.ratio));
    cells.push_back(cost.interval ? fmt::format("[{:.2f}, {:.2f}]", cost.interval->low, cost.interval->high)
                                  : "too few rounds");
    table.add_row(std::move(cells));
  }
  return table.console() +
         "\nSeconds of one step, median over the rounds; the ratio is of the same round. Fixed order: the "
         "same bits on\nany number of threads; free order: gradients of parts of the batch, added as they "
         "come.\n";
}

nlohmann::ordered_json determinism_json(const std::vector<DeterminismRow>& rows) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const DeterminismRow& row : rows) {
    nlohmann::ordered_json entry{
        {"case", row.name}, {"backend", row.backend->name}, {"dtype", "float32"}, {"threads", row.threads}};
    entry["wrong"] = row.wrong.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(row.wrong);
    entry["fixed_order_seconds"] = row.fixed_order;
    entry["free_order_seconds"] = row.free_order;
    if (row.wrong.empty()) {
      const PairedRatio cost = cost_of(row);
      entry["fixed_over_free"] = cost.ratio;
      entry["interval"] = cost.interval ? nlohmann::ordered_json{cost.interval->low, cost.interval->high}
                                        : nlohmann::ordered_json();
    }
    all.push_back(std::move(entry));
  }
  return all;
}

}  // namespace mlpbench
