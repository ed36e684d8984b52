#include <algorithm>
#include <cstring>

#include "tests/catch.h"
#include "tests/experiments/runs.h"
#include "tests/support/skip.h"

using namespace mlpbench;

namespace {

/// Backends of one family that this machine can run, the first of them apart.
std::vector<std::pair<const BackendEntry*, const BackendEntry*>> pairs_of_one_family() {
  std::vector<std::pair<const BackendEntry*, const BackendEntry*>> pairs;
  const std::vector<const BackendEntry*> usable = usable_backends();
  for (std::size_t i = 0; i < usable.size(); ++i) {
    for (std::size_t j = i + 1; j < usable.size(); ++j) {
      const std::string_view family = usable[i]->rounding_family;
      if (!family.empty() && family == usable[j]->rounding_family) pairs.emplace_back(usable[i], usable[j]);
    }
  }
  return pairs;
}

bool bitwise_equal(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

}  // namespace

TEST_CASE("backends of one family train to the same bits") {
  const auto pairs = pairs_of_one_family();
  if (pairs.empty()) test::skip("this machine runs at most one backend of each family");
  for (const auto& [first, second] : pairs) {
    for (const Experiment& experiment : all_experiments()) {
      for (const DType dtype : {DType::float32, DType::float64}) {
        INFO(experiment.name << " " << to_string(dtype) << ": " << first->name << " and " << second->name);
        Settings settings = experiment.defaults;
        settings.epochs = std::min<std::size_t>(settings.epochs, 20);
        const test::Run a = test::run(experiment, settings, *first, dtype);
        const test::Run b = test::run(experiment, settings, *second, dtype);
        CHECK(bitwise_equal(a.result.trace.loss_per_epoch, b.result.trace.loss_per_epoch));
        CHECK(bitwise_equal(std::as_const(a.result.parameters).all(),
                            std::as_const(b.result.parameters).all()));
      }
    }
  }
}

TEST_CASE("backends of one family agree on wide networks too") {
  const Experiment& digits = find_experiment("digits");
  Settings settings = digits.defaults;
  settings.epochs = 1;
  settings.hidden = {130, 70};
  settings.batch_size = 700;
  for (const auto& [first, second] : pairs_of_one_family()) {
    for (const DType dtype : {DType::float32, DType::float64}) {
      INFO(to_string(dtype) << ": " << first->name << " and " << second->name);
      const test::Run a = test::run(digits, settings, *first, dtype);
      const test::Run b = test::run(digits, settings, *second, dtype);
      CHECK(
          bitwise_equal(std::as_const(a.result.parameters).all(), std::as_const(b.result.parameters).all()));
    }
  }
}
