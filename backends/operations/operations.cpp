#include <algorithm>
#include <stdexcept>

#include "backends/operations/operation.h"

namespace mlpbench {

// Each in a file of this folder.
Operation dense_forward(), weight_gradient(), input_delta(), accumulate(), output_delta();
std::vector<Operation> updates();
Operation exp_function(), log_function(), tanh_function(), sigmoid_function();

std::span<const Operation> operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> entries = {dense_forward(), weight_gradient(), input_delta()};
    for (Operation& update : updates()) entries.push_back(std::move(update));
    for (const auto& entry :
         {accumulate, output_delta, exp_function, log_function, tanh_function, sigmoid_function})
      entries.push_back(entry());
    return entries;
  }();
  return all;
}

const Operation& find_operation(std::string_view name) {
  for (const Operation& operation : operations()) {
    if (operation.name == name) return operation;
  }
  throw std::out_of_range(std::string(name));
}

std::size_t extent_of(Extent extent, const LayerShape& shape) {
  switch (extent) {
    case Extent::units:
      return shape.units;
    case Extent::inputs:
      return shape.inputs;
    case Extent::batch:
      return shape.batch;
    case Extent::two:
      return 2;
    case Extent::one:
      break;
  }
  return 1;
}

namespace {

double size_of(const Operand& operand, const CallSpec& spec) {
  return static_cast<double>(extent_of(operand.rows, spec.shape) * extent_of(operand.cols, spec.shape));
}

}  // namespace

bool Operation::by_columns() const {
  return std::all_of(operands.begin(), operands.end(),
                     [](const Operand& o) { return o.access == Access::read || o.cols == Extent::batch; });
}

bool Operation::uses(Extent extent) const {
  return std::any_of(operands.begin(), operands.end(),
                     [extent](const Operand& o) { return o.rows == extent || o.cols == extent; });
}

Work Operation::work(const CallSpec& spec, std::size_t element) const {
  double moved = 0.0;
  for (const Operand& operand : operands) {
    moved += size_of(operand, spec) * (operand.access == Access::read_write ? 2.0 : 1.0);
  }
  return {flop(spec.shape), moved * static_cast<double>(element)};
}

double Operation::footprint(const CallSpec& spec, std::size_t element) const {
  double touched = 0.0;
  for (const Operand& operand : operands) touched += size_of(operand, spec);
  return touched * static_cast<double>(element);
}

double Operation::elements(const CallSpec& spec) const {
  return size_of(*std::find_if(operands.begin(), operands.end(),
                               [](const Operand& o) { return o.access != Access::read; }),
                 spec);
}

std::string Operation::function_of(const CallSpec& spec) const {
  if (takes == Takes::activation) return std::string(to_string(spec.activation));
  if (takes == Takes::loss) return std::string(to_string(spec.loss.kind));
  return function.empty() ? "-" : std::string(function);
}

std::string Operation::shape_of(const CallSpec& spec) const {
  std::string text;
  for (const Extent extent : {Extent::units, Extent::inputs, Extent::batch}) {
    if (!uses(extent)) continue;
    text += (text.empty() ? "" : "x") + std::to_string(extent_of(extent, spec.shape));
  }
  return text;
}

}  // namespace mlpbench
