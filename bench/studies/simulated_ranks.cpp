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
struct SimulatedCluster {
  const char* name;
  double bandwidth, latency, overhead;

  RankNetwork network() const { return {latency, 1.0 / bandwidth, overhead}; }
};
constexpr SimulatedCluster kClusters[] = {{"10 GbE: 1.18 GB/s, 20 us", 1.18e9, 20e-6, 1e-6},
                                          {"100 GbE: 11.8 GB/s, 10 us", 11.8e9, 10e-6, 1e-6},
                                          {"InfiniBand: 24 GB/s, 1.5 us", 24e9, 1.5e-6, 0.3e-6}};

/// A way to train on ranks.
struct Way {
  const char *name, *trainer, *reduction;
  std::size_t local_steps = 1;

  bool is_local() const { return std::string_view(trainer) == "local-sgd"; }
};
constexpr Way kWays[] = {{"sync, ordered", "sync", "ordered"},
                         {"sync, allreduce", "sync", "allreduce"},
                         {"local-sgd, H = 1", "local-sgd", "ordered", 1},
                         {"local-sgd, H = 8", "local-sgd", "ordered", 8},
                         {"local-sgd, H = 64", "local-sgd", "ordered", 64}};

/// What computing takes on a node: measured on one thread of this machine.
struct NodeTimes {
  double flop = 0.0, parameter = 0.0;
};

struct SimulatedNetwork {
  NetworkSpec spec;
  std::size_t synchronous,
      local;           ///< samples of a rank and step when scaling is weak: one chunk, a usual batch
  std::size_t strong;  ///< samples of all ranks when it is strong
  NodeTimes times = {};

  double bytes() const { return static_cast<double>(spec.parameter_count() * sizeof(float)); }
  double compute(std::size_t samples) const {
    const double parameters = static_cast<double>(spec.parameter_count());
    const double products = step_work(spec, samples, sizeof(float)).flop - 2.0 * parameters;
    return products * times.flop + parameters * times.parameter;
  }
};

std::vector<SimulatedNetwork> simulated_networks() {
  return {{relu_network(784, {512, 512}, 10), 1024, 256, 65536},
          {relu_network(28, {64, 64}, 1), 256, 64, 65536}};
}

/// Of updating all parameters, the shortest of some times.
double update_seconds(const NetworkSpec& spec, const BackendEntry& entry) {
  const Backend<float>& backend = entry.get<float>();
  Parameters<float> theta(spec), gradient(spec);
  Optimiser<float> optimiser({}, 1e-3, spec, {1, 1, 1});
  double shortest = 1.0;
  for (int trial = 0; trial < 20; ++trial) {
    const Clock::time_point start = Clock::now();
    for (int n = 0; n < 10; ++n) backend.update_all(optimiser.next(1.0F), theta, gradient);
    shortest = std::min(shortest, seconds_since(start) / 10.0);
  }
  return shortest;
}

/// Times a serial step of each network.
void measure_nodes(std::vector<SimulatedNetwork>& networks, const BackendEntry& backend,
                   const StudySetting& setting) {
  std::vector<Workload> works;
  for (const SimulatedNetwork& network : networks) works.push_back(sync_workload(network.spec, 256, 1024));
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
    const NetworkSpec& spec = networks[n].spec;
    const double parameters = static_cast<double>(spec.parameter_count()),
                 update = update_seconds(spec, backend);
    const double products = step_work(spec, 256, sizeof(float)).flop - 2.0 * parameters;
    networks[n].times = {(median(all[n].seconds) / 4.0 - update) / products, update / parameters};
  }
}

double model_seconds(const SimulatedRanksFact& row, const SimulatedNetwork& network, const Way& way,
                     const RankNetwork& cluster, std::size_t own_samples) {
  const auto exchange = [&](double bytes) { return all_to_all_seconds(cluster, bytes, row.ranks); };
  const double ranks = static_cast<double>(row.ranks);
  if (way.is_local()) {  // the losses of all steps, the tree's parts, the means
    const double steps = static_cast<double>(way.local_steps);
    const double once = exchange(8.0 * ranks * (steps + 1.0)) + 2.0 * exchange(network.bytes());
    return network.compute(own_samples) + once / steps;
  }
  const std::size_t chunks = Chunks(network.spec, own_samples * row.ranks).count();
  const std::size_t most = ceil_div(chunks, row.ranks);
  const bool ordered = std::string_view(way.reduction) == "ordered";
  const double losses = exchange(8.0 * (ranks + static_cast<double>(ordered ? chunks : row.ranks)));
  return network.compute(own_samples) + losses +
         (ordered ? ordered_sum_seconds(cluster, network.bytes(), row.ranks, most)
                  : allreduce_seconds(cluster, network.bytes(), row.ranks));
}

/// Starts the simulator, in a process of its own.
void simulate(const SimulatedNetwork& network, const Way& way, const SimulatedCluster& cluster,
              SimulatedRanksFact& row) {
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
  add("--flop-seconds", network.times.flop), add("--update-seconds", network.times.parameter);
  if (row.simulator == "flows") words.emplace_back("--flows");
  const ChildResult child = run_child(words, "");
  const nlohmann::json answer = nlohmann::json::parse(child.output, nullptr, false);
  if (child.exit_code != 0 || !answer.is_object()) {
    row.wrong =
        fmt::format("simulate_ranks ended with {}: {}", child.exit_code, printable(child.errors, 200));
    return;
  }
  row.compute_seconds = network.compute(weak ? own : all);
  row.simulated_seconds = answer.at("step_seconds").get<double>();
  row.bytes_sent = answer.at("bytes_of_step").get<double>();
  row.model_seconds = model_seconds(row, network, way, cluster.network(), own);
  row.model_error = row.model_seconds / row.simulated_seconds - 1.0;
  row.efficiency =
      row.compute_seconds / row.simulated_seconds / (weak ? 1.0 : static_cast<double>(row.ranks));
}

/// SMPI's flows only where it is fast enough, beside ports of as many.
constexpr std::pair<std::size_t, const char*> kRanks[] = {
    {16, "flows"}, {16, "ports"}, {64, "ports"}, {256, "ports"}, {1024, "ports"}};

/// Every row. Quick: at most 64 ranks, of the first cluster.
template <typename Visit>
void for_each_row(const std::vector<SimulatedNetwork>& networks, bool quick, Visit visit) {
  for (const SimulatedNetwork& network : networks) {
    for (const SimulatedCluster& cluster : kClusters) {
      if (quick && &cluster != kClusters) break;
      for (const Way& way : kWays) {
        for (const bool weak : {true, false}) {
          if (!weak && way.is_local()) continue;  // other workers are another training
          for (const auto& [ranks, simulator] : kRanks) {
            if (quick ? ranks > 64 : ranks > 256 && !way.is_local()) continue;
            SimulatedRanksFact row;
            row.simulator = simulator;
            row.network = network.spec.shape();
            row.trainer = way.name;
            row.cluster = cluster.name;
            row.scaling = weak ? "weak" : "strong";
            row.ranks = ranks;
            row.samples = !weak ? network.strong : way.is_local() ? network.local : network.synchronous;
            visit(network, way, cluster, std::move(row));
          }
        }
      }
    }
  }
}

void run(const Selected& selected, const StudySetting& setting, Document& document) {
  std::vector<SimulatedNetwork> networks = simulated_networks();
  measure_nodes(networks, *selected.fastest, setting);
  std::vector<SimulatedRanksFact> rows;
  for_each_row(
      networks, setting.quick,
      [&](const SimulatedNetwork& network, const Way& way, const SimulatedCluster& cluster,
          SimulatedRanksFact row) {
        setting.next(fmt::format("simulated_ranks, {} ranks, {}, {}", row.ranks, row.network, row.trainer));
        simulate(network, way, cluster, row);
        rows.push_back(std::move(row));
      });
  document.simulated_ranks = std::move(rows);
}

/// A second for each row of 256 ranks; a fortieth of them takes a minute, most of them much less.
double estimate(StudyPlan& plan) {
  double seconds = 1.0;
  for_each_row(
      simulated_networks(), plan.setting.quick,
      [&](const SimulatedNetwork&, const Way&, const SimulatedCluster&, const SimulatedRanksFact& row) {
        const double ranks = static_cast<double>(row.ranks) / 256.0;
        seconds += 0.2 + 2.0 * ranks * ranks;
      });
  return seconds;
}

}  // namespace

Study simulated_ranks_study() {
  return {.name = "simulated_ranks",
          .about = "what training on up to 1024 nodes would take, simulated, beside a cost model",
          .standard = false,
          .estimate = estimate,
          .run = run};
}

}  // namespace mlpbench
