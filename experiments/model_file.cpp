#include "experiments/model_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "support/tensor_file.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kVersion = "1";
constexpr std::string_view kTasks[] = {"binary", "multiclass", "regression"};

Json json_of(const FeatureColumn& column) {
  if (column.categorical) return {{"name", column.name}, {"levels", column.levels}};
  return {{"name", column.name},
          {"fill", std::isnan(column.fill) ? Json() : Json(column.fill)},
          {"mean", column.mean},
          {"scale", column.scale}};
}

FeatureColumn column_of(const Json& json) {
  FeatureColumn column{json.at("name").get<std::string>()};
  if (json.contains("levels")) {
    column.categorical = true;
    column.levels = json.at("levels").get<std::vector<std::string>>();
    return column;
  }
  if (!json.at("fill").is_null()) column.fill = json.at("fill");
  column.mean = json.at("mean");
  column.scale = json.at("scale");
  return column;
}

Json json_of(const TableEncoding& encoding) {
  Json columns = Json::array();
  for (const FeatureColumn& column : encoding.columns) columns.push_back(json_of(column));
  return {{"target", encoding.target},
          {"missing", missing_words()[static_cast<std::size_t>(encoding.missing)]},
          {"columns", std::move(columns)},
          {"class_names", encoding.class_names},
          {"target_mean", encoding.target_mean},
          {"target_scale", encoding.target_scale}};
}

/// The place of a word in a list. nlohmann's exception for one that is not there, as for any wrong value.
std::size_t place_of(const Json& word, const auto& words) {
  const auto found = std::ranges::find(words, word.get<std::string>());
  if (found == std::end(words)) throw Json::other_error::create(501, "unknown word", nullptr);
  return static_cast<std::size_t>(found - std::begin(words));
}

std::shared_ptr<const TableEncoding> encoding_of(const Json& json) {
  const auto encoding = std::make_shared<TableEncoding>();
  encoding->target = json.at("target");
  encoding->missing = MissingRule(place_of(json.at("missing"), missing_words()));
  for (const Json& column : json.at("columns")) encoding->columns.push_back(column_of(column));
  encoding->class_names = json.at("class_names").get<std::vector<std::string>>();
  encoding->target_mean = json.at("target_mean");
  encoding->target_scale = json.at("target_scale");
  return encoding;
}

/// Names of a list of enumerators, in its order.
std::vector<std::string_view> names_in(const auto& values) {
  std::vector<std::string_view> names;
  for (const auto value : values) names.push_back(to_string(value));
  return names;
}

Json json_of(const NetworkSpec& network) {
  Json layers = Json::array();
  for (const LayerSpec& layer : network.layers) {
    layers.push_back({{"units", layer.units}, {"activation", to_string(layer.activation)}});
  }
  return {{"inputs", network.inputs}, {"layers", std::move(layers)}, {"loss", to_string(network.loss.kind)}};
}

NetworkSpec network_of(const Json& json) {
  NetworkSpec network;
  network.inputs = json.at("inputs");
  network.loss.kind = kLosses[place_of(json.at("loss"), names_in(kLosses))];
  for (const Json& layer : json.at("layers")) {
    network.layers.push_back({layer.at("units").get<std::size_t>(),
                              kActivations[place_of(layer.at("activation"), names_in(kActivations))]});
  }
  network.validate();
  return network;
}

/// Those that belong to the run, by the names of the record.
Json settings_json(const Settings& settings) {
  Json values = Json::object();
  for (const Setting& setting : all_settings()) {
    if (Json value = setting.value(settings); setting.applies(settings) && !value.is_null())
      values[setting.key()] = std::move(value);
  }
  return values;
}

/// body(layer, name, shape) for the weights and the biases of each layer.
void for_each_tensor(const NetworkSpec& network, const auto& body) {
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const std::size_t units = network.layers[l].units;
    body(l, fmt::format("layers.{}.weight", l), std::vector{units, network.inputs_of(l)});
    body(l, fmt::format("layers.{}.bias", l), std::vector{units});
  }
}

/// Of a layer, those with two sizes in their shape or those with one.
template <typename T>
std::span<T> numbers_of(Parameters<T>& parameters, std::size_t layer, std::size_t sizes) {
  const MatrixView<T> W = parameters.W(layer);
  return sizes == 2 ? std::span(W.data, W.rows * W.cols) : parameters.b(layer);
}

template <typename T>
constexpr std::string_view kStoredType = sizeof(T) == 4 ? "F32" : "F64";

template <typename T>
std::string content_of(const TensorFile::Metadata& metadata, const Parameters<double>& parameters,
                       const NetworkSpec& network) {
  Parameters<T> rounded(network);
  rounded.assign(parameters);
  std::vector<Tensor> tensors;
  for_each_tensor(network, [&](std::size_t layer, std::string name, std::vector<std::size_t> shape) {
    const std::span<const std::byte> bytes = std::as_bytes(numbers_of(rounded, layer, shape.size()));
    tensors.push_back({std::move(name), kStoredType<T>, std::move(shape), bytes});
  });
  return TensorFile::content(metadata, tensors);
}

template <typename T>
void read_parameters(const TensorFile& file, Model& model) {
  // All are looked for before memory is taken: the network may be of any size.
  for_each_tensor(model.network, [&](std::size_t, const std::string& name, const auto& shape) {
    file.find(name, kStoredType<T>, shape);
  });
  Parameters<T> parameters(model.network);
  for_each_tensor(model.network, [&](std::size_t layer, const std::string& name, const auto& shape) {
    const Tensor& tensor = file.find(name, kStoredType<T>, shape);
    const std::span<T> numbers = numbers_of(parameters, layer, shape.size());
    std::memcpy(numbers.data(), tensor.bytes.data(), tensor.bytes.size());
    if (!std::ranges::all_of(numbers, [](T value) { return std::isfinite(value); }))
      throw file.error(fmt::format("'{}' has a number that is not finite", name));
  });
  model.parameters = Parameters<double>(model.network);
  model.parameters.assign(parameters);
}

void require_utf8(std::string_view what, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (utf8(name) == name) continue;
    throw UserError(fmt::format("--save: the {} '{}' is not UTF-8; convert the data", what, printable(name)));
  }
}

/// "30-10-1 of relu, sigmoid for binary cross-entropy"
std::string text_of(const NetworkSpec& network) {
  std::string activations;
  for (const LayerSpec& layer : network.layers) {
    activations += (activations.empty() ? "" : ", ") + std::string(to_string(layer.activation));
  }
  return fmt::format("{} of {} for {}", network.shape(), activations, to_string(network.loss.kind));
}

}  // namespace

Model read_model(const std::string& path) {
  const TensorFile file(path);
  if (const std::string& version = file.text("mlpbench"); version != kVersion) {
    throw file.error(fmt::format("is a model of version '{}', and this program reads version {}",
                                 printable(version), kVersion));
  }
  Model model;
  model.path = path;
  try {
    const Json json = Json::parse(file.text("model"));
    model.experiment = json.at("experiment");
    model.network = network_of(json.at("network"));
    model.task = Task(place_of(json.at("task"), kTasks));
    model.dtype = place_of(json.at("dtype"), dtype_words()) == 0 ? DType::float64 : DType::float32;
    if (!json.at("encoding").is_null()) model.encoding = encoding_of(json.at("encoding"));
  } catch (const std::exception&) {
    throw file.error("its metadata 'model' is not what mlpbench writes");
  }
  if (model.encoding && model.encoding->features() != model.network.inputs)
    throw file.error("its columns do not fit its network");
  (model.dtype == DType::float32 ? read_parameters<float> : read_parameters<double>)(file, model);
  return model;
}

std::string model_content(const Problem& problem, const RunResult& result) {
  Json model = {{"experiment", result.experiment},
                {"network", json_of(problem.network)},
                {"task", kTasks[static_cast<std::size_t>(problem.task)]},
                {"dtype", to_string(result.dtype)},
                {"settings", settings_json(result.settings)},
                {"encoding", Json()}};
  if (problem.encoding) {
    require_utf8("class", problem.encoding->class_names);
    require_utf8("feature", problem.encoding->feature_names());
    model["encoding"] = json_of(*problem.encoding);
  }
  const TensorFile::Metadata metadata = {{"mlpbench", std::string(kVersion)}, {"model", model.dump()}};
  return (result.dtype == DType::float32 ? content_of<float>
                                         : content_of<double>)(metadata, result.parameters, problem.network);
}

void start_from(const Model& model, DType dtype, Problem& problem) {
  const auto refuse = [&](std::string_view what, const std::string& there, const std::string& here) {
    throw UserError(
        fmt::format("{}: its {} {}, and this run has {}", printable_path(model.path), what, there, here));
  };
  if (model.dtype != dtype)
    refuse("numbers are", std::string(to_string(model.dtype)), std::string(to_string(dtype)));
  const std::string network = text_of(model.network), own = text_of(problem.network);
  if (network != own) refuse("network is", network, own);
  if ((model.encoding != nullptr) != (problem.encoding != nullptr))
    refuse("experiment is", model.experiment, "another");
  if (model.encoding) {
    const auto there = model.encoding->feature_names(), here = problem.encoding->feature_names();
    const auto differing = std::ranges::mismatch(there, here);
    if (differing.in1 != there.end())
      refuse("feature is", printable(*differing.in1), printable(*differing.in2));
    const auto& classes = model.encoding->class_names;
    const auto other = std::ranges::mismatch(classes, problem.encoding->class_names);
    if (other.in1 != classes.end()) refuse("class is", printable(*other.in1), printable(*other.in2));
  }
  problem.initial = model.parameters;
}

}  // namespace mlpbench
