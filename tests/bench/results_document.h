#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "bench/compare/compare.h"
#include "bench/results/document.h"
#include "core/data/random_state.h"
#include "tests/support/temporary_folder.h"

namespace mlpbench::test {

/// A results.json as `mlpbench run` writes it, as far as `mlpbench compare` reads it; times with 1 % of
/// noise.
class ResultsDocument {
 public:
  explicit ResultsDocument(std::uint32_t seed) : stream_(seed) {
    json = {{"schema_version", kResultsSchemaVersion},
            {"status", "complete"},
            {"machine", {{"cpu", "A processor"}, {"cores_allowed", 2}}},
            {"build", {{"compiler", "GCC 12.2.0"}, {"build_type", "Release"}, {"git_commit", "abc"}}},
            {"cases", nlohmann::json::array()}};
  }

  nlohmann::json& add(const std::string& name, double seconds, int rounds = 15) {
    nlohmann::json times = nlohmann::json::array();
    for (int i = 0; i < rounds; ++i) times.push_back(seconds * std::exp(0.01 * stream_.standard_normal()));
    nlohmann::json record = {{"isa", "AVX2+FMA"},
                             {"blas_core", nullptr},
                             {"dtype", "float64"},
                             {"trainer", "mini-batch"},
                             {"threads", 1},
                             {"layers", {2, 4, 1}},
                             {"activations", {"tanh", "sigmoid"}},
                             {"epochs", 10},
                             {"batch_size", 32},
                             {"learning_rate", 0.01},
                             {"seed", 42},
                             {"split_seed", 42},
                             {"dataset", {{"features", 2}, {"training_rows", 800}, {"test_rows", 200}}},
                             {"test_accuracy", 0.82},
                             {"test_mse", nullptr},
                             {"build", {{"backend_flags", "-mavx2"}}}};
    json["cases"].push_back({{"name", name},
                             {"wrong", nullptr},
                             {"epoch_seconds", times},
                             {"part_seconds", {times, times}},
                             {"record", record}});
    return json["cases"].back();
  }

  /// Cases that nobody changed, "quiet/1" and so on: what one run a side is compared with.
  void add_quiet_cases(int count) {
    for (int i = 1; i <= count; ++i) add("quiet/" + std::to_string(i), 1e-3);
  }

  /// Gives a case a noise floor: its second part takes 1 + `noise` times as long as its first.
  static void set_noise(nlohmann::json& entry, double noise) {
    entry["part_seconds"][0] = entry["epoch_seconds"];
    entry["part_seconds"][1] = nlohmann::json::array();
    for (const nlohmann::json& time : entry["epoch_seconds"]) {
      entry["part_seconds"][1].push_back(time.get<double>() * (1.0 + noise));
    }
  }

  nlohmann::json json;

 private:
  RandomState stream_;
};

/// Two documents as `mlpbench compare` takes them from files.
inline ResultsFile read(const nlohmann::json& document) {
  const TemporaryFolder folder;
  return read_results(folder.write("results.json", document.dump()));
}

inline CompareResult compared(const nlohmann::json& base, const nlohmann::json& candidate,
                              const CompareOptions& options = {}) {
  return compare(read(base), read(candidate), options);
}

}  // namespace mlpbench::test
