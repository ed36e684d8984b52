#include "tests/bench/report_document.h"

#include <algorithm>
#include <cmath>

#include "bench/results_json.h"
#include "core/data/random_state.h"

namespace mlpbench::test {
namespace {

using nlohmann::json;

struct Subject {
  const char* name;
  std::vector<int> layers;
  int epochs, rows;
  double naive_seconds, flop;
  const char* trainer;
};
const std::vector<Subject> kSubjects = {
    {"breast_cancer", {30, 10, 1}, 1000, 455, 3.0e-4, 5.7e5, "full-batch"},
    {"planar", {2, 4, 1}, 10000, 400, 1.1e-4, 2.2e4, "full-batch"},
    {"moons", {2, 4, 1}, 10, 800, 1.5e-4, 4.5e4, "mini-batch"},
    {"digits", {64, 30, 10}, 30, 1437, 1.2e-2, 1.9e7, "mini-batch"},
    {"regression", {1, 10, 1}, 500, 100, 2.0e-5, 1.0e4, "full-batch"}};

struct Runner {
  const char *name, *isa;
  double speed;  ///< in float64; twice that in float32
};
const std::vector<Runner> kRunners = {{"avx512", "AVX-512", 0.0},
                                      {"avx2", "AVX2+FMA", 9.0},
                                      {"blas", "OpenBLAS Zen (AVX2+FMA)", 4.0},
                                      {"armadillo", "OpenBLAS Zen (AVX2+FMA)", 2.4},
                                      {"naive", "baseline x86-64", 1.0}};

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : stream_(seed) {}

  double noisy(double value, double spread) { return value * std::exp(spread * stream_.standard_normal()); }

  json list(double value, double spread, int count) {
    json values = json::array();
    for (int i = 0; i < count; ++i) values.push_back(noisy(value, spread));
    return values;
  }

  static json spread(const json& values, const char* all = "rounds") {
    std::vector<double> sorted = values.get<std::vector<double>>();
    std::sort(sorted.begin(), sorted.end());
    const std::size_t half = sorted.size() / 2;
    const double middle = sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0;
    json spread = {{"lowest", sorted.front()}, {"median", middle}, {"highest", sorted.back()}};
    if (all != nullptr) spread[all] = values;
    return spread;
  }

  static json interval(double low, double high) {
    return {{"low", low}, {"high", high}, {"confidence", 0.959}};
  }

 private:
  RandomState stream_;
};

json record_of(const Subject& subject, const Runner& runner, const std::string& dtype) {
  const bool regression = subject.name == std::string("regression");
  json record = {
      {"schema_version", 1},
      {"isa", runner.isa},
      {"blas_core", nullptr},
      {"dtype", dtype},
      {"trainer", subject.trainer},
      {"threads", 1},
      {"layers", subject.layers},
      {"activations", {"tanh", "sigmoid"}},
      {"epochs", subject.epochs},
      {"batch_size", 32},
      {"learning_rate", 0.01},
      {"seed", 42},
      {"split_seed", 42},
      {"dataset", {{"features", subject.layers[0]}, {"training_rows", subject.rows}, {"test_rows", 200}}},
      {"dataset_sha256", "00ff"},
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
  entry["stopped"] = base ? "precise enough" : "all rounds done";
  entry["seconds"] = Maker::spread(times, nullptr);
  entry["seconds"]["p95"] = median * 1.09;
  entry["seconds"]["interval"] = Maker::interval(median * 0.96, median * 1.05);
  entry["noise_floor"] = std::abs(maker.noisy(0.04, 0.5));
  entry["flop_per_epoch"] = subject.flop;
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
  entry["speed_against_naive"] = {{"base", experiment + "/naive/" + dtype},
                                  {"base_seconds", subject.naive_seconds},
                                  {"ratio", speed},
                                  {"interval", Maker::interval(speed * 0.92, speed * 1.07)},
                                  {"rounds", 20},
                                  {"p_value", 1e-5},
                                  {"that_is", speed * 0.92 > 1.0 ? "faster" : "not separated"},
                                  {"p_value_holm", 3e-4}};
  return entry;
}

json curve_of(Maker& maker, const Subject& subject, const char* trainer, int threads, double rate) {
  json epochs = json::array(), seconds = json::array(), losses = json::array();
  for (int i = 1; i <= 60; ++i) epochs.push_back(i * std::max(1, subject.epochs / 60));
  for (int seed = 0; seed < 10; ++seed) {
    seconds.push_back(maker.noisy(subject.naive_seconds / rate, 0.05));
    json loss = json::array();
    const double speed = maker.noisy(0.06 * rate, 0.15);
    for (int i = 1; i <= 60; ++i) loss.push_back(maker.noisy(0.05 + 0.65 * std::exp(-speed * i), 0.02));
    losses.push_back(loss);
  }
  return {{"experiment", subject.name},
          {"trainer", trainer},
          {"backend", "avx2"},
          {"dtype", "float32"},
          {"threads", threads},
          {"batch_size", 32},
          {"seeds", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}},
          {"epoch", epochs},
          {"seconds_per_epoch", seconds},
          {"loss", losses}};
}

json target_of(Maker& maker, const Subject& subject, const char* trainer, int threads, int reached) {
  json seconds = maker.list(0.004, 0.3, reached), epochs = json::array();
  for (int i = 0; i < reached; ++i) epochs.push_back(40 + 3 * i);
  json entry = {{"experiment", subject.name},
                {"trainer", trainer},
                {"backend", "avx2"},
                {"dtype", "float32"},
                {"threads", threads},
                {"epochs", 400},
                {"batch_size", 32},
                {"learning_rate", 0.1},
                {"target_accuracy", 0.95},
                {"seeds", 10},
                {"seeds_that_reached", reached},
                {"accuracy", Maker::spread(maker.list(0.96, 0.01, 10), "seeds")}};
  entry["epochs_to_target"] = reached > 0 ? Maker::spread(epochs, "seeds") : json();
  entry["seconds_to_target"] = reached > 0 ? Maker::spread(seconds, "seeds") : json();
  entry["seconds_to_target_with_evaluation"] = entry["seconds_to_target"];
  return entry;
}

json scaling_of(Maker& maker, const char* name, const char* backend, int threads, double speedup) {
  const json ups = maker.list(speedup, 0.05, 9);
  const bool one = threads == 1;
  return {{"case", name},
          {"backend", backend},
          {"dtype", "float32"},
          {"isa", "AVX2+FMA"},
          {"threads", threads},
          {"cut_over", true},
          {"threads_used", threads},
          {"memory_level", "L2"},
          {"wrong", nullptr},
          {"samples_per_second", Maker::spread(maker.list(1e6 * speedup, 0.05, 9))},
          {"speedup", Maker::spread(ups)},
          {"efficiency", Maker::spread(maker.list(speedup / threads, 0.05, 9))},
          {"fma_ceiling", Maker::spread(maker.list(one ? 1.0 : 0.93 * threads, 0.04, 9))},
          {"memory_ceiling", Maker::spread(maker.list(one ? 1.0 : 0.8 * threads, 0.04, 9))},
          {"share_of_fma_ceiling", Maker::spread(maker.list(speedup / (0.93 * threads), 0.04, 9))}};
}

json roofline_of(Maker& maker) {
  json roofline = {{"bandwidths", json::array()}, {"peaks", json::array()}, {"points", json::array()}};
  const std::vector<std::tuple<const char*, double, double>> levels = {
      {"L1", 32768, 2.4e11}, {"L2", 1048576, 9e10}, {"L3", 33554432, 4e10}, {"memory", 0, 1.6e10}};
  for (const auto& [level, bytes, rate] : levels) {
    roofline["bandwidths"].push_back({{"level", level},
                                      {"bytes", bytes},
                                      {"working_set", bytes / 2},
                                      {"read", Maker::spread(maker.list(rate, 0.03, 7), nullptr)},
                                      {"triad", Maker::spread(maker.list(rate * 0.7, 0.03, 7), nullptr)}});
  }
  for (const char* dtype : {"float64", "float32"}) {
    const double scale = dtype == std::string("float32") ? 2.0 : 1.0;
    for (const auto& [isa, peak] : {std::pair{"baseline x86-64", 2.6e10}, {"AVX2+FMA", 9.5e10}}) {
      json entry = Maker::spread(maker.list(peak * scale, 0.03, 7), nullptr);
      entry["isa"] = isa;
      entry["dtype"] = dtype;
      roofline["peaks"].push_back(entry);
    }
    const std::vector<std::tuple<const char*, const char*, double, double>> operations = {
        {"dense_forward", "512x784x256", 80.0, 0.6},
        {"dense_forward", "10x30x455", 3.0, 0.45},
        {"weight_gradient", "512x784x256", 60.0, 0.62},
        {"input_delta", "64x64x1024", 8.0, 0.5}};
    for (const auto& [operation, shape, intensity, share] : operations) {
      for (const Runner& runner : kRunners) {
        if (runner.speed == 0.0) continue;
        const double roof = 9.5e10 * scale, flops = maker.noisy(roof * share * runner.speed / 9.0, 0.1);
        const double flop = 2e6;
        json seconds = Maker::spread(maker.list(flop / flops, 0.04, 9), nullptr);
        seconds["interval"] = Maker::interval(flop / flops * 0.95, flop / flops * 1.06);
        roofline["points"].push_back({{"operation", operation},
                                      {"function", operation == std::string("dense_forward") ? "relu" : "-"},
                                      {"shape", shape},
                                      {"dtype", dtype},
                                      {"backend", runner.name},
                                      {"isa", runner.isa},
                                      {"flop", flop},
                                      {"bytes", flop / intensity},
                                      {"intensity", intensity / scale * 2.0},
                                      {"seconds", seconds},
                                      {"flops", flops},
                                      {"roof_flops", roof},
                                      {"share_of_roof", flops / roof},
                                      {"level", "L2"},
                                      {"wrong", nullptr}});
      }
    }
  }
  return roofline;
}

json boundary_of(Maker& maker, const char* experiment, int grid) {
  json naive = json::array(), difference = json::array(), test = json::array();
  for (int i = 0; i < grid; ++i) {
    for (int j = 0; j < grid; ++j) {
      const double x = -1.5 + 4.0 * j / (grid - 1), y = -1.0 + 2.5 * i / (grid - 1);
      const double p = 1.0 / (1.0 + std::exp(-4.0 * (0.4 - y + 0.5 * std::cos(2.0 * x))));
      naive.push_back(std::round(p * 1000.0) / 1000.0);
      difference.push_back(std::abs(maker.noisy(2e-16, 1.0)) * (p > 0.01 && p < 0.99 ? 1.0 : 0.0));
    }
  }
  for (int i = 0; i < 100; ++i) {
    const double angle = 3.14159 * i / 99.0;
    test.push_back({std::cos(angle) + (i % 2) * 1.0 + 0.1 * (maker.noisy(1.0, 0.5) - 1.0),
                    (i % 2 ? 0.5 - std::sin(angle) : std::sin(angle)) + 0.1 * (maker.noisy(1.0, 0.5) - 1.0),
                    i % 2});
  }
  return {{"experiment", experiment},
          {"x", {-1.5, 2.5}},
          {"y", {-1.0, 1.5}},
          {"grid", grid},
          {"dtype", "float64"},
          {"test", test},
          {"train", test},
          {"naive", naive},
          {"fastest", {{"backend", "avx2"}, {"probabilities", naive}}},
          {"difference", difference},
          {"largest_difference", 8e-16}};
}

json header() {
  return {{"schema_version", kResultsSchemaVersion},
          {"status", "complete"},
          {"command", "mlpbench run --seeds 10"},
          {"selection",
           {{"experiments", nullptr},
            {"filter", nullptr},
            {"seeds", 10},
            {"quick", false},
            {"cases_matching", 50},
            {"cases_known", 50},
            {"config", "rounds = 20\nseeds = 10\n"}}},
          {"machine",
           {{"cpu", "AMD EPYC 9R14"},
            {"sockets", 1},
            {"physical_cores", 2},
            {"logical_cores", 2},
            {"cores_allowed", 2},
            {"affinity", {0, 1}},
            {"cgroup_quota", false},
            {"isa", "AVX2+FMA"},
            {"caches",
             {{"L1 data", {{"bytes", 32768}, {"shared_by", "0"}}},
              {"L2", {{"bytes", 1048576}, {"shared_by", "0"}}}}},
            {"memory_bytes", 8589934592},
            {"hypervisor", "KVM"},
            {"governor", "unknown"},
            {"turbo", nullptr},
            {"transparent_huge_pages", "madvise"},
            {"load", 1.2},
            {"stolen", 0.013},
            {"os", "Debian GNU/Linux 12 (bookworm)"},
            {"kernel", "Linux 6.1.0"}}},
          {"measurement",
           {{"clock", "std::chrono::steady_clock"},
            {"clock_source", "kvm-clock"},
            {"clock_tick_seconds", 1e-9},
            {"clock_reading_seconds", 2.5e-8},
            {"timed", "the epochs"},
            {"not_timed", "reading data"}}},
          {"build",
           {{"mlpbench", "0.1.0"},
            {"git_commit", "0123456789abcdef0123456789abcdef01234567"},
            {"git_dirty", false},
            {"compiler", "GCC 12.2.0"},
            {"build_type", "Release"},
            {"flags", {{"avx2", "-mavx2 -mfma"}, {"naive", ""}}},
            {"libraries", {{"OpenBLAS", "0.3.21"}, {"oneTBB", "2021.8"}}}}},
          {"method",
           {{"rounds", 20},
            {"budget_seconds", 0.0},
            {"precision", 0.05},
            {"seconds_per_run", 0.05},
            {"order_seed", 1},
            {"confidence", 0.95},
            {"comparisons", 30},
            {"confidence_of_each", 0.9983},
            {"clock", "std::chrono::steady_clock, wall time of the epochs"},
            {"wall_seconds", 96.0}}},
          {"cases", json::array()}};
}

}  // namespace

json report_document() {
  Maker maker(7);
  json document = header();
  for (const Subject& subject : kSubjects) {
    for (const char* dtype : {"float64", "float32"}) {
      for (const Runner& runner : kRunners)
        document["cases"].push_back(case_of(maker, subject, runner, dtype));
    }
  }
  for (const char* section : {"curves", "time_to_accuracy", "scaling", "boundaries"})
    document[section] = json::array();
  const std::vector<std::tuple<const char*, int, double, int>> trainers = {{"full-batch", 1, 0.7, 4},
                                                                           {"mini-batch", 1, 2.0, 10},
                                                                           {"sync", 2, 2.6, 10},
                                                                           {"hogwild-strict", 2, 3.0, 9},
                                                                           {"local-sgd", 2, 2.4, 0}};
  for (const int subject : {0, 2, 3}) {
    for (const auto& [trainer, threads, rate, reached] : trainers) {
      document["curves"].push_back(
          curve_of(maker, kSubjects[static_cast<std::size_t>(subject)], trainer, threads, rate));
      document["time_to_accuracy"].push_back(
          target_of(maker, kSubjects[static_cast<std::size_t>(subject)], trainer, threads, reached));
    }
  }
  for (const char* name : {"784-512-512-10/sync", "28-64-64-1/sync", "digits/hogwild"}) {
    for (const char* backend : {"avx2", "blas"}) {
      for (const int threads : {1, 2}) {
        document["scaling"].push_back(scaling_of(maker, name, backend, threads, threads == 1 ? 1.0 : 1.7));
      }
    }
  }
  document["roofline"] = roofline_of(maker);
  document["boundaries"].push_back(boundary_of(maker, "planar", 40));
  document["boundaries"].push_back(boundary_of(maker, "moons", 40));
  return document;
}

json small_report_document() {
  Maker maker(7);
  json document = header();
  document["cases"].push_back(case_of(maker, kSubjects[2], kRunners[1], "float64"));
  document["cases"].push_back(case_of(maker, kSubjects[2], kRunners[4], "float64"));
  return document;
}

}  // namespace mlpbench::test
