// Under mpirun: what the order of a sum over the ranks costs, and what ranks cost beside threads.
//
//   mpirun -n 4 bench_ranks                        ordered sums beside MPI_Allreduce
//   mpirun -n 2 bench_ranks --steps                and steps of sync: all ranks beside as many threads of one
//
// All sides are timed in the same rounds, in random order, and checked before.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

#include "bench/measure/workload.h"
#include "bench/stats/paired.h"
#include "core/training/ordered_sum.h"
#include "experiments/cli/program_main.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/format.h"
#include "support/standard_output.h"
#include "support/table.h"

namespace mlpbench {
namespace {

constexpr double kConfidence = 0.95;

/// One of the sides that a row compares. `run` does the work so many times, and says how many seconds that
/// took on this rank.
struct Side {
  std::string name;
  std::function<double(std::size_t times)> run;
  std::vector<double> seconds = {};  ///< of one time, of each round
};

/// Seconds of the slowest rank.
double visit_seconds(Communicator& ranks, const Side& side, std::size_t times) {
  std::vector<double> seconds(ranks.size());
  std::vector<std::size_t> ends(ranks.size());
  for (std::size_t r = 0; r < ranks.size(); ++r) ends[r] = (r + 1) * sizeof(double);
  ranks.meet();
  seconds[ranks.rank()] = side.run(times);
  ranks.gather(std::as_writable_bytes(std::span(seconds)), ends);
  return *std::max_element(seconds.begin(), seconds.end());
}

/// Rank 0 decides how often a visit repeats its work, so that it takes about `seconds`.
std::size_t repetitions(Communicator& ranks, const Side& side, double seconds) {
  visit_seconds(ranks, side, 1);
  const double once = visit_seconds(ranks, side, 1);
  std::size_t times = std::clamp<std::size_t>(static_cast<std::size_t>(seconds / once), 1, 1000);
  ranks.broadcast(std::as_writable_bytes(std::span(&times, 1)));
  return times;
}

/// The sides in random order, the same on all ranks, `rounds` times.
void time_sides(Communicator& ranks, std::vector<Side>& sides, std::size_t rounds) {
  std::vector<std::size_t> times, order(sides.size());
  for (const Side& side : sides) times.push_back(repetitions(ranks, side, 0.05));
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomState random(1);
  for (std::size_t round = 0; round < rounds; ++round) {
    random.shuffle(std::span(order));
    for (const std::size_t s : order)
      sides[s].seconds.push_back(visit_seconds(ranks, sides[s], times[s]) / static_cast<double>(times[s]));
  }
}

/// A row for each side: its median, and how many times as long it takes as the last one.
void add_rows(Table& table, const std::string& what, const std::vector<Side>& sides) {
  for (const Side& side : sides) {
    const PairedRatio ratio = paired_ratio(side.seconds, sides.back().seconds, kConfidence);
    std::string interval = &side == &sides.back() ? "base" : fmt::format("{:.2f}", ratio.ratio);
    if (&side != &sides.back() && ratio.interval)
      interval += fmt::format(" [{:.2f}, {:.2f}]", ratio.interval->low, ratio.interval->high);
    table.add_row({what, side.name, format_seconds(median(side.seconds)), interval});
  }
}

/// Sums of `elements` floats: rank r has `addends` of them.
void add_sums(Communicator& ranks, std::size_t elements, std::size_t rounds, const BackendEntry& backend,
              Table& table) {
  std::vector<Side> sides;
  std::vector<float> own(elements), sum(elements);
  for (std::size_t i = 0; i < elements; ++i)
    own[i] = static_cast<float>(1.0 + 1e-6 * static_cast<double>((i + ranks.rank()) % 1000));
  OrderedSum<float> ordered(backend.get<float>());
  for (const std::size_t addends : {std::size_t{1}, std::size_t{4}}) {
    const std::vector<std::size_t> counts(ranks.size(), addends);
    const std::vector<const float*> pointers(addends, own.data());
    const auto run = [&, counts, pointers](std::size_t times) {
      const Clock::time_point start = Clock::now();
      for (std::size_t n = 0; n < times; ++n) ordered(ranks, counts, pointers, std::span(sum));
      return seconds_since(start);
    };
    run(1);
    for (std::size_t i = 0; i < elements; ++i) {
      float expected = 0.0F;
      for (std::size_t a = 0; a < ranks.size() * addends; ++a) {
        const float next = static_cast<float>(1.0 + 1e-6 * static_cast<double>((i + a / addends) % 1000));
        expected = a == 0 ? next : expected + next;
      }
      if (sum[i] != expected) throw WrongResult("the ordered sum has other bits");
    }
    const SumPath path = sum_path(addends, ranks.size());
    sides.push_back({fmt::format("ordered, {} a rank, by {}", format_count(addends, "addend"),
                                 path == SumPath::owners ? "owners" : "chain"),
                     run});
  }
  for (const std::size_t addends : {std::size_t{4}, std::size_t{1}}) {
    const auto run = [&, addends](std::size_t times) {
      const Clock::time_point start = Clock::now();
      for (std::size_t n = 0; n < times; ++n) {
        std::copy(own.begin(), own.end(), sum.begin());
        for (std::size_t a = 1; a < addends; ++a)
          backend.get<float>().accumulate(std::span(sum), std::span<const float>(own));
        ranks.allreduce(std::span(sum));
      }
      return seconds_since(start);
    };
    sides.push_back({fmt::format("MPI_Allreduce, {} a rank", format_count(addends, "addend")), run});
  }
  time_sides(ranks, sides, rounds);
  add_rows(table, fmt::format("{}B", format_quantity(static_cast<double>(elements * sizeof(float)))), sides);
}

/// Steps of sync at `batch`: all ranks on one thread each, in both reductions, and rank 0 on as many threads.
void add_steps(Communicator& ranks, const NetworkSpec& network, std::size_t batch, std::size_t rounds,
               const BackendEntry& backend, Table& table) {
  constexpr std::size_t kSteps = 8;
  const Workload work = sync_workload(network, batch, kSteps * batch);
  const auto train = [&](std::size_t epochs, std::size_t threads, Communicator* all, Reduction reduction) {
    Settings settings = work.settings;
    settings.epochs = epochs;
    settings.threads = threads;
    settings.reduction = reduction;
    settings.force_parallel = true;
    return run_experiment(*work.experiment, work.problems->front(), settings, backend, work.dtype, {},
                          nullptr, nullptr, all);
  };
  const RunResult alone = train(1, 1, nullptr, Reduction::ordered);
  const RunResult shared = train(1, 1, &ranks, Reduction::ordered);
  if (std::memcmp(alone.parameters.all().data(), shared.parameters.all().data(),
                  alone.parameters.all().size_bytes()) != 0)
    throw WrongResult("the ranks leave other bits than one process");
  std::vector<Side> sides;
  const auto add = [&](std::string name, std::size_t threads, bool all, Reduction reduction) {
    sides.push_back({std::move(name), [&, threads, all, reduction](std::size_t times) {
                       if (!all && !ranks.is_first()) return 0.0;
                       return train_seconds(train(times, threads, all ? &ranks : nullptr, reduction));
                     }});
  };
  add(fmt::format("{} x 1 thread, ordered", format_count(ranks.size(), "rank")), 1, true, Reduction::ordered);
  add(fmt::format("{} x 1 thread, allreduce", format_count(ranks.size(), "rank")), 1, true,
      Reduction::allreduce);
  add(fmt::format("1 rank x {}", format_count(ranks.size(), "thread")), ranks.size(), false,
      Reduction::ordered);
  time_sides(ranks, sides, rounds);
  for (Side& side : sides) {
    for (double& seconds : side.seconds) seconds /= static_cast<double>(kSteps);
  }
  add_rows(table, fmt::format("step of {} at {}", network.shape(), batch), sides);
}

int run(int argc, char** argv, StandardOutput& output, Communicator& ranks) {
  CLI::App app("Times sums over the ranks of a job, and steps that they share. Started by mpirun.",
               "bench_ranks");
  std::size_t rounds = 21;
  std::string backend(usable_backends(DType::float32).front()->name);
  bool steps = false;
  app.add_option("--rounds", rounds, "rounds in which every side is timed once");
  app.add_option("--backend", backend, "that adds and trains");
  app.add_flag("--steps", steps, "steps of sync instead of sums");
  if (!parse_command_line(app, argc, argv, output)) return kExitOk;
  if (ranks.size() == 1) throw UserError("start it with a launcher: mpirun -n 4 bench_ranks");
  Table table;
  table.add_left("work");
  table.add_left("way");
  table.add_column("seconds");
  table.add_column("x base [95 %]");
  if (steps) {
    add_steps(ranks, relu_network(784, {512, 512}, 10), 256, rounds, find_backend(backend), table);
    add_steps(ranks, relu_network(784, {512, 512}, 10), 2048, rounds, find_backend(backend), table);
    add_steps(ranks, relu_network(28, {64, 64}, 1), 1024, rounds, find_backend(backend), table);
  } else {
    for (const std::size_t elements : {6081u, 50890u, 669706u})
      add_sums(ranks, elements, rounds, find_backend(backend), table);
  }
  output.print([&] { fmt::print("{}, {} ranks\n\n{}", ranks.library(), ranks.size(), table.console()); });
  return kExitOk;
}

}  // namespace
}  // namespace mlpbench

int main(int argc, char** argv) {
  return mlpbench::ranks_main("bench_ranks",
                              [&](mlpbench::StandardOutput& output, mlpbench::Communicator& ranks) {
                                return mlpbench::run(argc, argv, output, ranks);
                              });
}
