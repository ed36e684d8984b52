#include <algorithm>
#include <cmath>

#include "tests/bench/report_maker.h"

namespace mlpbench::test {
namespace {

using nlohmann::json;

json record_of(const Subject& subject, const Runner& runner, const std::string& dtype) {
  const bool regression = subject.name == std::string("regression");
  json record = {
      {"schema_version", 1},
      {"isa", runner.isa},
      {"blas_core", nullptr},
      {"dtype", dtype},
      {"trainer", subject.trainer},
      {"threads", 1},
      {"subnormals", "flush"},
      {"layers", subject.layers},
      {"activations", {"tanh", "sigmoid"}},
      {"epochs", subject.epochs},
      {"batch_size", 32},
      {"learning_rate", 0.01},
      {"seed", 42},
      {"split_seed", 42},
      {"dataset", {{"features", subject.layers[0]}, {"training_rows", subject.rows}, {"test_rows", 200}}},
      {"dataset_sha256", "00ff"},
      {"parameters_sha256", "00aa"},
      {"evaluated_on", "test set"},
      {"test_accuracy", regression ? json() : json(0.95)},
      {"test_mse", regression ? json(0.0123) : json()},
      {"build", {{"backend_flags", "-mavx2 -mfma"}}}};
  if (subject.name == std::string("digits")) {
    json counts = json::array();
    for (int i = 0; i < 10; ++i) {
      json row = json::array();
      for (int j = 0; j < 10; ++j) row.push_back(i == j ? 33 + i % 4 : (i * 7 + j) % 11 == 0 ? 2 : 0);
      counts.push_back(row);
    }
    record["confusion_matrix"] = counts;
  }
  return record;
}

}  // namespace

json case_of(Maker& maker, const Subject& subject, const Runner& runner, const std::string& dtype) {
  const std::string experiment = subject.name;
  json entry = {{"name", experiment + "/" + runner.name + "/" + dtype},
                {"experiment", experiment},
                {"backend", runner.name},
                {"dtype", dtype},
                {"trainer", subject.trainer},
                {"threads", 1}};
  if (runner.speed == 0.0) {
    entry["unavailable"] = "this CPU lacks AVX-512F";
    return entry;
  }
  const bool narrow = dtype == "float32", base = runner.name == std::string("naive");
  const double speed = base ? 1.0 : maker.noisy(runner.speed * (narrow ? 1.8 : 1.0), 0.3);
  const json times = maker.list(subject.naive_seconds / speed, 0.06, 20);
  const double median = Maker::spread(times)["median"];
  entry["wrong"] = nullptr;
  entry["parity"] = {{"with", "NumPy"},
                     {"largest", maker.noisy(narrow ? 6e-7 : 3e-16, 0.5)},
                     {"where", "loss_per_epoch"},
                     {"numbers", 1200},
                     {"tolerance", narrow ? 2e-5 : 1e-12},
                     {"why_none", nullptr}};
  entry["timed_epochs"] = 20;
  entry["timed_trainings"] = 1;
  entry["epoch_seconds"] = times;
  entry["part_seconds"] = {times, times};
  entry["stopped"] = base ? "precision reached" : "all rounds done";
  entry["seconds"] = Maker::spread(times, nullptr);
  entry["seconds"]["p95"] = median * 1.09;
  entry["seconds"]["interval"] = Maker::interval(median * 0.96, median * 1.05);
  entry["noise_floor"] = std::abs(maker.noisy(0.04, 0.5));
  entry["flop_per_epoch"] = subject.flop;
  entry["peak_bytes"] = 40000.0 + subject.flop / 16.0;
  entry["samples_per_epoch"] = subject.rows;
  entry["peak_flops"] = {{"isa", runner.isa}, {"flops", narrow ? 1.9e11 : 9.5e10}};
  json accuracy = json::array();
  for (int i = 0; i < 10; ++i) accuracy.push_back(std::min(1.0, maker.noisy(0.95, 0.015)));
  const bool regression = experiment == "regression";
  entry["over_seeds"] = {{"seeds", {42, 43, 44, 45, 46, 47, 48, 49, 50, 51}},
                         {"test_accuracy", regression ? json() : accuracy},
                         {"test_mse", regression ? maker.list(0.012, 0.2, 10) : json()},
                         {"final_loss", maker.list(0.1, 0.2, 10)}};
  entry["record"] = record_of(subject, runner, dtype);
  if (base) return entry;
  entry["speed"] = {{"base", experiment + "/naive/" + dtype},
                    {"base_seconds", subject.naive_seconds},
                    {"ratio", speed},
                    {"interval", Maker::interval(speed * 0.92, speed * 1.07)},
                    {"rounds", 20},
                    {"p_value", 1e-5},
                    {"that_is", speed * 0.92 > 1.0 ? "faster" : "not separated"},
                    {"p_value_holm", 3e-4}};
  return entry;
}

json report_cases(Maker& maker) {
  json cases = json::array();
  for (const Subject& subject : kSubjects) {
    for (const char* dtype : {"float64", "float32"}) {
      for (const Runner& runner : kRunners) cases.push_back(case_of(maker, subject, runner, dtype));
    }
  }
  return cases;
}

}  // namespace mlpbench::test
