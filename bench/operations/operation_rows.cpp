#include <fmt/format.h>

#include <algorithm>

#include "backends/operations/operands.h"
#include "bench/operations/suite.h"

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
void add_rows(Suite& suite, const BackendEntry& entry, const Operation& operation) {
  const bool usable = unusable_reason(entry, kDTypeOf<T>).empty();
  if (usable ? !operation.offered_by(entry.get<T>()) : operation.offered.has_value()) return;
  for (const TimedCall& call : operation.timed) {
    const CallSpec& spec = call.spec;
    suite.add({.name = fmt::format("{}/{}/{}", operation.name, word(operation.function_of(spec)),
                                   operation.shape_of(spec)),
               .backend = &entry,
               .dtype = kDTypeOf<T>,
               .work = operation.work(spec, sizeof(T)),
               .footprint = operation.footprint(spec, sizeof(T)),
               .elements = operation.elements(spec)},
              [&operation, &spec, &entry] { return OperationRun<T>(operation, spec, entry.get<T>()); });
  }
}

}  // namespace

void add_operation_rows(Suite& suite, std::span<const BackendEntry> backends) {
  for (const BackendEntry& entry : backends) {
    for (const Operation& operation : operations()) {
      add_rows<float>(suite, entry, operation);
      add_rows<double>(suite, entry, operation);
    }
  }
}

}  // namespace mlpbench
