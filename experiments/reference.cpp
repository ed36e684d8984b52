#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <map>

#include "experiments/files.h"
#include "experiments/notebook.h"
#include "support/error.h"

namespace mlpbench {
namespace {

using Json = nlohmann::ordered_json;

Json read_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw UserError(path + ": cannot read the reference values");
  Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) throw UserError(path + ": is not a JSON object");
  return json;
}

/// max |a - b| / max(1, |b|); infinite for NaN and for lists of different lengths.
double largest_distance(const std::vector<double>& ours, const std::vector<double>& theirs) {
  double largest = ours.size() == theirs.size() ? 0.0 : std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
    const double distance = std::abs(ours[i] - theirs[i]) / std::max(1.0, std::abs(theirs[i]));
    largest = std::isnan(distance) ? std::numeric_limits<double>::infinity() : std::max(largest, distance);
  }
  return largest;
}

/// Adds the numbers of one key to a Deviation.
void compare(const ReferenceValue& ours, const std::vector<double>& theirs, Deviation& deviation) {
  const double distance = largest_distance(ours.values, theirs);
  deviation.numbers += ours.values.size();
  if (deviation.where.empty() || distance > deviation.largest) {
    deviation.largest = distance;
    deviation.where = ours.key;
  }
}

/// From the values in the file `own`, unless a key names another.
Deviation deviation_from_file(const Experiment& experiment, const RunResult& result, std::string_view own) {
  std::map<std::string, Json> files;
  Deviation deviation;
  for (const ReferenceValue& value : experiment.reference_values(result)) {
    const std::size_t colon = value.key.find(':');
    const std::string name = colon == std::string::npos ? std::string(own) : value.key.substr(0, colon);
    const auto [file, is_new] = files.try_emplace(name);
    if (is_new) file->second = read_json(reference_path(name + ".json"));

    const std::size_t key = colon == std::string::npos ? 0 : colon + 1;
    const Json::json_pointer pointer(std::string("/").append(value.key, key));
    const bool known = file->second.contains(pointer);
    compare(value, known ? flattened(file->second.at(pointer)) : std::vector<double>{}, deviation);
  }
  return deviation;
}

}  // namespace

Deviation deviation_from_reference(const Experiment& experiment, const RunResult& result) {
  const Deviation own = deviation_from_file(experiment, result, experiment.name);
  if (result.dtype == DType::float64 || experiment.float32_branch.empty()) return own;
  const Deviation other = deviation_from_file(experiment, result, experiment.float32_branch);
  return other.largest < own.largest ? other : own;
}

Deviation deviation_from_run(const Experiment& experiment, const RunResult& result,
                             const RunResult& reference) {
  std::map<std::string, std::vector<double>> theirs;
  for (ReferenceValue& value : experiment.reference_values(reference))
    theirs[value.key] = std::move(value.values);
  Deviation deviation;
  for (const ReferenceValue& value : experiment.reference_values(result)) {
    compare(value, theirs[value.key], deviation);
  }
  return deviation;
}

double reference_tolerance(DType dtype) noexcept { return dtype == DType::float64 ? 1e-12 : 2e-5; }

double naive_tolerance(DType dtype, const Deviation& rounding) noexcept {
  const double own_roundings = dtype == DType::float32 ? 4.0 : 0x4p-29;
  return std::max(reference_tolerance(dtype), own_roundings * rounding.largest);
}

std::string Parity::why_wrong() const {
  if (is_right()) return "";
  return fmt::format("{} is {:.1e} from {}'s, more than {:.0e}", deviation.where, deviation.largest, with,
                     tolerance);
}

Parity parity_of(const Experiment& experiment, const RunResult& result, const Settings& settings,
                 const NaiveRun& naive) {
  const DType dtype = result.dtype;
  if (has_reference(experiment, settings))
    return {"NumPy", "", deviation_from_reference(experiment, result), reference_tolerance(dtype)};
  const RunResult& exact = naive(DType::float64);
  const double tolerance =
      dtype == DType::float64 && experiment.has_numpy_program
          ? reference_tolerance(dtype)
          : naive_tolerance(dtype, deviation_from_run(experiment, naive(DType::float32), exact));
  return {"naive", "", deviation_from_run(experiment, result, exact), tolerance};
}

bool has_reference(const Experiment& experiment, const Settings& settings) {
  const Settings& defaults = experiment.defaults;
  if (!experiment.has_numpy_program) return false;
  return std::all_of(all_settings().begin(), all_settings().end(), [&](const Setting& setting) {
    return !setting.changes_numbers || !setting.applies(defaults) ||
           setting.value(settings) == setting.value(defaults);
  });
}

}  // namespace mlpbench
