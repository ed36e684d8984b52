// NaN, infinities, saturation and subnormal numbers.

#include <array>
#include <limits>

#include "tests/ops/checks.h"
#include "tests/ops/guarded_call.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

constexpr std::size_t kShapes[][3] = {{1, 1, 1},  {1, 3, 7},   {2, 2, 16},  {5, 4, 17},
                                      {8, 9, 33}, {17, 16, 9}, {33, 5, 66}, {4, 34, 5}};

/// `value` in one element of operand i. The others are small integers, in Data::sparse zeros among them: 0
/// times NaN or infinity must be NaN, not skipped. Whatever is finite is exact where integers are.
template <typename T>
void check_with(Findings& findings, const Backend<T>& backend, const Operation& operation, const Case& what,
                T value, std::size_t i) {
  GuardedCall<T> call(operation, what.spec, backend, what.data, what.placement, what.seed);
  const Expected<T> finite = call.expected(operation.exact(what.spec));
  const MatrixView<T> operand = call.views()[i];
  std::mt19937 random(what.seed);
  operand(random() % operand.rows, random() % operand.cols) = value;
  Expected<T> expected = call.expected(true);
  expected.tolerances = finite.tolerances;
  const double loss = call(backend);
  findings.add(
      operation.name,
      [&] {
        return std::string(operation.operands[i].name) + " with " + std::to_string(value) + ", " +
               to_string(operation, what);
      },
      call.check(expected, loss, true));
}

template <typename T>
void check_operation(Findings& findings, const Backend<T>& backend, const Operation& operation,
                     const Exceptions& exceptions) {
  constexpr T kInfinity = std::numeric_limits<T>::infinity();
  const Data data = exceptions.skips_zero_factors ? Data::integer : Data::sparse;
  std::uint32_t seed = 0;
  for (const auto& [units, inputs, batch] : kShapes) {
    for (std::size_t n = 0; n < operation.functions.size(); ++n) {
      // A cross-entropy has values for probabilities only: check_losses().
      if (operation.takes == Takes::loss && info(operation.functions[n].loss).of_classes) continue;
      for (const T value : {std::numeric_limits<T>::quiet_NaN(), kInfinity, -kInfinity}) {
        for (std::size_t i = 0; i < operation.operands.size(); ++i) {
          if (findings.full()) return;
          if (operation.operands[i].access == Access::write) continue;
          if (exceptions.relu_drops_nan && operation.functions[n].activation == Activation::relu) continue;
          const Placement& placement = all_placements()[seed % all_placements().size()];
          Case what{spec_of(operation, {units, inputs, batch}, n), placement, data, ++seed};
          what.spec.factor = 1.0;
          check_with(findings, backend, operation, what, value, i);
        }
      }
    }
  }
}

/// One output layer and batch whose values are given row by row, and the loss it must have.
template <typename T>
void check_loss_of(Findings& findings, const Backend<T>& backend, const LossSpec& loss, Activation activation,
                   std::span<const T> values, std::span<const T> targets) {
  // The same values in every lane of a vector, in a tail, and alone.
  for (const std::size_t batch : Sizes{1, 7, 16, 33}) {
    const std::size_t rows = values.size();
    const CallSpec spec{{rows, 1, batch}, activation, loss};
    GuardedCall<T> call(find_operation("output_delta"), spec, backend, Data::real, {}, 1);
    for (std::size_t k = 0; k < rows; ++k) {
      for (std::size_t n = 0; n < batch; ++n) {
        call.views()[0](k, n) = values[k], call.views()[1](k, n) = targets[(k + n) % rows];
      }
    }
    const Expected<T> expected = call.expected(false);
    const double actual = call(backend);
    findings.add("output_delta",
                 std::string(to_string(loss.kind)) + ", log_epsilon " + std::to_string(loss.log_epsilon) +
                     ", special values, batch " + std::to_string(batch),
                 call.check(expected, actual, true));
  }
}

template <typename T>
void check_losses(Findings& findings, const Backend<T>& backend) {
  constexpr T kNaN = std::numeric_limits<T>::quiet_NaN(), kInf = std::numeric_limits<T>::infinity();
  constexpr T kMin = std::numeric_limits<T>::min();
  const std::array<T, 10> saturated = {0, 1, 1, 0, kMin, kMin / 4, T(1e-8), 1 - T(1e-7), T(0.5), T(1e-20)};
  const std::array<T, 10> targets = {0, 1, 0, 1, 1, 1, 0, 1, T(0.25), 1};
  const std::array<T, 3> broken = {T(0.25), kNaN, T(0.5)}, infinite = {T(0.25), kInf, T(0.5)},
                         one = {0, 1, 0};
  for (const Functions& functions : find_operation("output_delta").functions) {
    if (!info(functions.loss).of_classes) {
      const LossSpec squared = {functions.loss, 0.0};
      check_loss_of<T>(findings, backend, squared, functions.activation, broken, one);
      check_loss_of<T>(findings, backend, squared, functions.activation, infinite, one);
      continue;
    }
    for (const double epsilon : {0.0, 1e-8}) {
      const LossSpec loss = {functions.loss, epsilon};
      for (const std::size_t rows : Sizes{1, 2, 4, 10}) {
        check_loss_of<T>(findings, backend, loss, functions.activation, std::span(saturated).first(rows),
                         std::span(targets).first(rows));
      }
      check_loss_of<T>(findings, backend, loss, functions.activation, broken, one);
    }
  }
}

/// Pre-activations far beyond where the functions saturate, and those that flushing to zero would lose.
template <typename T>
void check_extreme_inputs(Findings& findings, const Backend<T>& backend) {
  constexpr T kMax = std::numeric_limits<T>::max(), kTiny = std::numeric_limits<T>::denorm_min();
  constexpr T kMin = std::numeric_limits<T>::min();
  const std::array<T, 16> inputs = {T(1000), T(-1000), T(88.5),  T(-88.5), T(709.5), T(-709.5),
                                    kMax,    -kMax,    T(1e30),  T(-1e30), kMin / 2, -kMin,
                                    kTiny,   -kTiny,   T(1e-20), T(0)};
  const Operation& operation = find_operation("dense_forward");
  for (const auto& [activation, loss] : operation.functions) {
    const std::size_t units = info(activation).last_layer_only ? 3 : 1;
    for (const std::size_t batch : {std::size_t{3}, inputs.size(), 2 * inputs.size() + 5}) {
      const CallSpec spec{{units, 1, batch}, activation};
      GuardedCall<T> call(operation, spec, backend, Data::real, {}, 1);
      const auto W = call.views()[0], b = call.views()[1], X = call.views()[2];
      for (std::size_t u = 0; u < units; ++u)
        W(u, 0) = u == 0 ? T{1} : T(0.5) / static_cast<T>(u), b(0, u) = 0;
      for (std::size_t n = 0; n < batch; ++n) X(0, n) = inputs[(n + batch) % inputs.size()];
      Expected<T> expected = call.expected(true);
      // The functions that change nothing must keep the subnormal numbers; the others round values up to 1.
      if (!operation.exact(spec)) expected.tolerances.back() = {1, 1.0};
      findings.add("dense_forward", "extreme inputs, " + std::string(to_string(activation)),
                   call.check(expected, call(backend), true));
    }
  }
}

}  // namespace

template <typename T>
void check_special_values(Findings& findings, const Backend<T>& backend, const Exceptions& exceptions) {
  for (const Operation& operation : operations()) {
    if (operation.offered_by(backend)) check_operation(findings, backend, operation, exceptions);
  }
  check_losses(findings, backend);
  check_extreme_inputs(findings, backend);
}

template void check_special_values(Findings&, const Backend<float>&, const Exceptions&);
template void check_special_values(Findings&, const Backend<double>&, const Exceptions&);

}  // namespace mlpbench::test
