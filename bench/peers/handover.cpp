#include "bench/peers/handover.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/error.h"

namespace mlpbench {
namespace {

bool in_batches(const Settings& settings) { return find_trainer(settings.trainer).uses_batches; }

std::size_t batch_size(const Problem& problem, const Settings& settings) {
  return in_batches(settings) ? settings.batch_size : problem.train.samples();
}

/// Row by row, of a matrix or of targets.
template <typename Rows>
std::vector<double> values_of(const Rows& rows) {
  std::vector<double> values;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    for (std::size_t j = 0; j < rows.cols(); ++j) values.push_back(rows(i, j));
  }
  return values;
}

/// The samples of each epoch one after the other, as core/training's batches draw them.
std::vector<std::uint32_t> orders(const Problem& problem, std::size_t epochs) {
  RandomState stream = problem.stream;
  std::vector<std::uint32_t> all;
  for (std::size_t epoch = 0; epoch < epochs; ++epoch) {
    for (const std::size_t sample : stream.permutation(problem.train.samples()))
      all.push_back(static_cast<std::uint32_t>(sample));
  }
  return all;
}

/// Its name and hyper-parameters.
nlohmann::json optimiser_of(const OptimiserSpec& spec) {
  nlohmann::json optimiser = {{"name", spec.name}};
  for (const HyperParameter& parameter : find_optimiser(spec.name).hyper_parameters)
    optimiser[std::string(parameter.name())] = value_of(spec, parameter);
  return optimiser;
}

}  // namespace

std::size_t trained_samples(const Problem& problem, const Settings& settings) {
  const std::size_t samples = problem.train.samples(), size = batch_size(problem, settings);
  return settings.keep_incomplete_batch ? samples : samples / size * size;
}

Handover::~Handover() {
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

const std::filesystem::path& Handover::folder() {
  if (!folder_.empty()) return folder_;
  std::string name = (std::filesystem::temp_directory_path() / "mlpbench-peer-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw UserError(name + ": " + std::strerror(errno));
  return folder_ = name;
}

template <typename V>
std::string Handover::write(const std::string& name, std::span<const V> values) {
  const std::string path = folder() / name;
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
  if (!file.flush()) throw UserError(path + ": cannot be written");
  return path;
}

nlohmann::json Handover::prepare(const std::string& name, const Problem& problem, const Settings& settings,
                                 DType dtype, std::size_t epochs) {
  std::string prefix = name;
  std::replace(prefix.begin(), prefix.end(), '/', '-');
  const std::vector<double> X = values_of(problem.train.X), Y = values_of(problem.train.Y);
  nlohmann::json files = {{"X", write<double>(prefix + ".X", X)},
                          {"Y", write<double>(prefix + ".Y", Y)},
                          {"parameters", write<double>(prefix + ".parameters", problem.initial.all())}};
  if (in_batches(settings)) files["order"] = write<std::uint32_t>(prefix + ".order", orders(problem, epochs));
  std::vector<std::size_t> layers = {problem.network.inputs};
  std::vector<std::string> activations;
  for (const LayerSpec& layer : problem.network.layers) {
    layers.push_back(layer.units);
    activations.emplace_back(to_string(layer.activation));
  }
  return {{"op", "prepare"},
          {"case", name},
          {"dtype", to_string(dtype)},
          {"layers", layers},
          {"activations", activations},
          {"loss", to_string(problem.network.loss.kind)},
          {"log_epsilon", problem.network.loss.log_epsilon},
          {"optimiser", optimiser_of(settings.optimiser)},
          {"learning_rate", settings.learning_rate},
          {"sum_gradients", problem.sum_gradients},
          {"samples", problem.train.samples()},
          {"batch_size", batch_size(problem, settings)},
          {"trained_samples", trained_samples(problem, settings)},
          {"epochs", epochs},
          {"files", files}};
}

std::string Handover::parameters_file() { return folder() / "trained"; }

Parameters<double> Handover::parameters(const NetworkSpec& network) {
  Parameters<double> parameters(network);
  const std::span<double> values = parameters.all();
  std::ifstream file(parameters_file(), std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
  if (!file || file.peek() != std::ifstream::traits_type::eof())
    throw UserError("its file of parameters does not have those of " + network.shape());
  return parameters;
}

}  // namespace mlpbench
