#include "tests/catch.h"
#include "tests/ops/conformance.h"
#include "tests/ops/wrong_backend.h"
#include "tests/support/backends.h"
#include "tests/support/skip.h"

namespace mlpbench::test {

TEMPLATE_TEST_CASE("a block of an operation has the bits of the whole", "", float, double) {
  std::size_t checked = 0;
  for_each_backend(kDTypeOf<TestType>, [&](const BackendEntry& entry) {
    if (!entry.block_invariant) return;
    ++checked;
    const std::vector<std::string> failures = block_failures(entry.get<TestType>());
    for (const std::string& failure : failures) UNSCOPED_INFO(failure);
    CHECK(failures.empty());
  });
  if (checked == 0) skip("none of the backends of this run promises it");
}

TEMPLATE_TEST_CASE("backends whose bits depend on the block are found", "", float, double) {
  using T = TestType;
  // A sum that begins with a small number rounds otherwise.
  const auto nudged = [](T value) { return value + value * std::numeric_limits<T>::epsilon(); };
  WrongBackend<T> forward, gradient, update, delta;
  forward.on_forward = [&](const Forward<T>& call) {
    right(call);
    if (call.A.cols < 32) call.A(0, 0) = nudged(call.A(0, 0));
  };
  delta.on_input_delta = [&](const InputDelta<T>& call) {
    right(call);
    if (call.dZ_prev.cols % 32 == 16) call.dZ_prev(0, 0) = nudged(call.dZ_prev(0, 0));
  };
  gradient.on_weight_gradient = [&](const WeightGradient<T>& call) {
    right(call);
    if (call.dW.rows > 4) call.dW(0, 0) = nudged(call.dW(0, 0));
  };
  update.on_update = [&](const Update<T>& call) {
    right(call);
    if (call.theta.size() == 17) call.theta[3] = nudged(call.theta[3]);
  };
  CHECK_FALSE(block_failures(forward).empty());
  CHECK_FALSE(block_failures(delta).empty());
  CHECK_FALSE(block_failures(gradient).empty());
  CHECK_FALSE(block_failures(update).empty());
  CHECK(block_failures(WrongBackend<T>()).empty());
}

}  // namespace mlpbench::test
