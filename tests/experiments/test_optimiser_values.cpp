// Every optimiser, schedule and regulariser, against NumPy (tests/reference/generate_optimisers.py).

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

}  // namespace

TEST_CASE("every optimiser, schedule and regulariser gives what NumPy computes with it",
          "[experiments][reference]") {
  std::set<std::string> optimisers, schedules = {"constant"};
  for (const json& expected : test::reference("optimisers").at("runs")) {
    const json& options = expected.at("options");
    INFO(expected.at("experiment") << " " << options);
    optimisers.insert(options.at("optimiser"));
    schedules.insert(options.value("schedule", "constant"));
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
  CHECK(optimisers.size() == all_optimisers().size());
  CHECK(schedules.size() == all_schedules().size());
}
