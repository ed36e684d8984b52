#include "bench/studies/selected.h"

#include <algorithm>

namespace mlpbench {
namespace {

template <typename Value>
void add_once(Value value, std::vector<Value>& values) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
}

}  // namespace

DType Selected::study_dtype() const {
  const auto found = std::find(dtypes.begin(), dtypes.end(), DType::float32);
  return found == dtypes.end() ? DType::float64 : DType::float32;
}

Selected selected_by(const Comparison& comparison) {
  Selected selected;
  for (const CaseResult& row : comparison.cases) {
    add_once(row.what.experiment, selected.experiments);
    add_once(row.what.dtype, selected.dtypes);
    if (!row.what.trainer.empty()) add_once(std::string(row.what.trainer), selected.trainers);
    if (row.what.unusable_reason.empty()) add_once(row.what.backend, selected.backends);
  }
  const auto right = [&](const BackendEntry* backend) {
    return std::none_of(comparison.cases.begin(), comparison.cases.end(), [backend](const CaseResult& row) {
      return row.what.backend == backend && !row.wrong.empty();
    });
  };
  const auto first = std::find_if(selected.backends.begin(), selected.backends.end(), right);
  if (first != selected.backends.end()) selected.fastest = *first;
  return selected;
}

}  // namespace mlpbench
