#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using nlohmann::json;
using Arguments = std::vector<std::string>;

namespace {

/// The record that the program wrote. Fails when the text is no JSON, such as a bare NaN.
json record_of(const std::string& program, const Arguments& arguments) {
  const Finished result = run(program, joined(arguments, {"--json", "-"}));
  INFO(program << ": " << result.err);
  REQUIRE(result.exit_code == 0);
  CHECK(result.err.empty());
  return json::parse(result.out);
}

std::set<std::string> keys_of(const json& record) {
  std::set<std::string> keys;
  for (const auto& [key, value] : record.items()) keys.insert(key);
  return keys;
}

void require_fields(const json& record, const Arguments& fields) {
  for (const std::string& field : fields) {
    INFO("field " << field);
    CHECK(record.contains(field));
  }
}

}  // namespace

TEST_CASE("a record has every field of the contract") {
  const json record =
      record_of("breast_cancer", {"--backend", "naive", "--epochs", "20", "--split-seed", "3"});
  require_fields(record, {"schema_version",
                          "experiment",
                          "backend",
                          "isa",
                          "dtype",
                          "trainer",
                          "threads",
                          "threads_used",
                          "incomplete",
                          "epochs_trained",
                          "target",
                          "layers",
                          "epochs",
                          "batch_size",
                          "learning_rate",
                          "seed",
                          "split_seed",
                          "loss_per_epoch",
                          "test_accuracy",
                          "test_mse",
                          "test_output",
                          "train_seconds",
                          "samples_per_second",
                          "blas_core",
                          "machine",
                          "build",
                          "evaluated_on",
                          "dataset",
                          "confusion_matrix"});
  require_fields(record["machine"], {"cpu", "logical_cores", "caches", "hypervisor", "governor", "load",
                                     "stolen", "cgroup_quota", "affinity", "isa", "os", "kernel"});
  require_fields(record["measurement"],
                 {"clock", "clock_source", "clock_reading_seconds", "timed", "not_timed"});
  CHECK(record["dataset_sha256"].get<std::string>().size() == 64);
  CHECK(record["blas_threads"].is_null());
  require_fields(record["build"], {"mlpbench", "git_commit", "git_dirty", "compiler", "build_type",
                                   "backend_flags", "libraries"});
  CHECK(record["experiment"] == "breast_cancer");
  CHECK(record["backend"] == "naive");
  CHECK(record["dtype"] == "float64");
  CHECK(record["trainer"] == "full-batch");
  CHECK(record["threads"] == 1);
  CHECK(record["subnormals"] == "flush");
  CHECK(record["layers"] == json({30, 10, 1}));
  CHECK(record["activations"] == json({"relu", "sigmoid"}));
  CHECK(record["epochs"] == 20);
  CHECK(record["batch_size"] == 455);
  CHECK(record["split_seed"] == 3);
  CHECK(record["blas_core"].is_null());
  CHECK(record["test_mse"].is_null());
  CHECK(record["loss_per_epoch"].size() == 20);
  CHECK(record["test_output"].size() == 114);
  CHECK(record["dataset"]["training_rows"] == 455);
  CHECK(record["dataset"]["test_rows"] == 114);
  CHECK(record["confusion_matrix"].size() == 2);
  CHECK(record["train_seconds"].get<double>() > 0.0);
  CHECK(record.at("parameters").is_null());
  CHECK(record.at("mean_loss_per_epoch").is_null());
}

TEST_CASE("a record has every key, with null where there is no value") {
  const std::set<std::string> keys = keys_of(record_of("moons", {"--epochs", "1"}));
  CHECK(keys.size() > 70);
  CHECK(keys.contains("reason"));
  CHECK(keys_of(record_of("regression", {"--epochs", "1", "--dump-parameters"})) == keys);
  CHECK(keys_of(record_of("digits", {"--epochs", "2", "--trainer", "sync", "--validation-split", "0.2",
                                     "--optimiser", "adam", "--dropout", "0.5"})) == keys);
  const json machine = record_of("moons", {"--epochs", "1"}).at("build");
  CHECK(machine.at("flags").is_null());
}

TEST_CASE("subnormals are flushed unless they are to be kept, and a record says which") {
  for (const char* mode : {"flush", "keep"}) {
    CHECK(record_of("moons", {"--epochs", "2", "--subnormals", mode})["subnormals"] == mode);
  }
  const Finished wrong = run("moons", {"--subnormals", "melt"});
  CHECK(wrong.exit_code == 2);
  CHECK(wrong.error_lines() == 1);
  CHECK(wrong.err.find("--subnormals: 'melt'") != std::string::npos);
}

TEST_CASE("schema_version comes first") {
  const Finished result = run("moons", {"--json", "-"});
  CHECK(result.out.starts_with("{\n  \"schema_version\": 1,\n"));
}

TEST_CASE("the parameters are in a record on demand, W as rows of units") {
  const json record = record_of("moons", {"--dump-parameters", "--hidden", "5,3"});
  const json& layers = record["parameters"];
  REQUIRE(layers.size() == 3);
  CHECK(record["layers"] == json({2, 5, 3, 1}));
  CHECK(layers[0]["W"].size() == 5);
  CHECK(layers[0]["W"][0].size() == 2);
  CHECK(layers[0]["b"].size() == 5);
  CHECK(layers[2]["W"].size() == 1);
  CHECK(layers[2]["W"][0].size() == 3);
}

TEST_CASE("mini-batch and multiclass records have what only they have") {
  const json record = record_of("digits", {"--epochs", "2", "--batch-size", "64"});
  CHECK(record["batch_size"] == 64);
  CHECK(record["mean_loss_per_epoch"].size() == 2);
  CHECK(record["test_output"].size() == 360);
  CHECK(record["test_output"][0].size() == 10);
  REQUIRE(record["confusion_matrix"].size() == 10);
  std::size_t counted = 0, right = 0;
  for (std::size_t t = 0; t < 10; ++t) {
    for (std::size_t p = 0; p < 10; ++p) {
      const auto count = record["confusion_matrix"][t][p].get<std::size_t>();
      counted += count;
      if (t == p) right += count;
    }
  }
  CHECK(counted == 360);
  CHECK(record["test_accuracy"].get<double>() == Approx(static_cast<double>(right) / 360.0));
}

TEST_CASE("numbers of a record read back bit for bit, and two runs agree in all but time") {
  const Arguments arguments = {"--dump-parameters"};
  json first = record_of("moons", arguments), second = record_of("moons", arguments);
  for (json* record : {&first, &second}) {
    record->erase("train_seconds");
    record->erase("samples_per_second");
    (*record)["machine"].erase("load");
    (*record)["machine"].erase("stolen");
    (*record)["measurement"].erase("clock_reading_seconds");
  }
  CHECK(first == second);
  // The first value of tests/reference/moons.json has 16 digits; a record that rounded would be off by more.
  CHECK(first["loss_per_epoch"][0].get<double>() == Approx(0.7344604426989605).epsilon(1e-14));
}

TEST_CASE("a regression's record has its error instead of an accuracy") {
  const json record = record_of("regression", {"--epochs", "10"});
  CHECK(record["test_accuracy"].is_null());
  CHECK(record["test_mse"].is_number());
  CHECK(record["evaluated_on"] == "training set");
  CHECK(record.at("confusion_matrix").is_null());
}

TEST_CASE("a record names neither host nor user") {
  std::array<char, 256> host{};
  REQUIRE(gethostname(host.data(), host.size() - 1) == 0);
  const std::string text = run("moons", {"--json", "-"}).out;
  // A host may be called "x"; only a name that cannot stand there by chance proves anything.
  const std::string name = host.data();
  if (name.size() >= 6) CHECK(text.find(name) == std::string::npos);
  CHECK(text.find("/home/") == std::string::npos);
  // Whatever is added here has to be looked at: it must not name anybody.
  const std::set<std::string> known = {
      "affinity",     "caches",        "cgroup_quota",   "cores_allowed", "cpu",
      "architecture", "governor",      "hypervisor",     "isa",           "kernel",
      "load",         "logical_cores", "microcode",      "memory_bytes",  "os",
      "sockets",      "stolen",        "physical_cores", "turbo",         "transparent_huge_pages"};
  std::set<std::string> written;
  const json machine = json::parse(text)["machine"];
  for (const auto& [key, value] : machine.items()) written.insert(key);
  CHECK(written == known);
}

TEST_CASE("--backend all writes an array with every backend of the source tree") {
  const Finished result =
      run("moons", {"--backend", "all", "--json", "-"}, {.environment = {{"MLPBENCH_MAX_ISA", "baseline"}}});
  REQUIRE(result.exit_code == 0);
  const json records = json::parse(result.out);
  REQUIRE(records.is_array());
  std::size_t unavailable = 0;
  for (const json& record : records) {
    require_fields(record, {"schema_version", "experiment", "backend"});
    unavailable += record.at("reason").is_string();
    CHECK(record.at("reason").is_string() == record.at("loss_per_epoch").is_null());
    CHECK(keys_of(record) == keys_of(records.back()));
  }
  CHECK(unavailable >= 2);  // avx2 and avx512
  CHECK(records.back()["backend"] == "naive");
}

TEST_CASE("a serial trainer asked for threads says so and records one") {
  const TemporaryFolder folder;
  const std::string file = folder.file("record.json");
  const Finished result = run("moons", {"--threads", "4", "--json", file});
  CHECK(result.exit_code == 0);
  CHECK(result.error_lines() == 1);
  CHECK(result.err.find("mini-batch is serial") != std::string::npos);
  CHECK(json::parse(read_file(file))["threads"] == 1);
}
