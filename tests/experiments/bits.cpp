// The bits of a list of trainings. Every SIMD backend of every architecture must leave the same ones: the
// program of one architecture writes them, that of another compares (scripts/test-aarch64). No line of ctest
// names this file.

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>

#include "experiments/synthetic.h"
#include "support/digest.h"
#include "tests/catch.h"
#include "tests/experiments/runs.h"
#include "tests/support/backends.h"

namespace mlpbench::test {
namespace {

/// The lines of a file: what was computed, the hash of what it began with, and that of what it left.
class Bits {
 public:
  explicit Bits(const char* path) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      const std::size_t second = line.rfind(' '), first = line.rfind(' ', second - 1);
      all_[line.substr(0, first)] = {line.substr(first + 1, second - first - 1), line.substr(second + 1)};
    }
  }

  void check(const std::string& what, const std::string& begun, const std::string& left) {
    const auto found = all_.find(what);
    INFO(what);
    REQUIRE(found != all_.end());
    CHECK(found->second.first == begun);
    CHECK(found->second.second == left);
    ++checked_;
  }

  bool are_all_checked() const { return checked_ == all_.size(); }

 private:
  std::map<std::string, std::pair<std::string, std::string>> all_;
  std::size_t checked_ = 0;
};

/// Data, and weights, of a training: what a mathematical library of the system has a part in.
std::string begun_with(const Problem& problem) {
  return sha256_of(problem.train, problem.test).substr(0, 16) +
         sha256_of_numbers(problem.initial.all()).substr(0, 16);
}

/// Weights and losses.
std::string left_by(const RunResult& result) {
  return sha256_of_numbers(result.parameters.all()).substr(0, 16) +
         sha256_of_numbers(result.trace.loss_per_epoch).substr(0, 16);
}

struct Training {
  std::string name;
  const Experiment* experiment;
  std::vector<std::pair<const char*, const char*>> options;
};

Experiment shape(const char* name, std::size_t inputs, std::initializer_list<std::size_t> hidden,
                 std::size_t outputs) {
  Experiment experiment;
  experiment.name = name;
  experiment.defaults.epochs = 2;
  experiment.defaults.batch_size = 48;
  experiment.defaults.learning_rate = 0.1;
  experiment.defaults.trainer = "mini-batch";
  experiment.has_numpy_program = false;
  experiment.build = [network = relu_network(inputs, hidden, outputs)](const Settings&) {
    return made_up_problem(network, 400, 100);
  };
  return experiment;
}

/// Every experiment as it is. Two shapes with tails in every size, and experiments of batches, by the serial
/// trainer, sync and local SGD. Every activation and every optimiser.
std::vector<Training> trainings() {
  static const Experiment shapes[] = {shape("64-257-131-10", 64, {257, 131}, 10),
                                      shape("28-100-50-1", 28, {100, 50}, 1)};
  std::vector<Training> all;
  for (const Experiment& experiment : all_experiments()) all.push_back({"own", &experiment, {}});
  std::vector<const Experiment*> of_batches = {&shapes[0], &shapes[1], &find_experiment("moons")};
  for (const Experiment* experiment : of_batches) {
    for (const char* trainer : {"mini-batch", "sync", "local-sgd"}) {
      all.push_back({trainer,
                     experiment,
                     {{"--trainer", trainer}, {"--epochs", "2"}, {"--threads", "2"}, {"--workers", "3"}}});
    }
  }
  for (const Activation activation : hidden_activations()) {
    const char* const name = to_string(activation).data();
    all.push_back({std::string("activation ") + name,
                   &find_experiment("moons"),
                   {{"--activation", name}, {"--epochs", "2"}}});
  }
  for (const char* optimiser : {"momentum", "nesterov", "adam", "adamw"}) {
    all.push_back({std::string("optimiser ") + optimiser,
                   &find_experiment("digits"),
                   {{"--optimiser", optimiser}, {"--epochs", "2"}}});
  }
  return all;
}

template <typename Check>
void for_each_training(const BackendEntry& backend, Check check) {
  for (const Training& training : trainings()) {
    Settings settings = training.experiment->defaults;
    for (const auto& [option, text] : training.options) find_setting(option).read(option, text, settings);
    settings.subnormals = Subnormals::keep;
    settings.force_parallel = training.name == "sync";
    for (const DType dtype : {DType::float32, DType::float64}) {
      const Run run = test::run(*training.experiment, settings, backend, dtype);
      check(training.experiment->name + " " + training.name + " " + std::string(to_string(dtype)),
            begun_with(run.problem), left_by(run.result));
    }
  }
}

/// y = act(x) for x of every sign and exponent, subnormal numbers, infinities and NaN among them.
template <typename T, typename Check>
void for_each_activation(const BackendEntry& entry, Check check) {
  using Number = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr std::size_t kSize = (std::size_t{1} << 18) + 11;
  constexpr int kFree = static_cast<int>(8 * sizeof(T)) - 18;
  const Backend<T>& backend = entry.get<T>();
  AlignedBuffer<T> x(kSize), y(kSize);
  for (std::size_t n = 0; n < kSize; ++n) {
    const Number mixed = static_cast<Number>(n * 0x9e3779b97f4a7c15U) >> (8 * sizeof(T) - kFree);
    x.data()[n] = std::bit_cast<T>(static_cast<Number>(static_cast<Number>(n) << kFree | mixed));
  }
  for (const Activation activation : hidden_activations()) {
    NetworkSpec network;
    network.inputs = 1;
    network.layers = {{1, activation}};
    AlignedBuffer<T> scratch(backend.scratch_size(network, kSize));
    const T one = 1, zero = 0;
    backend.dense_forward({&one, 1, 1, 1}, {&zero, 1}, {x.data(), 1, kSize, kSize}, activation,
                          {y.data(), 1, kSize, kSize}, scratch.span());
    const std::vector<double> of_x(x.data(), x.data() + kSize), of_y(y.data(), y.data() + kSize);
    check("function " + std::string(to_string(activation)) + " " + std::string(to_string(kDTypeOf<T>)),
          sha256_of_numbers(of_x), sha256_of_numbers(of_y));
  }
}

template <typename Check>
void for_all_bits(Check check) {
  for_each_backend([&](const BackendEntry& entry) {
    if (entry.rounding_family != "simd") return;
    for_each_activation<float>(entry, check);
    for_each_activation<double>(entry, check);
    for_each_training(entry, check);
  });
}

}  // namespace

TEST_CASE("the bits of all trainings are those of another architecture", "[bits]") {
  if (const char* const written = std::getenv("MLPBENCH_WRITE_BITS"); written != nullptr) {
    std::ofstream file(written);
    for_all_bits([&](const std::string& what, const std::string& begun, const std::string& left) {
      file << what << ' ' << begun << ' ' << left << '\n';
    });
    REQUIRE(file.flush());
    return;
  }
  const char* const read = std::getenv("MLPBENCH_BITS");
  REQUIRE(read != nullptr);
  Bits bits(read);
  for_all_bits([&](const auto&... hashes) { bits.check(hashes...); });
  CHECK(bits.are_all_checked());
}

}  // namespace mlpbench::test
