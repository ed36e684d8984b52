// Networks that a user names, with data of no meaning.

#include <cmath>

#include "backends/operations/work.h"
#include "experiments/synthetic.h"
#include "support/error.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

using Names = std::vector<std::string>;

Names names_of(const NetworkQuestion& question, std::size_t left_out = 0) {
  Names names, reasons;
  for (const auto& experiment : network_experiments(question, reasons)) names.push_back(experiment->name);
  CHECK(reasons.size() == left_out);
  return names;
}

std::string refusal_of(const NetworkQuestion& question) {
  Names reasons;
  try {
    network_experiments(question, reasons);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("lists make a product; a name says what was asked for in several values", "[networks]") {
  CHECK(names_of({{"784-512-10"}, {}, {}, {}}) == Names{"784-512-10@256"});
  CHECK(names_of({{"8-4-1", "3-2"}, {"1", "32"}, {}, {}}) == Names{"8-4-1@1", "8-4-1@32", "3-2@1", "3-2@32"});
  CHECK(names_of({{"8-4-3"}, {"16"}, {"relu", "tanh"}, {"softmax", "mse"}}) ==
        Names{"8-4-3@16-relu-softmax", "8-4-3@16-relu-mse", "8-4-3@16-tanh-softmax", "8-4-3@16-tanh-mse"});
  CHECK(names_of({{"8-4-1", "8-4-1"}, {"16", "16"}, {"elu", "elu"}, {"mse", "mse"}}) == Names{"8-4-1@16"});
}

TEST_CASE("what makes no network is left out with the reason, and nothing at all is an error", "[networks]") {
  Names reasons;
  const OwnExperiments some =
      network_experiments({{"8-4-1", "8-3"}, {"4"}, {"relu", "tanh"}, {"softmax", "bce"}}, reasons);
  Names names;
  for (const auto& experiment : some) names.push_back(experiment->name);
  CHECK(names == Names{"8-4-1@4-relu-bce", "8-4-1@4-tanh-bce", "8-3@4-relu-softmax", "8-3@4-relu-bce"});
  CHECK(reasons == Names{"8-4-1@4-relu-softmax is left out: a softmax of one output is always 1",
                         "8-4-1@4-tanh-softmax is left out: a softmax of one output is always 1",
                         "8-3@4-tanh-softmax is left out: without hidden layers it has no tanh",
                         "8-3@4-tanh-bce is left out: without hidden layers it has no tanh"});
  CHECK(refusal_of({{"8-1"}, {}, {}, {"softmax"}}) ==
        "--network: nothing remains: 8-1@256 is left out: a softmax of one output is always 1");
}

TEST_CASE("bad networks, batches, activations and losses are one line", "[networks]") {
  for (const char* bad : {"", "784", "784-", "-784-10", "784-0-10", "784-ten-10", "784-10-", "784--10",
                          "1e3-10", "784,10", " 784-10", "784-10 ", "+784-10", "784-1000000000000000-10"}) {
    INFO(bad);
    CHECK(refusal_of({{bad}, {}, {}, {}}).find("is not a network like 784-512-10") != std::string::npos);
  }
  for (const char* bad : {"0", "-1", "many", "1.5", "", "10000000000"}) {
    INFO(bad);
    CHECK(refusal_of({{"8-4-1"}, {bad}, {}, {}}).starts_with("--batch: '" + std::string(bad) + "' is not "));
  }
  CHECK(refusal_of({{"8-4-1"}, {}, {"swish"}, {}}).starts_with("--activation: 'swish' is not one of relu, "));
  CHECK(refusal_of({{"8-4-1"}, {}, {"softmax"}, {}})
            .starts_with("--activation: softmax stands only at the end"));
  CHECK(refusal_of({{"8-4-1"}, {}, {}, {"hinge"}}) ==
        "--loss: 'hinge' is not one of bce, softmax, mse, huber, mae");
}

TEST_CASE("more than the machine has is refused before anything is allocated", "[networks]") {
  const auto is_refused = [](const NetworkQuestion& question, const std::string& option) {
    const std::size_t before = BufferBytes::now();
    BufferBytes::restart_peak();
    const std::string refusal = refusal_of(question);
    INFO(refusal);
    CHECK(refusal.starts_with(option + ": "));
    CHECK(refusal.find("of memory and this machine has") != std::string::npos);
    CHECK(BufferBytes::peak() == before);
  };
  is_refused({{"784-1000000000-10"}, {}, {}, {}}, "--network");
  is_refused({{"1000000000000-1000000000000-1"}, {"1"}, {}, {}}, "--network");
  is_refused({{"1000000-10-1"}, {"1000000000"}, {}, {}}, "--batch");
}

TEST_CASE("an epoch of a network is one step on exactly a batch, and long enough to be timed", "[networks]") {
  Names reasons;
  for (const auto& experiment :
       network_experiments({{"28-64-64-1", "784-512-512-10", "5-3"}, {"1", "32", "300"}, {}, {}}, reasons)) {
    INFO(experiment->name);
    const Settings& settings = experiment->defaults;
    const Problem problem = experiment->build(settings);
    CHECK(settings.trainer == "full-batch");
    CHECK(problem.train.samples() == settings.batch_size);
    CHECK(problem.network.shape() == experiment->name.substr(0, experiment->name.find('@')));
    CHECK(problem.network.loss.kind ==
          (problem.network.outputs() == 1 ? Loss::binary_cross_entropy : Loss::softmax_cross_entropy));
    CHECK((settings.epochs >= 3 && settings.epochs <= 1000));
    const double flop = static_cast<double>(settings.epochs) *
                        step_work(problem.network, settings.batch_size, sizeof(double)).flop;
    CHECK((flop < 4e8 || settings.epochs == 3));
    CHECK((flop > 1e8 || settings.epochs == 1000));
    CHECK_FALSE(has_reference(*experiment, settings));
  }
}

TEST_CASE("a made-up training neither diverges nor stands still", "[networks]") {
  Names reasons;
  for (const auto& experiment : network_experiments({{"300-200-1", "12-8-8-8-4", "1000-3"},
                                                     {"40"},
                                                     {"relu", "tanh", "sigmoid", "elu", "identity"},
                                                     {"bce", "softmax", "mse", "huber", "mae"}},
                                                    reasons)) {
    INFO(experiment->name);
    Settings settings = experiment->defaults;
    settings.epochs = 300;
    const Problem problem = experiment->build(settings);
    const RunResult run =
        run_experiment(*experiment, problem, settings, find_backend("naive"), DType::float64);
    const std::vector<double>& losses = run.trace.loss_per_epoch;
    CHECK(losses[1] < losses[0]);
    CHECK(losses[0] - losses[1] > 1e-4 * losses[0]);  // rounding in float32 does not hide a step
    CHECK(losses.back() < losses[1]);
    CHECK(run.peak_bytes > problem.network.parameter_count() * sizeof(double) * 2);
  }
}

TEST_CASE("a run says the most that it held in its own buffers", "[networks]") {
  const NetworkSpec network = relu_network(100, {50}, 10);
  Experiment experiment;
  experiment.defaults = settings_of("--trainer full-batch --epochs 3 --learning-rate 0.001");
  const Problem problem = made_up_problem(network, 64, 8);
  const auto peak = [&](DType dtype) {
    return run_experiment(experiment, problem, experiment.defaults, find_backend("naive"), dtype).peak_bytes;
  };
  // Data, parameters, gradients, and A and dZ of both layers; rows are padded to cache lines.
  const std::size_t numbers = 64 * 110 + 2 * network.parameter_count() + 2 * 64 * 60;
  CHECK(peak(DType::float64) >= 8 * numbers);
  CHECK(peak(DType::float64) <= 8 * numbers * 5 / 4);
  CHECK(peak(DType::float32) >= 4 * numbers);
  CHECK(peak(DType::float32) <= 4 * numbers * 5 / 4);
}
