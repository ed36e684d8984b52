#include "core/training/rank_results.h"

#include <chrono>

#include "core/training/parallel_step.h"
#include "core/training/parallel_threshold.h"
#include "core/training/run_state.h"

namespace mlpbench {
namespace {

/// `visit` of the bytes of all that a trace has, in an order in which a reader can make room.
void visit_trace(TrainingTrace& trace, const std::function<void(std::span<std::byte>)>& visit) {
  const auto visit_list = [&](std::vector<double>& list) {
    std::size_t size = list.size();
    visit(bytes_of(size));
    list.resize(size);
    visit(std::as_writable_bytes(std::span(list)));
  };
  const auto visit_optional = [&](auto& value, auto body) {
    bool is_set = value.has_value();
    visit(bytes_of(is_set));
    if (!is_set) return value.reset();
    if (!value) value.emplace();
    body(*value);
  };
  visit_list(trace.loss_per_epoch);
  visit_list(trace.mean_loss_per_epoch);
  visit(bytes_of(trace.seconds));
  visit(bytes_of(trace.samples_trained));
  visit(bytes_of(trace.threads));
  visit(bytes_of(trace.ranks));
  visit(bytes_of(trace.interrupted));
  visit_optional(trace.target, [&](TargetReport& report) { visit(bytes_of(report)); });
  visit_optional(trace.validation, [&](ValidationReport& report) {
    visit_list(report.loss_per_epoch);
    visit(bytes_of(report.best_epoch));
    visit(bytes_of(report.best_loss));
    visit(bytes_of(report.stopped));
  });
  visit_optional(trace.lost_updates, [&](std::uint64_t& count) { visit(bytes_of(count)); });
}

/// Of what a rank sends in a shared step, the least of some.
template <typename T>
double exchange_seconds(const TrainingRun<T>& run, std::size_t batch, RankParts parts) {
  Communicator& ranks = *run.options.ranks;
  const std::size_t parameters = run.network.parameter_count();
  const std::size_t rows = run.network.unit_count() + run.network.unit_count() / ranks.size();
  const std::size_t activations = parts == RankParts::tiles ? rows * batch : 0;
  std::vector<T> values(parameters + activations);
  std::vector<std::size_t> ends;
  for (std::size_t r = 0; r < ranks.size(); ++r)
    ends.push_back(first_of_rank(values.size(), r + 1, ranks.size()) * sizeof(T));
  double least = 0.0;
  for (int trial = 0; trial < 4; ++trial) {
    ranks.meet();
    const auto start = std::chrono::steady_clock::now();
    ranks.gather(std::as_writable_bytes(std::span(values)), ends);
    if (parts == RankParts::chunks) ranks.gather(std::as_writable_bytes(std::span(values)), ends);
    ranks.agree_to_stop(false);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    least = trial == 0 ? seconds : std::min(least, seconds);
  }
  return least;
}

}  // namespace

template <typename T>
void share_result(Communicator& ranks, std::size_t from, Parameters<T>& theta, RandomState& stream,
                  TrainingTrace& trace) {
  ranks.broadcast(std::as_writable_bytes(theta.all()), from);
  ranks.broadcast(bytes_of(stream), from);
  visit_trace(trace, [&](std::span<std::byte> bytes) { ranks.broadcast(bytes, from); });
}

template <typename T>
TrainingTrace train_on_first_rank(const TrainingRun<T>& run, TrainingTrace (*train)(const TrainingRun<T>&)) {
  Communicator& ranks = *run.options.ranks;
  TrainingTrace trace;
  if (ranks.is_first()) {
    TrainingOptions options = run.options;
    options.ranks = nullptr;
    trace = train({run.backend, run.network, run.data, options, run.theta, run.stream});
  }
  share_result(ranks, 0, run.theta, run.stream, trace);
  return trace;
}

template <typename T>
bool ranks_share_steps(const TrainingRun<T>& run, std::size_t batch) {
  Communicator* const ranks = run.options.ranks;
  if (ranks == nullptr) return false;
  if (run.shards) return true;
  const RankParts parts = rank_parts(run.network, batch, ranks->size(), run.options.reduction);
  if (parts == RankParts::none) return false;
  if (run.options.force_parallel) return true;
  const double exchange = exchange_seconds(run, batch, parts);
  bool share = false;
  if (ranks->is_first()) {
    const double serial = serial_step_seconds(run, batch);
    const auto busy =
        static_cast<double>(busy_ranks(run.network, batch, ranks->size(), run.options.reduction));
    share = serial / busy + exchange < 0.75 * serial;
  }
  ranks->broadcast(bytes_of(share));
  return share;
}

template void share_result(Communicator&, std::size_t, Parameters<float>&, RandomState&, TrainingTrace&);
template void share_result(Communicator&, std::size_t, Parameters<double>&, RandomState&, TrainingTrace&);
template TrainingTrace train_on_first_rank(const TrainingRun<float>&,
                                           TrainingTrace (*)(const TrainingRun<float>&));
template TrainingTrace train_on_first_rank(const TrainingRun<double>&,
                                           TrainingTrace (*)(const TrainingRun<double>&));
template bool ranks_share_steps(const TrainingRun<float>&, std::size_t);
template bool ranks_share_steps(const TrainingRun<double>&, std::size_t);

}  // namespace mlpbench
