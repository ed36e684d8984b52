#include <fmt/format.h>

#include <array>
#include <memory>
#include <mutex>

#include "bench/operations/training_cases.h"
#include "bench/studies/sections.h"
#include "core/training/parallel_step.h"

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
  Contest(const Workload& work, const BackendEntry& backend, std::size_t threads)
      : in_(work),
        backend_(backend.get<float>()),
        theta_(in_.initial),
        pool_(threads),
        fixed_(backend_, in_.network, in_.X.cols(), pool_),
        free_(backend_, in_.network, in_.X.cols(), pool_) {}

  /// A step of rate 1 of each against naive's.
  std::string check() {
    const Backend<float>& naive = find_backend("naive").get<float>();
    Workspace<float> workspace(naive, in_.network, in_.X.cols());
    Parameters<float> expected = in_.initial;
    naive.step(in_.network, expected, in_.X.view(), in_.Y.view(), {sgd_rule<float>(1.0)},
               1.0f / static_cast<float>(in_.X.cols()), workspace);
    for (const bool fixed : {true, false}) {
      Parameters<float> actual = in_.initial;
      step(fixed, actual, 1.0);
      const std::string wrong = check_step(in_.initial, expected, actual);
      if (!wrong.empty()) return (fixed ? "fixed order: " : "free order: ") + wrong;
    }
    return "";
  }

  /// Of one step of `steps`.
  double seconds_of(bool fixed, std::size_t steps) {
    const Clock::time_point start = Clock::now();
    for (std::size_t n = 0; n < steps; ++n) step(fixed, theta_, kTinyRate);
    return seconds_since(start) / static_cast<double>(steps);
  }

 private:
  void step(bool fixed, Parameters<float>& theta, double rate) {
    const OptimiserStep<float> optimiser{sgd_rule<float>(rate)};
    const MatrixView<const float> X = in_.X.view(), Y = in_.Y.view();
    const float scale = 1.0f / static_cast<float>(X.cols);
    if (fixed) {
      fixed_(
          theta, X, Y, optimiser, scale, [](std::size_t, std::size_t) {}, [] {});
    } else {
      free_(theta, X, Y, optimiser, scale);
    }
  }

  StepProblem<float> in_;
  const Backend<float>& backend_;
  Parameters<float> theta_;
  ThreadPool pool_;
  ParallelStep<float> fixed_;
  FreeOrderStep free_;
};

constexpr VisitTime kDeterminismVisit{.full = 0.04, .quick = 0.005};

std::vector<Workload> works() {
  const NetworkSpec small = relu_network(28, {64, 64}, 1);
  return {sync_workload(relu_network(784, {512, 512}, 10), 256, 1024), sync_workload(small, 1024, 1024),
          sync_workload(small, 4096, 4096)};
}

void finish(const Measurement& fixed, const Measurement& free, DeterminismFact& row) {
  row.wrong = fixed.wrong;
  if (!row.wrong.empty()) return;
  row.fixed_order = {Range::of(fixed.seconds)};
  row.free_order = {Range::of(free.seconds)};
  const PairedRatio cost = paired_ratio(fixed.seconds, free.seconds, 0.95);
  row.fixed_over_free = cost.ratio;
  row.interval = cost.interval;
}

void run_determinism(const Selected& selected, const StudySetting& setting, Document& document) {
  const std::vector<std::size_t> threads = selected.compared_threads();
  if (threads.empty()) return;
  document.determinism = measure_determinism(selected.backends, threads.front(), setting);
}

double estimate_determinism(StudyPlan& plan) {
  return plan.pairs(works().size() * plan.selected.backends.size(),
                    kDeterminismVisit.seconds(plan.setting.quick));
}

}  // namespace

std::vector<DeterminismFact> measure_determinism(const std::vector<const BackendEntry*>& backends,
                                                 std::size_t threads, const StudySetting& setting) {
  std::vector<DeterminismFact> rows;
  std::vector<Item> items;
  for (const BackendEntry* backend : backends) {
    for (const Workload& work : works()) {
      DeterminismFact& row = rows.emplace_back();
      row.name = work.name;
      row.backend = backend->name;
      row.dtype = to_string(DType::float32);
      row.threads = threads;
      const auto contest = std::make_shared<Contest>(work, *backend, threads);
      for (const bool fixed : {false, true}) {
        items.push_back(
            {.name = fmt::format("determinism/{}/{}/{}", work.name, backend->name, fixed ? "fixed" : "free"),
             .check = [contest] { return contest->check(); },
             .time = [contest, fixed](std::size_t steps,
                                      std::size_t) { return std::vector{contest->seconds_of(fixed, steps)}; },
             .seconds = kDeterminismVisit.seconds(setting.quick),
             .beside_base = true});
        if (fixed) items.back().base = items.size() - 2;
      }
    }
  }
  const std::vector<Measurement> all = setting.measure("determinism", items, setting.rounds);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    finish(all[2 * i + 1], all[2 * i], rows[i]);
  }
  return rows;
}

Study determinism_study() {
  return {.name = "determinism",
          .about = "what the one order of all sums costs",
          .standard = false,
          .estimate = estimate_determinism,
          .run = run_determinism};
}

}  // namespace mlpbench
