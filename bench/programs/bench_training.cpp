// Times whole steps and epochs: see add_training_rows().

#include "bench/operations/suite.h"
#include "experiments/cli/own_experiments.h"
#include "experiments/cli/program_main.h"

using namespace mlpbench;

int main(int argc, char** argv) {
  constexpr SuiteText kText = {"bench_training", "Times single training steps and epochs, on every backend.",
                               "epoch/.*/naive"};
  OwnExperimentOptions own;
  const auto add_options = [&own](CLI::App& app) {
    own.add_networks(app, "Steps of your own networks alone");
  };
  return suite_main(argc, argv, kText, add_options, [&own](Suite& suite) {
    std::vector<std::string> notes;
    const OwnExperiments networks = own.experiments(notes);
    for (const std::string& note : notes) report("bench_training", "note: " + note);
    if (networks.empty()) return add_training_rows(suite, all_backends());
    add_network_rows(suite, all_backends(), networks);
  });
}
