#include <limits>
#include <map>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/experiments/runs.h"
#include "tests/support/backends.h"
#include "tests/support/reference.h"

// Other seeds, shapes, batches and learning rates than the experiments' own, as NumPy ran them in float64 and
// float32.

using namespace mlpbench;
using mlpbench::test::Run;
using nlohmann::json;

namespace {

std::string experiment_of(const json& variant) {
  const std::string program = variant.at("experiment");
  return program == "worked_backprop" ? "worked_examples" : program;
}

Settings settings_of(const json& variant, Settings settings) {
  for (const auto& [name, value] : variant.at("settings").items()) {
    if (name == "seed") {
      settings.seed = value;
    } else if (name == "split_seed") {
      settings.split_seed = value;
    } else if (name == "lr") {
      settings.learning_rate = value;
    } else if (name == "batch") {
      settings.batch_size = value;
    } else if (name == "epochs" || name == "iterations") {
      settings.epochs = value;
    } else if (name == "samples") {
      settings.samples = value;
    } else if (name == "hidden") {
      settings.hidden = test::integers(value);
    } else {
      FAIL("a setting that the test does not know: " << name);
    }
  }
  return settings;
}

/// The value of `name` anywhere below `extra`; NaN when it is not there.
double find_number(const nlohmann::ordered_json& extra, const std::string& name) {
  if (extra.contains(name)) return extra.at(name).get<double>();
  for (const auto& [key, value] : extra.items()) {
    if (value.is_object() && value.contains(name)) return value.at(name).get<double>();
  }
  return std::numeric_limits<double>::quiet_NaN();
}

/// Numbers that only some programs have.
void check_single_numbers(const json& variant, const Run& run, double tolerance) {
  const RunResult& result = run.result;
  for (const auto& [name, value] : variant.items()) {
    if (!value.is_number() || name == "losses_every") continue;
    INFO(name);
    if (name == "accuracy" || name == "test_accuracy") {
      CHECK(
          test::same_accuracy(result.test_accuracy.value(), value, run.problem.test.samples(), result.dtype));
    } else if (name == "final_loss") {
      CHECK(test::distance({result.trace.loss_per_epoch.back()}, {value}) <= tolerance);
    } else {
      CHECK(test::distance({find_number(result.extra, name)}, {value}) <= tolerance);
    }
  }
}

void check_variant(const json& variant, const Run& run) {
  const RunResult& result = run.result;
  const double tolerance = test::tolerance(result.dtype);
  std::vector<double> losses;
  const std::size_t every = variant.at("losses_every");
  for (std::size_t epoch = 0; epoch < result.trace.loss_per_epoch.size(); epoch += every) {
    losses.push_back(result.trace.loss_per_epoch[epoch]);
  }
  CHECK(test::distance(losses, test::numbers(variant.at("losses"))) <= tolerance);

  // The last layers: of some programs only those are kept. W has a row per unit, as here.
  const json& layers = variant.at("parameters");
  const std::size_t first = result.parameters.layers() - layers.size();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    INFO("layer " << first + i);
    const MatrixView<const double> W = result.parameters.W(first + i);
    const std::span<const double> b = result.parameters.b(first + i);
    CHECK(layers[i].at("W").size() == W.rows);
    CHECK(test::distance({W.data, W.data + W.rows * W.cols}, test::numbers(layers[i].at("W"))) <= tolerance);
    CHECK(test::distance({b.begin(), b.end()}, test::numbers(layers[i].at("b"))) <= tolerance);
  }
  check_single_numbers(variant, run, tolerance);
}

}  // namespace

TEST_CASE("other settings give what NumPy computes with them", "[experiments][reference]") {
  const json& variants = test::reference("variants").at("runs");
  REQUIRE_FALSE(variants.empty());
  test::for_each_backend([&](const BackendEntry& backend) {
    for (const json& variant : variants) {
      INFO(variant.at("experiment") << " " << variant.at("dtype") << " " << variant.at("settings"));
      const Experiment& experiment = find_experiment(experiment_of(variant));
      const Settings settings = settings_of(variant, experiment.defaults);
      CHECK_FALSE(has_reference(experiment, settings));
      const DType dtype = variant.at("dtype") == "float32" ? DType::float32 : DType::float64;
      if (!backend.has(dtype)) continue;
      check_variant(variant, test::run(experiment, settings, backend, dtype));
    }
  });
}
