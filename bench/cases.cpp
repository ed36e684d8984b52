#include "bench/cases.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/error.h"

namespace mlpbench {
namespace {

/// Throws UserError when a name of `wanted` is none of `known`.
void require_known(std::string_view option, const std::vector<std::string>& wanted,
                   const std::vector<std::string>& known) {
  for (const std::string& name : wanted) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw UserError(fmt::format("{}: '{}' is none of {}", option, name, fmt::join(known, ", ")));
    }
  }
}

bool selected(const std::vector<std::string>& wanted, std::string_view name) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end();
}

}  // namespace

std::string Case::name() const {
  return fmt::format("{}/{}/{}", experiment->name, backend->name, to_string(dtype));
}

std::vector<Case> select_cases(const Selection& selection) {
  constexpr std::array kDTypes = {DType::float64, DType::float32};
  std::vector<std::string> experiments, backends, dtypes;
  for (const Experiment& experiment : all_experiments()) experiments.emplace_back(experiment.name);
  for (const BackendEntry& backend : all_backends()) backends.emplace_back(backend.name);
  for (DType dtype : kDTypes) dtypes.emplace_back(to_string(dtype));
  require_known("--experiment", selection.experiments, experiments);
  require_known("--backend", selection.backends, backends);
  require_known("--dtype", selection.dtypes, dtypes);

  std::vector<Case> cases;
  for (const Experiment& experiment : all_experiments()) {
    if (!selected(selection.experiments, experiment.name)) continue;
    for (DType dtype : kDTypes) {
      if (!selected(selection.dtypes, to_string(dtype))) continue;
      for (const BackendEntry& backend : all_backends()) {
        if (!selected(selection.backends, backend.name)) continue;
        cases.push_back({&experiment, &backend, dtype, unusable_reason(backend)});
      }
    }
  }
  return cases;
}

}  // namespace mlpbench
