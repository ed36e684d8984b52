// --activation, --init, --loss, --huber-delta, --dropout and --label-smoothing of the experiments' programs.

#include <nlohmann/json.hpp>

#include "core/activation.h"
#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using nlohmann::json;
using Arguments = std::vector<std::string>;

namespace {

json learning_record(const std::string& program, const Arguments& arguments) {
  const Finished result = run(program, joined({"--epochs", "2", "--json", "-"}, arguments));
  INFO(program << ": " << result.err);
  REQUIRE(result.exit_code == 0);
  return json::parse(result.out);
}

void require_line(const std::string& program, const Arguments& arguments, const std::string& line) {
  const Finished result = run(program, arguments);
  INFO(program << ": " << result.err);
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.error_lines() == 1);
  CHECK(result.err.find(program + ": " + line) == 0);
}

}  // namespace

TEST_CASE("every experiment takes every activation of hidden layers, and has its own without") {
  for (const std::string program :
       {"worked_examples", "breast_cancer", "planar", "moons", "regression", "digits", "teacher"}) {
    for (const mlpbench::Activation activation : mlpbench::hidden_activations()) {
      const json record = learning_record(
          program, {"--activation", std::string(to_string(activation)), "--learning-rate", "0.001"});
      CHECK(record["activations"][0] == to_string(activation));
    }
  }
  CHECK(learning_record("moons", {})["activations"] == json({"tanh", "sigmoid"}));
  CHECK(learning_record("worked_examples", {})["activations"] == json({"sigmoid", "sigmoid"}));
}

TEST_CASE("a record says how a run learned where that is not the experiment's own way") {
  const json own = learning_record("digits", {});
  for (const char* field : {"init", "dropout", "label_smoothing", "hyper_parameters"})
    CHECK(own.at(field).is_null());
  const json record =
      learning_record("digits", {"--init", "normal:0.05", "--dropout", "0.25", "--label-smoothing", "0.1"});
  CHECK(record["init"] == "normal:0.05");
  CHECK(record["dropout"] == 0.25);
  CHECK(record["label_smoothing"] == 0.1);
  CHECK(record["loss_per_epoch"] != own["loss_per_epoch"]);
  const json robust = learning_record("regression", {"--loss", "huber", "--huber-delta", "0.5"});
  CHECK(robust["loss"] == "Huber loss");
  CHECK(robust["hyper_parameters"]["huber_delta"] == 0.5);
  CHECK(learning_record("regression", {"--loss", "mae"})["loss"] == "mean absolute error");
  CHECK(learning_record("moons", {"--loss", "mse"})["loss"] == "mean squared error");
}

TEST_CASE("what a run cannot learn by is one line and exit code 2") {
  require_line("moons", {"--activation", "swish"}, "--activation: 'swish' is not one of relu, tanh, ");
  require_line("moons", {"--init", "xavier"},
               "--init: 'xavier' is not one of he, glorot, lecun, normal:S, uniform:S");
  require_line("moons", {"--init", "normal"}, "--init: 'normal' is not one of he, ");
  require_line("moons", {"--init", "he:2"}, "--init: 'he:2' is not one of he, ");
  require_line("moons", {"--init", "uniform:-1"}, "--init: '-1' is not a");
  require_line("moons", {"--loss", "hinge"}, "--loss: 'hinge' is not one of bce, softmax, mse, huber, mae");
  require_line("moons", {"--loss", "huber"},
               "--loss huber: does not go with sigmoid outputs, which take bce, mse");
  require_line("digits", {"--loss", "mae"},
               "--loss mae: does not go with softmax outputs, which take softmax");
  require_line("regression", {"--loss", "bce"},
               "--loss bce: does not go with identity outputs, which take mse, huber, mae");
  require_line("regression", {"--huber-delta", "2"},
               "--huber-delta: is for huber, not for the loss of the experiment");
  require_line("regression", {"--loss", "mae", "--huber-delta", "2"},
               "--huber-delta: is for huber, not for the loss mae");
  require_line("regression", {"--loss", "huber", "--huber-delta", "0"}, "--huber-delta: '0' is not a");
  for (const char* rate : {"1", "-0.1", "nan", "half"})
    require_line("digits", {"--dropout", rate}, "--dropout: '" + std::string(rate) + "' is not a");
  require_line("digits", {"--label-smoothing", "1"}, "--label-smoothing: '1' is not a");
  require_line("moons", {"--label-smoothing", "0.1"},
               "--label-smoothing: is for softmax outputs, and the last layer is sigmoid");
}

TEST_CASE("dropout has the same bits on any number of threads, and members have their own masks") {
  const Arguments arguments = {
      "--dropout",    "0.5", "--hidden",         "16", "--trainer", "sync", "--force-parallel",
      "--batch-size", "200", "--dump-parameters"};
  const json one = learning_record("moons", arguments),
             three = learning_record("moons", joined(arguments, {"--threads", "3"}));
  CHECK(one["parameters"] == three["parameters"]);
  const Arguments members = {"--dropout", "0.5", "--trainer", "ensemble", "--members", "2"};
  const json ensemble = learning_record("moons", members)["ensemble"]["members"];
  const json second = learning_record("moons", {"--dropout", "0.5", "--seed", "43"});
  CHECK(ensemble[1]["final_loss"] == second["loss_per_epoch"].back());
  CHECK(ensemble[0]["final_loss"] != ensemble[1]["final_loss"]);
}
