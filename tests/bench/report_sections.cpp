#include <algorithm>
#include <cmath>
#include <tuple>

#include "tests/bench/report_maker.h"

namespace mlpbench::test {
namespace {

using nlohmann::json;

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
          {"obeys_threshold", true},
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

}  // namespace

void add_sections(Maker& maker, json& document) {
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
}

}  // namespace mlpbench::test
