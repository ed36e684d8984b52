#pragma once

#include <concepts>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "core/agree.h"
#include "core/backend.h"
#include "tests/ops/cases.h"
#include "tests/support/guarded_buffer.h"

// The parts of conformance_failures(), a file each.
namespace mlpbench::test {

/// The failures found so far. Checks stop when it is full.
class Findings {
 public:
  explicit Findings(std::size_t limit) : limit_(limit) {}

  bool full() const { return lines_.size() >= limit_; }
  std::vector<std::string> take() { return std::move(lines_); }

  /// Nothing when `problem` is empty. `where` is a Case, a Placement or text; it is only put in words for a
  /// failure.
  template <typename Where>
  void add(std::string_view operation, const Where& where, const std::string& problem) {
    if (problem.empty() || full()) return;
    std::string text;
    if constexpr (std::convertible_to<Where, std::string>) {
      text = where;
    } else {
      text = to_string(where);
    }
    lines_.push_back(std::string(operation) + " (" + text + "): " + problem);
  }

  /// Fails when one of `matrices` has been written to outside of its elements.
  template <typename Where, typename... Matrices>
  void intact(std::string_view operation, const Where& where, const Matrices&... matrices) {
    if (!(matrices.intact() && ...)) add(operation, where, "wrote outside of a matrix");
  }

 private:
  std::size_t limit_;
  std::vector<std::string> lines_;
};

/// "binary cross-entropy, log_epsilon 1e-08"
inline std::string to_string(const LossSpec& loss) {
  char epsilon[32];
  std::snprintf(epsilon, sizeof(epsilon), "%g", loss.log_epsilon);
  return std::string(to_string(loss.kind)) + ", log_epsilon " + epsilon;
}

/// Scratch for the operations of one layer, full of NaN.
template <typename T>
GuardedMatrix<T> scratch_for(const Backend<T>& backend, std::size_t inputs, std::size_t units,
                             std::size_t batch) {
  NetworkSpec network;
  network.inputs = inputs;
  network.layers = {{units, Activation::identity}};
  return {1, backend.scratch_size(network, batch), Placement{}};
}

/// One of the products on one layer and batch, whose operands are drawn from layer.seed.
template <typename T>
void check_dense_forward(Findings& findings, const Backend<T>& backend, const Case& layer);
template <typename T>
void check_weight_gradient(Findings& findings, const Backend<T>& backend, const Case& layer);
template <typename T>
void check_input_delta(Findings& findings, const Backend<T>& backend, const Case& layer);

/// All losses and activations of the last layer, and the update of the parameters.
template <typename T>
void check_output_delta(Findings& findings, const Backend<T>& backend);
template <typename T>
void check_update(Findings& findings, const Backend<T>& backend);
template <typename T>
void check_accumulate(Findings& findings, const Backend<T>& backend);

/// NaN, infinities, saturation and subnormal numbers.
template <typename T>
void check_special_values(Findings& findings, const Backend<T>& backend);

/// The same bits wherever the operands lie.
template <typename T>
void check_placements(Findings& findings, const Backend<T>& backend);

/// A step against the operations that it is made of, workspaces that are used again, threads.
template <typename T>
void check_step(Findings& findings, const Backend<T>& backend);

}  // namespace mlpbench::test
