// Cases of the user's own networks and data: what is selected, and that their numbers are compared with
// naive's.

#include "backends/operations/work.h"
#include "bench/measure/check.h"
#include "experiments/csv_problem.h"
#include "experiments/mnist_problem.h"
#include "experiments/synthetic.h"
#include "tests/catch.h"
#include "tests/ops/wrong_backend.h"
#include "tests/support/backends.h"
#include "tests/support/idx.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

Selection of(OwnExperiments own, std::vector<std::string> trainers = {}) {
  Selection selection;
  selection.trainers = std::move(trainers);
  selection.own = std::move(own);
  return selection;
}

OwnExperiments networks(std::vector<std::string> shapes, std::vector<std::string> batches,
                        std::vector<std::string> activations = {}, std::vector<std::string> losses = {}) {
  std::vector<std::string> left_out;
  return network_experiments(
      {std::move(shapes), std::move(batches), std::move(activations), std::move(losses)}, left_out);
}

CaseResult check_case(const Case& what, NaiveRuns& naive) {
  return checked(build_problems({what}, nullptr).at(what.experiment), what, naive);
}

/// Checks every case that can run here, which must be right.
void check_all(const Selection& selection) {
  NaiveRuns naive;
  for (const Case& what : select_cases(selection)) {
    if (!what.unusable_reason.empty()) continue;
    const CaseResult result = check_case(what, naive);
    INFO(what.name() << ": " << result.wrong << result.what.unusable_reason);
    CHECK(result.wrong.empty());
    REQUIRE(result.run);
    CHECK(result.parity.with == "naive");
    CHECK(result.parity.deviation.numbers > 10);
    const bool exact = what.backend->name == "naive" && what.dtype == DType::float64;
    if (exact || what.dtype == DType::float32) CHECK((result.parity.deviation.largest == 0.0) == exact);
    CHECK(result.run->peak_bytes > 0);
  }
}

/// Names of the cases on naive in float64.
std::vector<std::string> names_of(Selection selection) {
  selection.backends = {"naive"};
  selection.dtypes = {"float64"};
  std::vector<std::string> names;
  for (const Case& what : select_cases(selection)) names.push_back(what.name());
  return names;
}

std::string flowers() {
  std::string text = "x,y,kind\n";
  for (int i = 0; i < 60; ++i) {
    text += std::to_string(i % 7) + "," + std::to_string(i * i % 11) + "," + (i % 7 > 3 ? "a" : "b") + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("own experiments are run alone, or beside those that are named", "[own]") {
  using Names = std::vector<std::string>;
  Selection selection = of(networks({"8-4-1"}, {"16"}));
  CHECK(names_of(selection) == Names{"8-4-1@16/naive/float64"});
  selection.experiments = {"moons"};
  CHECK(names_of(selection) == Names{"moons/naive/float64", "8-4-1@16/naive/float64"});
  selection.trainers = {"own", "predict"};
  CHECK(names_of(selection) == Names{"moons/naive/float64", "moons/naive/float64/predict",
                                     "8-4-1@16/naive/float64", "8-4-1@16/naive/float64/predict"});
  selection.experiments = {};
  selection.trainers = {"predict"};
  CHECK(names_of(selection) == Names{"8-4-1@16/naive/float64/predict"});
}

TEST_CASE("a network's steps are right on every backend in both precisions", "[own]") {
  check_all(of(networks({"28-64-64-1", "30-20-10"}, {"1", "32"})));
  check_all(of(networks({"9-7-5-3"}, {"17"}, {"relu", "tanh", "elu"}, {"bce", "softmax", "mse"})));
}

TEST_CASE("inference is right on every backend, batch 1 upward, and counts its own work", "[own]") {
  const Selection selection = of(networks({"28-64-64-1", "30-20-10"}, {"1", "600"}), {"predict"});
  check_all(selection);
  const Case what = select_cases(selection).front();
  NaiveRuns naive;
  const CaseResult result = check_case(what, naive);
  const Problem problem = what.experiment->build(what.settings());
  CHECK(result.run->trace.loss_per_epoch.empty());
  CHECK(result.run->parameters.all()[0] == problem.initial.all()[0]);
  CHECK(samples_per_epoch(problem, *result.run) == 1.0);
  CHECK(flop_per_epoch(problem, *result.run) == 2.0 * (28 * 64 + 64 * 64 + 64 * 1));
  CHECK_FALSE(what.learns());
  CHECK(checked_epoch_seconds(*result.run) > 0.0);
}

TEST_CASE("inference of the suite's experiments is right", "[own]") {
  Selection selection;
  selection.trainers = {"predict"};
  selection.backends = {"naive", std::string(simd_backend())};
  selection.dtypes = {"float32"};
  check_all(selection);
}

TEST_CASE("a wrong backend is found by a network's steps, and by its inference", "[own]") {
  WrongBackend<float> wrong;
  BackendEntry entry = find_backend("naive");
  entry.name = "tested";
  entry.float32 = &wrong;
  const OwnExperiments own = networks({"28-64-64-1", "50-40-30-3"}, {"32"});
  const auto found = [&](const char* trainer) {
    for (const auto& experiment : own) {
      Case what{experiment.get(), &entry, DType::float32, ""};
      what.trainer = find_trainer(trainer).name;
      NaiveRuns naive;
      const CaseResult result = check_case(what, naive);
      INFO(result.wrong);
      if (result.wrong.empty()) return false;
      CHECK(result.wrong.find("from naive's") != std::string::npos);
    }
    return true;
  };
  CHECK_FALSE(found("full-batch"));
  CHECK_FALSE(found("predict"));
  wrong.on_weight_gradient = [](const WeightGradient<float>& call) {
    right(call);
    for (std::size_t u = 0; u < call.dW.rows; ++u) call.dW(u, 0) *= 1.5F;
  };
  CHECK(found("full-batch"));
  CHECK_FALSE(found("predict"));
  wrong.on_weight_gradient = kRight;
  wrong.on_update = [](const Update<float>&) {};
  CHECK(found("full-batch"));
  wrong.on_update = kRight;
  wrong.on_input_delta = [](const InputDelta<float>& call) {
    right(call);
    for (std::size_t n = 0; n < call.dZ_prev.cols; ++n) call.dZ_prev(0, n) = 0.0F;
  };
  CHECK(found("full-batch"));
  wrong.on_input_delta = kRight;
  wrong.on_forward = [](const Forward<float>& call) {
    right(call);
    call.A(call.A.rows - 1, 0) += 1e-3F;
  };
  CHECK(found("full-batch"));
  CHECK(found("predict"));
}

TEST_CASE("a CSV file and images are cases, compared with naive, by every trainer", "[own]") {
  const TemporaryFolder folder;
  const auto csv =
      std::make_shared<CsvQuestion>(CsvQuestion{folder.write("flowers.csv", flowers()), "kind", ""});
  const SmallImages small(60);
  const auto images = std::make_shared<MnistQuestion>(
      MnistQuestion{folder.write("images", small.images), folder.write("labels", small.labels), "", ""});
  OwnExperiments own;
  for (Experiment experiment : {csv_experiment(csv), mnist_experiment(images)}) {
    build_for_user(experiment, experiment.defaults, false);
    CHECK(experiment.defaults.batch_size <= 48);
    experiment.defaults.epochs = 5;
    experiment.defaults.activation = Activation::tanh;
    own.push_back(std::make_shared<const Experiment>(std::move(experiment)));
  }
  check_all(of(own, {"own"}));
  Selection trainers = of(own, {"mini-batch", "full-batch", "sync", "ensemble"});
  trainers.dtypes = {"float64"};
  trainers.backends = {"naive"};
  for (const Case& what : select_cases(trainers)) {
    NaiveRuns naive;
    const CaseResult result = check_case(what, naive);
    INFO(what.name() << result.wrong << result.what.unusable_reason);
    CHECK(result.wrong.empty());
    CHECK(result.run.has_value());
    CHECK(what.learns());
  }
}
