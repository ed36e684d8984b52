#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "backends/operations/work.h"
#include "bench/studies/rank_costs.h"
#include "bench/studies/sections.h"
#include "core/chunks.h"
#include "support/child_process.h"
#include "support/clock.h"
#include "support/program_folder.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// Effective bandwidth of a stream and one-way latency between two processes: usual values, not measured
/// here.
struct NamedCluster {
  const char* name;
  Cluster cluster;
};
constexpr NamedCluster kClusters[] = {{"10 GbE [1.18 GB/s, 20 us]", {1.18e9, 20e-6, 1e-6}},
                                      {"100 GbE [11.8 GB/s, 10 us]", {11.8e9, 10e-6, 1e-6}},
                                      {"InfiniBand [24 GB/s, 1.5 us]", {24e9, 1.5e-6, 0.3e-6}}};

/// A way to train on ranks.
struct Way {
  const char *name, *trainer, *reduction;
  std::size_t local_steps = 1;

  bool is_local() const { return std::string_view(trainer) == "local-sgd"; }
  bool is_ordered() const { return std::string_view(reduction) == "ordered"; }
};
constexpr Way kWays[] = {{"sync, ordered", "sync", "ordered"},
                         {"sync, allreduce", "sync", "allreduce"},
                         {"local-sgd, H=1", "local-sgd", "ordered", 1},
                         {"local-sgd, H=8", "local-sgd", "ordered", 8},
                         {"local-sgd, H=64", "local-sgd", "ordered", 64}};

/// What computing takes on a node: measured on one thread of this machine. Seconds of a flop of a product, of
/// updating a parameter, of adding two numbers.
struct NodeTimes {
  double flop = 0.0, parameter = 0.0, addition = 0.0;
};

struct SimulatedNetwork {
  NetworkSpec spec;
  std::size_t synchronous,
      local;           ///< samples of a rank and step when scaling is weak: one chunk, a usual batch
  std::size_t strong;  ///< samples of all ranks when it is strong
  NodeTimes times = {};

  double parameters() const { return static_cast<double>(spec.parameter_count()); }
  double bytes() const { return parameters() * sizeof(float); }
  double products(std::size_t samples) const {
    return step_work(spec, samples, sizeof(float)).flop - 2.0 * parameters();
  }
  /// Gradients of all chunks, and the update.
  double compute(std::size_t samples) const {
    return products(samples) * times.flop + parameters() * times.parameter;
  }
  /// The same, and the sum over the chunks: a serial step.
  double step(std::size_t samples) const {
    const std::size_t chunks = Chunks(spec, samples).count();
    return compute(samples) + static_cast<double>(chunks - 1) * parameters() * times.addition;
  }
};

std::vector<SimulatedNetwork> simulated_networks() {
  return {{relu_network(784, {512, 512}, 10), 1024, 256, 65536},
          {relu_network(28, {64, 64}, 1), 256, 64, 65536}};
}

/// Seconds of a call, the least of 20 times 10.
template <typename Call>
double least_seconds(Call call) {
  double least = 1.0;
  for (int trial = 0; trial < 20; ++trial) {
    const Clock::time_point start = Clock::now();
    for (int n = 0; n < 10; ++n) call();
    least = std::min(least, seconds_since(start) / 10.0);
  }
  return least;
}

/// `step_seconds` of a serial step on `samples`, which are one chunk, and what updating and adding all
/// parameters takes.
NodeTimes node_times(const SimulatedNetwork& network, std::size_t samples, double step_seconds,
                     const Backend<float>& backend) {
  Parameters<float> theta(network.spec), gradient(network.spec);
  Optimiser<float> optimiser({}, 1e-3, network.spec, {1, 1, 1});
  const double update = least_seconds([&] { backend.update_all(optimiser.next(1.0F), theta, gradient); }),
               add = least_seconds([&] { backend.accumulate(theta.all(), gradient.all()); });
  return {(step_seconds - update) / network.products(samples), update / network.parameters(),
          add / network.parameters()};
}

/// Times a serial step of each network.
void measure_nodes(std::vector<SimulatedNetwork>& networks, const BackendEntry& backend,
                   const StudySetting& setting) {
  constexpr std::size_t kSamples = 256, kSteps = 4;
  std::vector<Workload> works;
  for (const SimulatedNetwork& network : networks)
    works.push_back(sync_workload(network.spec, kSamples, kSteps * kSamples));
  std::vector<Item> items;
  for (const Workload& work : works) {
    Item item{.name = "simulated_ranks/" + work.name, .seconds = 0.05};
    item.check = [&work, &backend] { return check(work, backend, {}); };
    item.time = [&work, &backend](std::size_t epochs, std::size_t) {
      return std::vector{train_seconds(train(work, backend, {}, epochs)) / static_cast<double>(epochs)};
    };
    items.push_back(std::move(item));
  }
  const std::vector<Measurement> all = setting.measure("simulated_ranks", items, 5);
  for (std::size_t n = 0; n < networks.size(); ++n) {
    networks[n].times =
        node_times(networks[n], kSamples, median(all[n].seconds) / kSteps, backend.get<float>());
  }
}

double model_seconds(const SimulatedRanksFact& row, const SimulatedNetwork& network, const Way& way,
                     const Cluster& cluster, std::size_t own_samples) {
  const double ranks = static_cast<double>(row.ranks), bytes = network.bytes();
  if (way.is_local()) {  // the losses of all steps, the tree's parts, the means
    const double steps = static_cast<double>(way.local_steps);
    const double once = gather_seconds(cluster, 8.0 * ranks * (steps + 1.0), row.ranks) +
                        all_to_all_seconds(cluster, bytes, row.ranks) +
                        (1.0 - 1.0 / ranks) * network.parameters() * cluster.addition +
                        gather_seconds(cluster, bytes, row.ranks);
    return network.step(own_samples) + once / steps;
  }
  if (!way.is_ordered()) {
    return network.step(own_samples) + gather_seconds(cluster, 16.0 * ranks, row.ranks) +
           allreduce_seconds(cluster, bytes, row.ranks);
  }
  const Chunks chunks(network.spec, own_samples * row.ranks);
  const std::size_t most = ceil_div(chunks.count(), row.ranks);
  const double losses =
      gather_seconds(cluster, 8.0 * (ranks + static_cast<double>(chunks.count())), row.ranks);
  return network.compute(most * chunks.samples(0)) + losses +
         ordered_sum_seconds(cluster, bytes, row.ranks, most, chunks.count());
}

/// Starts the simulator, in a process of its own.
void simulate(const SimulatedNetwork& network, const Way& way, Cluster cluster, SimulatedRanksFact& row) {
  cluster.addition = network.times.addition;
  const std::filesystem::path program = program_folder() / "simulate_ranks";
  if (!std::filesystem::exists(program)) {
    row.wrong = "this build is without simulate_ranks: SimGrid (libsimgrid-dev) was not found";
    return;
  }
  const bool weak = row.scaling == "weak";
  const auto samples = static_cast<std::size_t>(row.samples);
  const std::size_t own = weak ? samples : samples / row.ranks, all = weak ? samples * row.ranks : samples;
  std::vector<std::string> words = {program.string()};
  const auto add = [&words](const char* option, auto value) {
    words.push_back(fmt::format("{}={}", option, value));
  };
  add("--layers", row.network), add("--trainer", way.trainer), add("--reduction", way.reduction);
  add("--ranks", row.ranks), add("--batch", way.is_local() ? own : all);
  add("--steps", way.local_steps), add("--local-steps", way.local_steps);
  add("--bandwidth", cluster.bandwidth), add("--latency", cluster.latency),
      add("--overhead", cluster.overhead);
  add("--flop-seconds", network.times.flop), add("--update-seconds", network.times.parameter),
      add("--add-seconds", cluster.addition);
  if (row.simulator == "flows") words.emplace_back("--flows");
  const ChildResult child = run_child(words, "");
  const nlohmann::json answer = nlohmann::json::parse(child.output, nullptr, false);
  if (child.exit_code != 0 || !answer.is_object()) {
    row.wrong =
        fmt::format("simulate_ranks ended with {}: {}", child.exit_code, printable(child.errors, 200));
    return;
  }
  row.ranks_with_work = answer.at("ranks_with_work").get<std::size_t>();
  row.compute_seconds = network.step(weak ? own : all);
  row.simulated_seconds = answer.at("step_seconds").get<double>();
  row.bytes_sent = answer.at("bytes_of_step").get<double>();
  row.model_seconds = model_seconds(row, network, way, cluster, own);
  row.model_error = row.model_seconds / row.simulated_seconds - 1.0;
  row.efficiency =
      row.compute_seconds / row.simulated_seconds / (weak ? 1.0 : static_cast<double>(row.ranks));
}

/// SMPI's flows only where it is fast enough, beside ports of as many.
constexpr std::pair<std::size_t, const char*> kRanks[] = {
    {16, "flows"}, {16, "ports"}, {64, "ports"}, {256, "ports"}, {1024, "ports"}};

/// Quick: at most 64 ranks, of the first cluster. It alone has 1024, which take a minute a row.
bool has_row(bool quick, bool first_cluster, const Way& way, bool weak, std::size_t ranks, bool flows) {
  if (!first_cluster && (quick || ranks > 256)) return false;
  if (quick && ranks > 64) return false;
  if (way.is_local()) return weak;  // other workers are another training
  return weak || (ranks <= 256 && !flows);
}

template <typename Visit>
void for_each_row(const std::vector<SimulatedNetwork>& networks, bool quick, Visit visit) {
  for (const SimulatedNetwork& network : networks) {
    for (const NamedCluster& of : kClusters) {
      for (const Way& way : kWays) {
        for (const bool weak : {true, false}) {
          for (const auto& [ranks, simulator] : kRanks) {
            SimulatedRanksFact row;
            row.simulator = simulator;
            if (!has_row(quick, &of == kClusters, way, weak, ranks, row.simulator == "flows")) continue;
            row.network = network.spec.shape();
            row.trainer = way.name;
            row.cluster = of.name;
            row.scaling = weak ? "weak" : "strong";
            row.ranks = ranks;
            row.samples = !weak ? network.strong : way.is_local() ? network.local : network.synchronous;
            visit(network, way, of.cluster, std::move(row));
          }
        }
      }
    }
  }
}

void run_simulated_ranks(const Selected& selected, const StudySetting& setting, Document& document) {
  std::vector<SimulatedNetwork> networks = simulated_networks();
  measure_nodes(networks, *selected.fastest, setting);
  std::vector<SimulatedRanksFact> rows;
  for_each_row(
      networks, setting.quick,
      [&](const SimulatedNetwork& network, const Way& way, const Cluster& cluster, SimulatedRanksFact row) {
        setting.next(fmt::format("simulated_ranks, {} ranks, {}, {}", row.ranks, row.network, row.trainer));
        simulate(network, way, cluster, row);
        rows.push_back(std::move(row));
      });
  document.simulated_ranks = std::move(rows);
}

/// Wide layers at 1024 ranks take a minute, most rows much less.
double estimate_simulated_ranks(StudyPlan& plan) {
  double seconds = 1.0;
  for_each_row(simulated_networks(), plan.setting.quick,
               [&](const SimulatedNetwork&, const Way&, const Cluster&, const SimulatedRanksFact& row) {
                 const double ranks = static_cast<double>(row.ranks) / 256.0;
                 seconds += 0.3 + 2.0 * ranks * ranks;
               });
  return seconds;
}

}  // namespace

Study simulated_ranks_study() {
  return {.name = "simulated_ranks",
          .about = "what training on up to 1024 nodes would take, simulated, beside a cost model",
          .standard = false,
          .estimate = estimate_simulated_ranks,
          .run = run_simulated_ranks};
}

}  // namespace mlpbench
