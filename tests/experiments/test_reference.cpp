#include <cmath>
#include <string>

#include "experiments/files.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/experiments/runs.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;

TEST_CASE("the reference belongs to the experiment's own settings alone", "[experiments][reference]") {
  const auto differs = [](const Experiment& experiment, auto change) {
    Settings settings = experiment.defaults;
    change(settings);
    return !has_reference(experiment, settings);
  };
  for (const Experiment& experiment : all_experiments()) {
    INFO(experiment.name);
    Experiment without_numpy = experiment;
    without_numpy.has_numpy_program = false;
    CHECK_FALSE(has_reference(without_numpy, experiment.defaults));
    if (!experiment.has_numpy_program) continue;
    const bool batches = find_trainer(experiment.defaults.trainer).uses_batches;
    CHECK(has_reference(experiment, experiment.defaults));
    CHECK_FALSE(differs(experiment, [](Settings& s) { s.threads = 7; }));
    CHECK(differs(experiment, [](Settings& s) { s.hidden.push_back(3); }));
    CHECK(differs(experiment, [](Settings& s) { ++s.epochs; }));
    CHECK(differs(experiment, [](Settings& s) { s.learning_rate *= 1.5; }));
    CHECK(differs(experiment, [](Settings& s) { ++s.seed; }));
    CHECK(differs(experiment, [](Settings& s) { ++s.split_seed; }));
    CHECK(differs(experiment, [](Settings& s) { ++s.samples; }));
    CHECK(differs(experiment, [](Settings& s) { s.label_noise += 0.01; }));
    CHECK(differs(experiment, [&](Settings& s) { s.trainer = batches ? "full-batch" : "mini-batch"; }));
    CHECK(differs(experiment, [](Settings& s) { ++s.batch_size; }) == batches);
    CHECK(differs(experiment, [](Settings& s) { s.keep_incomplete_batch = true; }) == batches);
  }
}

TEST_CASE("a deviation from the reference cannot hide", "[experiments][reference]") {
  Experiment experiment{"made_up", "", {}, nullptr, nullptr, nullptr, nullptr};
  const test::TemporaryFolder folder;
  const test::ScopedVariable variable("MLPBENCH_REFERENCE_DIR", folder.path());
  folder.write("made_up.json", R"({"a": [[1, 2], [300, 4]], "b": {"c": 5}, "text": ["x"]})");
  folder.write("other.json", R"({"d": 1})");
  const auto deviation = [&](auto values) {
    experiment.reference_values = values;
    return deviation_from_reference(experiment, RunResult{});
  };
  using Values = std::vector<ReferenceValue>;
  const Deviation exact = deviation([](const RunResult&) {
    return Values{{"a", {1, 2, 300, 4}}, {"b/c", {5}}, {"other:d", {1}}};
  });
  CHECK(exact.largest == 0.0);
  CHECK(exact.numbers == 6);

  const Deviation relative = deviation([](const RunResult&) {
    return Values{{"b/c", {5}}, {"a", {1, 2, 303, 4}}};
  });
  CHECK(relative.largest == Approx(0.01));
  CHECK(relative.where == "a");

  const auto is_infinite = [&](auto values, const char* where) {
    const Deviation found = deviation(values);
    CHECK(found.where == where);
    CHECK(std::isinf(found.largest));
  };
  is_infinite([](const RunResult&) { return Values{{"b/c", {5}}, {"a", {1, std::nan(""), 300, 4}}}; }, "a");
  is_infinite([](const RunResult&) { return Values{{"b/c", {5}}, {"a", {1, HUGE_VAL, 300, 4}}}; }, "a");
  is_infinite([](const RunResult&) { return Values{{"b/c", {5}}, {"a", {1, 2, 300}}}; }, "a");
  is_infinite([](const RunResult&) { return Values{{"b/c", {5}}, {"z", {1}}}; }, "z");
  is_infinite([](const RunResult&) { return Values{{"b/c", {5}}, {"text", {1}}}; }, "text");

  const auto message = [&](auto values) -> std::string {
    try {
      deviation(values);
    } catch (const UserError& error) {
      return error.what();
    }
    return "";
  };
  folder.write("broken.json", "{");
  CHECK(message([](const RunResult&) {
          return Values{{"nowhere:d", {1}}};
        }) == reference_path("nowhere.json") + ": cannot read the reference values");
  CHECK(message([](const RunResult&) {
          return Values{{"broken:d", {1}}};
        }) == reference_path("broken.json") + ": is not a JSON object");
}

TEST_CASE("a run in float32, and no other, may take the branch that rounding leads to",
          "[experiments][reference]") {
  Experiment experiment{"made_up", "", {}, nullptr, nullptr, nullptr, nullptr};
  experiment.float32_branch = "branch";
  const test::TemporaryFolder folder;
  const test::ScopedVariable variable("MLPBENCH_REFERENCE_DIR", folder.path());
  folder.write("made_up.json", R"({"a": [0.5, 0.25]})");
  folder.write("branch.json", R"({"a": [0.75, 0.5]})");
  const auto deviation = [&](auto values, DType dtype) {
    experiment.reference_values = values;
    RunResult run;
    run.dtype = dtype;
    return deviation_from_reference(experiment, run).largest;
  };
  using Values = std::vector<ReferenceValue>;
  const auto own = [](const RunResult&) { return Values{{"a", {0.5, 0.25}}}; };
  const auto branch = [](const RunResult&) { return Values{{"a", {0.75, 0.5}}}; };
  const auto of_both = [](const RunResult&) { return Values{{"a", {0.75, 0.25}}}; };
  CHECK(deviation(own, DType::float32) == 0.0);
  CHECK(deviation(branch, DType::float32) == 0.0);
  CHECK(deviation(branch, DType::float64) == 0.25);
  CHECK(deviation(of_both, DType::float32) == 0.25);
}
