#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "backends/registry.h"
#include "tests/ops/cases.h"

// The parts of conformance_failures(), a file each.
namespace mlpbench::test {

/// The failures found so far. Checks stop when it is full.
class Findings {
 public:
  explicit Findings(std::size_t limit) : limit_(limit) {}

  bool full() const { return lines_.size() >= limit_; }
  std::vector<std::string> take() { return std::move(lines_); }

  /// Nothing when `problem` is empty. `where` is text or returns it; it is only put in words for a failure.
  template <typename Where>
  void add(std::string_view operation, const Where& where, const std::string& problem) {
    if (problem.empty() || full()) return;
    std::string text;
    if constexpr (std::convertible_to<Where, std::string>) {
      text = where;
    } else {
      text = where();
    }
    lines_.push_back(std::string(operation) + " (" + text + "): " + problem);
  }

 private:
  std::size_t limit_;
  std::vector<std::string> lines_;
};

/// Every operation of the table: on all its cases against the reference, in the bounds of its matrices, in
/// place where the contract allows it.
template <typename T>
void check_operations(Findings& findings, const Backend<T>& backend);

/// NaN, infinities, saturation and subnormal numbers.
template <typename T>
void check_special_values(Findings& findings, const Backend<T>& backend, const Exceptions& exceptions);

/// The same values wherever the operands lie.
template <typename T>
void check_placements(Findings& findings, const Backend<T>& backend);

/// A step against the operations that it is made of, workspaces that are used again, threads.
template <typename T>
void check_step(Findings& findings, const Backend<T>& backend, const Exceptions& exceptions);

}  // namespace mlpbench::test
