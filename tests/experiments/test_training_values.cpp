// What a training can be made of, against NumPy (tests/reference/generate_optimisers.py, generate_learning.py).

#include <algorithm>
#include <set>
#include <string>

#include "tests/catch.h"
#include "tests/experiments/runs.h"
#include "tests/support/backends.h"
#include "tests/support/reference.h"

using namespace mlpbench;
using mlpbench::test::Run;
using nlohmann::json;

namespace {

/// The experiment's defaults with the options of a run, each read as on the command line.
Settings settings_of(const json& run, Settings settings) {
  for (const auto& [name, value] : run.at("options").items()) {
    const std::string option = "--" + name;
    find_setting(option).read(option, value.is_string() ? value.get<std::string>() : value.dump(), settings);
  }
  return settings;
}

/// Of the losses and the last layer from NumPy's.
double distance_from(const json& expected, const RunResult& result) {
  const std::size_t last = result.parameters.layers() - 1;
  const MatrixView<const double> W = result.parameters.W(last);
  const std::span<const double> b = result.parameters.b(last);
  return std::max({test::distance(result.trace.loss_per_epoch, test::numbers(expected.at("losses"))),
                   test::distance({W.data, W.data + W.rows * W.cols}, test::numbers(expected.at("W_last"))),
                   test::distance({b.begin(), b.end()}, test::numbers(expected.at("bias_last")))});
}

/// Every run of a reference file, on every backend: NumPy's losses and last layer. `also` looks at its options.
template <typename Also>
void check_runs(const std::string& file, Also also) {
  for (const json& expected : test::reference(file).at("runs")) {
    const json& options = expected.at("options");
    INFO(expected.at("experiment") << " " << options);
    also(options);
    const Experiment& experiment = find_experiment(std::string(expected.at("experiment")));
    const Settings settings = settings_of(expected, experiment.defaults);
    CHECK_FALSE(has_reference(experiment, settings));
    for (const DType dtype : {DType::float64, DType::float32}) {
      const double rounding =
          distance_from(expected, test::run(experiment, settings, find_backend("naive"), dtype).result);
      const double tolerance = dtype == DType::float64 ? test::tolerance(dtype)
                                                       : naive_tolerance(dtype, Deviation{rounding, "", 1});
      CHECK(rounding <= (dtype == DType::float64 ? tolerance : 1e-2));
      test::for_each_backend(dtype, [&](const BackendEntry& backend) {
        CHECK(distance_from(expected, test::run(experiment, settings, backend, dtype).result) <= tolerance);
      });
    }
  }
}

}  // namespace

TEST_CASE("every optimiser, schedule and regulariser gives what NumPy computes with it",
          "[experiments][reference]") {
  std::set<std::string> optimisers, schedules = {"constant"};
  check_runs("optimisers", [&](const json& options) {
    optimisers.insert(options.at("optimiser"));
    schedules.insert(options.value("schedule", "constant"));
  });
  CHECK(optimisers.size() == all_optimisers().size());
  CHECK(schedules.size() == all_schedules().size());
}

TEST_CASE("every activation, loss and initialisation, dropout and label smoothing give what NumPy computes",
          "[experiments][reference]") {
  std::set<std::string> activations, losses = {"bce", "softmax"}, rules;
  check_runs("learning", [&](const json& options) {
    activations.insert(options.value("activation", "relu"));
    losses.insert(options.value("loss", "mse"));
    const std::string rule = options.value("init", "he");
    rules.insert(rule.substr(0, rule.find(':')));
  });
  CHECK(activations.size() == hidden_activations().size());
  CHECK(losses.size() == kLosses.size());
  CHECK(rules.size() == initialisation_words().size());
}
