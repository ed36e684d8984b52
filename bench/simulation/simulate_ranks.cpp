// One training on simulated ranks, for the study "ranks" and the tests: prints a line of JSON.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstring>
#include <nlohmann/json.hpp>

#include "backends/registry.h"
#include "bench/simulation/port_ranks.h"
#include "bench/simulation/shared_memory.h"
#include "bench/simulation/timed_backend.h"
#include "experiments/cli/program_main.h"
#include "experiments/synthetic.h"
#include "support/error.h"
#include "support/option_values.h"
#include "support/standard_output.h"

namespace mlpbench {
namespace {

struct Question {
  Cluster cluster;
  std::size_t ranks = 4, batch = 256, steps = 2, local_steps = 8;
  std::string layers = "28-64-64-1", trainer = "sync", reduction = "ordered", backend = "naive";
  ComputeTimes times;
  bool computes = false, flows = false;

  bool is_local() const { return trainer == "local-sgd"; }
};

NetworkSpec network_of(const std::string& layers) {
  const std::vector<std::size_t> sizes = parse_network("--layers", layers);
  NetworkSpec network = relu_network(sizes.front(), {}, sizes.back());
  for (std::size_t l = sizes.size() - 2; l > 0; --l)
    network.layers.insert(network.layers.begin(), {sizes[l], Activation::relu});
  return network;
}

TrainingOptions options_of(const Question& question, std::size_t epochs) {
  TrainingOptions options;
  options.epochs = epochs;
  options.learning_rate = 0.01;
  options.batch_size = question.batch;
  options.force_parallel = true;
  options.reduction = question.reduction == "ordered" ? Reduction::ordered : Reduction::allreduce;
  options.workers = question.ranks;
  options.local_steps = question.local_steps;
  return options;
}

/// Trains on simulated ranks that compute, and serially: whether all ranks have the serial run's bits.
nlohmann::json compute(const Question& question) {
  const Problem problem = made_up_problem(network_of(question.layers), 4 * question.batch, 1);
  const Backend<float>& backend = find_backend(question.backend).get<float>();
  const TrainerEntry& trainer = find_trainer(question.trainer);
  const auto train = [&](Communicator* ranks, Parameters<float>& theta) {
    TrainingOptions options = options_of(question, 2);
    options.workers = 8;
    options.batch_size = question.is_local() ? question.batch / 8 : question.batch;
    options.ranks = ranks;
    RandomState stream = problem.stream;
    theta.assign(problem.initial);
    return trainer.train({backend, problem.network, problem.train, options, theta, stream});
  };
  Parameters<float> alone(problem.network);
  const TrainingTrace expected = train(nullptr, alone);
  std::size_t right = 0;
  simulate(question.cluster, question.ranks, [&](Communicator& ranks) {
    Parameters<float> theta(problem.network);
    const TrainingTrace trace = train(&ranks, theta);
    right += trace.loss_per_epoch == expected.loss_per_epoch &&
             std::memcmp(theta.all().data(), alone.all().data(), theta.all().size_bytes()) == 0;
  });
  return {{"ranks", question.ranks}, {"ranks_with_serial_bits", right}};
}

/// Simulated seconds of a step after the first epoch, which the pipelines of the ranks begin in. The data
/// have one feature and one output, since nobody looks at them, and a sample of local-sgd stands for a
/// batch.
nlohmann::json time(const Question& question) {
  constexpr std::size_t kEpochs = 3;
  const NetworkSpec network = network_of(question.layers);
  ComputeTimes times = question.times;
  times.addition = question.cluster.addition;
  if (question.is_local()) times.flop *= static_cast<double>(question.batch);
  const TimedBackend<float> backend(times);
  const SharedMemory shared;
  const std::size_t samples = question.steps * (question.is_local() ? question.ranks : question.batch);
  const Dataset data{Matrix<double>(samples, 1), Matrix<double>(samples, 1)};
  std::vector<double> ends;
  std::uint64_t bytes = 0;
  std::size_t busy = 0;
  (question.flows ? simulate : simulate_ports)(question.cluster, question.ranks, [&](Communicator& ranks) {
    TrainingOptions options = options_of(question, kEpochs);
    if (question.is_local()) options.batch_size = 1;
    options.ranks = &ranks;
    if (ranks.is_first()) options.progress = [&](std::size_t) { ends.push_back(simulated_seconds()); };
    Parameters<float> theta(network);
    RandomState stream(1);
    const TrainingTrace trace =
        find_trainer(question.trainer)
            .train(TrainingRun<float>{backend, network, data, options, theta, stream});
    bytes = std::max(bytes, trace.bytes_sent);
    busy = std::max(busy, trace.ranks);
  });
  const double steps = static_cast<double>(question.steps);
  return {{"ranks", question.ranks},
          {"ranks_with_work", busy},
          {"step_seconds", (ends.back() - ends.front()) / (static_cast<double>(ends.size() - 1) * steps)},
          {"bytes_of_step", static_cast<double>(bytes) / (steps * kEpochs)},
          {"parameters", network.parameter_count()}};
}

int run(int argc, char** argv, StandardOutput& output) {
  CLI::App app("Simulates one training on many ranks with SimGrid, or computes it on them.",
               "simulate_ranks");
  Question question;
  app.add_option("--ranks", question.ranks, "simulated, one a node");
  app.add_option("--layers", question.layers, "28-64-64-1");
  app.add_option("--trainer", question.trainer, "full-batch, sync or local-sgd with a worker a rank");
  app.add_option("--batch", question.batch, "of all ranks; of local-sgd each worker's");
  app.add_option("--steps", question.steps, "of an epoch");
  app.add_option("--local-steps", question.local_steps, "of local-sgd");
  app.add_option("--reduction", question.reduction, "ordered or allreduce");
  app.add_option("--bandwidth", question.cluster.bandwidth, "bytes/s of a link");
  app.add_option("--latency", question.cluster.latency, "seconds from node to node");
  app.add_option("--overhead", question.cluster.overhead, "seconds of the CPU for a message");
  app.add_option("--flop-seconds", question.times.flop, "of a flop of a product");
  app.add_option("--update-seconds", question.times.parameter, "of updating a parameter");
  app.add_option("--add-seconds", question.cluster.addition, "of adding two numbers");
  app.add_option("--backend", question.backend, "of --compute");
  app.add_flag("--flows", question.flows, "SMPI's messages, as flows that share links: up to 64 ranks");
  app.add_flag("--compute", question.computes, "compute, and compare bits with one rank");
  if (!parse_command_line(app, argc, argv, output)) return kExitOk;
  const SubnormalsScope scope(Subnormals::flush);  // of all ranks, which share a thread
  const std::string answer = (question.computes ? compute(question) : time(question)).dump();
  output.print([&] { fmt::print("{}\n", answer); });
  return kExitOk;
}

}  // namespace
}  // namespace mlpbench

int main(int argc, char** argv) {
  return mlpbench::program_main(
      "simulate_ranks", [&](mlpbench::StandardOutput& output) { return mlpbench::run(argc, argv, output); });
}
