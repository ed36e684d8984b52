#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "backends/operations/operands.h"
#include "bench/operations/suite.h"
#include "support/memory.h"
#include "support/option_values.h"

namespace mlpbench {
namespace {

/// Without blanks and hyphens, which a filter would have to quote.
std::string word(std::string function) {
  if (function.size() > 1)
    std::replace_if(
        function.begin(), function.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return function;
}

template <typename T>
void add_rows(Suite& suite, const BackendEntry& entry, const Operation& operation,
              const std::vector<TimedCall>& calls) {
  const bool usable = unusable_reason(entry, kDTypeOf<T>).empty();
  if (usable ? !operation.offered_by(entry.get<T>()) : operation.offered.has_value()) return;
  for (const TimedCall& call : calls) {
    const CallSpec& spec = call.spec;
    suite.add({.name = fmt::format("{}/{}/{}", operation.name, word(operation.function_of(spec)),
                                   operation.shape_of(spec)),
               .backend = &entry,
               .dtype = kDTypeOf<T>,
               .work = operation.work(spec, sizeof(T)),
               .footprint = operation.footprint(spec, sizeof(T)),
               .elements = operation.elements(spec)},
              [&operation, spec, &entry] { return OperationRun<T>(operation, spec, entry.get<T>()); });
  }
}

}  // namespace

void add_operation_rows(Suite& suite, std::span<const BackendEntry> backends) {
  for (const BackendEntry& entry : backends) {
    for (const Operation& operation : operations()) {
      add_rows<float>(suite, entry, operation, operation.timed);
      add_rows<double>(suite, entry, operation, operation.timed);
    }
  }
}

void add_product_rows(Suite& suite, std::span<const BackendEntry> backends,
                      const std::vector<std::string>& shapes) {
  std::vector<LayerShape> read;
  for (const std::string& text : shapes) {
    const std::vector<std::size_t> sizes = parse_shape("--shape", text);
    const double units = static_cast<double>(sizes[0]), inputs = static_cast<double>(sizes[1]),
                 batch = static_cast<double>(sizes[2]);
    // The operands, and those of the check.
    require_memory("--shape", text, 2.0 * sizeof(double) * (units * inputs + (inputs + 2.0 * units) * batch));
    const auto same = [&](const LayerShape& other) {
      return std::tie(other.units, other.inputs, other.batch) == std::tie(sizes[0], sizes[1], sizes[2]);
    };
    if (std::none_of(read.begin(), read.end(), same)) read.push_back({sizes[0], sizes[1], sizes[2]});
  }
  for (const BackendEntry& entry : backends) {
    for (const Operation& operation : operations()) {
      if (!operation.uses(Extent::units) || !operation.uses(Extent::inputs) || !operation.uses(Extent::batch))
        continue;
      std::vector<TimedCall> calls;
      for (const LayerShape& shape : read) {
        for (const Functions& functions : operation.functions) {
          calls.push_back({CallSpec{shape, functions.activation, {functions.loss}}});
        }
      }
      add_rows<float>(suite, entry, operation, calls);
      add_rows<double>(suite, entry, operation, calls);
    }
  }
}

}  // namespace mlpbench
