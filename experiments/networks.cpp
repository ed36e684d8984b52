#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "backends/operations/work.h"
#include "core/chunks.h"
#include "experiments/memory.h"
#include "experiments/notebook.h"
#include "experiments/synthetic.h"
#include "support/error.h"
#include "support/option_values.h"

namespace mlpbench {
namespace {

constexpr std::size_t kMaxTested = 256;

/// Each value once, or `otherwise` where there is none.
std::vector<std::string> values_of(const std::vector<std::string>& texts, const char* otherwise) {
  std::vector<std::string> values;
  for (const std::string& text : texts.empty() ? std::vector<std::string>{otherwise} : texts) {
    if (std::find(values.begin(), values.end(), text) == values.end()) values.push_back(text);
  }
  return values;
}

/// One combination, read.
struct Combination {
  std::string sizes, batch, activation, loss;
  NetworkSpec network = {};
  std::size_t samples = 0;
};

std::size_t activation_index(const std::string& text) {
  if (text == to_string(Activation::softmax)) {
    throw UserError(
        "--activation: softmax stands only at the end of a network, where --loss softmax puts it");
  }
  return parse_word("--activation", text, activation_words());
}

void read(Combination& one) {
  std::vector<std::size_t> sizes = parse_network("--network", one.sizes);
  one.samples = parse_integer("--batch", one.batch, 1, 1'000'000'000);
  const Activation activation = hidden_activations()[activation_index(one.activation)];
  const std::size_t outputs = sizes.back();
  const Loss loss = one.loss.empty()
                        ? (outputs == 1 ? Loss::binary_cross_entropy : Loss::softmax_cross_entropy)
                        : kLosses[parse_word("--loss", one.loss, loss_words())];
  one.network.inputs = sizes.front();
  for (std::size_t i = 1; i + 1 < sizes.size(); ++i) one.network.layers.push_back({sizes[i], activation});
  one.network.layers.push_back({outputs, info(loss).canonical});
  one.network.loss.kind = loss;
}

/// Why the combination makes no network of its own, or empty.
std::string impossible(const Combination& one, const std::string& first_activation) {
  if (one.network.loss.kind == Loss::softmax_cross_entropy && one.network.outputs() == 1) {
    return "a softmax of one output is always 1";
  }
  if (one.network.layers.size() == 1 && one.activation != first_activation) {
    return fmt::format("without hidden layers it has no {}", one.activation);
  }
  return "";
}

void require_memory_for(const Combination& one) {
  const NetworkSpec& network = one.network;
  const std::string what = fmt::format("{} with batches of {}", one.sizes, one.samples);
  require_network_memory("--network", what, network.inputs, network.layers,
                         std::min(one.samples, Chunks::most_samples(network)));
  // The data, the tested part, and a copy in the precision of the training.
  const double numbers = static_cast<double>(network.inputs) + static_cast<double>(network.outputs());
  require_memory("--batch", what, 3.0 * sizeof(double) * numbers * static_cast<double>(one.samples));
}

Experiment experiment_of(const Combination& one, std::string name) {
  constexpr double kFlop = 2e8, kMin = 3.0, kMax = 1000.0;
  const NetworkSpec& network = one.network;
  double inputs = 0.0;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    inputs += static_cast<double>(network.inputs_of(l));
  }
  Experiment experiment;
  experiment.name = std::move(name);
  experiment.about = fmt::format("steps of {} samples of no meaning: {}, {}", one.samples, one.activation,
                                 to_string(network.loss.kind));
  Settings& settings = experiment.defaults;
  settings.trainer = "full-batch";
  settings.batch_size = one.samples;
  settings.activation = hidden_activations()[activation_index(one.activation)];
  settings.epochs = static_cast<std::size_t>(
      std::clamp(kFlop / step_work(network, one.samples, sizeof(double)).flop, kMin, kMax));
  // The curvature of the loss is at most of the order of the inputs of all layers, which have a variance of
  // 1.
  settings.learning_rate = 0.1 / inputs;
  for (std::size_t l = 0; l + 1 < network.layers.size(); ++l) {
    settings.hidden.push_back(network.layers[l].units);
  }
  experiment.build = [network, samples = one.samples](const Settings&) {
    return made_up_problem(network, samples, std::min(samples, kMaxTested));
  };
  experiment.reference_values = all_numbers;
  experiment.has_numpy_program = false;
  experiment.made_up = true;
  return experiment;
}

}  // namespace

OwnExperiments network_experiments(const NetworkQuestion& question, std::vector<std::string>& left_out) {
  OwnExperiments all;
  std::set<std::string> names;
  const std::vector<std::string> activations = values_of(question.activations, "relu");
  const std::vector<std::string> losses = values_of(question.losses, "");
  for (const std::string& sizes : question.networks) {
    for (const std::string& batch : values_of(question.batches, "256")) {
      for (const std::string& activation : activations) {
        for (const std::string& loss : losses) {
          Combination one{sizes, batch, activation, loss};
          read(one);
          require_memory_for(one);
          std::string name = fmt::format("{}@{}", one.network.shape(), one.samples);
          if (activations.size() > 1) name += "-" + activation;
          if (losses.size() > 1) name += "-" + loss;
          if (const std::string reason = impossible(one, activations.front()); !reason.empty()) {
            left_out.push_back(fmt::format("{} is left out: {}", name, reason));
          } else if (names.insert(name).second) {
            all.push_back(std::make_shared<const Experiment>(experiment_of(one, std::move(name))));
          }
        }
      }
    }
  }
  if (all.empty()) throw UserError("--network: nothing remains: " + left_out.front());
  return all;
}

}  // namespace mlpbench
