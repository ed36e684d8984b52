// What the table of --backend all says of an experiment without a NumPy program: the suite may have none.

#include "experiments/cli/backend_comparison.h"
#include "support/error.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

/// All usable backends on moons, as if NumPy had no program for it.
std::vector<BackendRun> runs_of(const Experiment& experiment, const Problem& problem,
                                const Settings& settings, DType dtype) {
  std::vector<BackendRun> runs;
  for (const BackendEntry* backend : usable_backends(dtype)) {
    runs.push_back({backend, run_experiment(experiment, problem, settings, *backend, dtype)});
  }
  hold_to_reference(experiment, problem, runs);
  return runs;
}

const Experiment& moons() { return find_experiment("moons"); }

}  // namespace

TEST_CASE("without a NumPy program all backends are compared with naive in float64, and the table says so") {
  Experiment experiment = moons();
  experiment.has_numpy_program = false;
  Settings settings = experiment.defaults;
  settings.epochs = 5;
  const Problem problem = experiment.build(settings);
  for (const DType dtype : {DType::float64, DType::float32}) {
    std::vector<BackendRun> runs = runs_of(experiment, problem, settings, dtype);
    const std::string text = comparison_text(problem, runs, dtype);
    INFO(text);
    CHECK(text.find("from naive in float64, for want of a NumPy program") != std::string::npos);
    for (const BackendRun& run : runs) CHECK(run.parity.with == "naive");
    CHECK((runs.back().parity.deviation.largest > 0.0) == (dtype == DType::float32));  // naive's own
    CHECK_NOTHROW(require_reference(runs));
    runs.front().result->parameters.all().front() += 1e-3;
    hold_to_reference(experiment, problem, runs);
    if (runs.size() > 1) CHECK_THROWS_AS(require_reference(runs), WrongResult);
  }
}

TEST_CASE("with a NumPy program only its own settings are judged") {
  const Problem problem = moons().build(moons().defaults);
  Settings settings = moons().defaults;
  for (const BackendRun& run : runs_of(moons(), problem, settings, DType::float64)) {
    CHECK(run.parity.with == "NumPy");
  }
  settings.epochs = 5;
  const std::vector<BackendRun> runs = runs_of(moons(), problem, settings, DType::float64);
  for (const BackendRun& run : runs) CHECK(run.parity.with.empty());
  CHECK(comparison_text(problem, runs, DType::float64).find("NumPy") == std::string::npos);
}
