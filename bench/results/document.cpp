#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <tuple>

#include "bench/results/speeds.h"
#include "support/json_fields.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kLargestGrid = 400;
constexpr double kRounding = 1e-9;

std::size_t place_in(const std::vector<std::string>& names, std::string_view name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

void require_times(const std::vector<double>& times, const JsonPath& path) {
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (!(times[i] > 0.0 && std::isfinite(times[i]))) JsonPath{&path, {}, i}.refuse("is no time");
  }
}

void require_length(std::size_t length, std::size_t wanted, const JsonPath& path) {
  if (length == wanted) return;
  path.refuse("has " + std::to_string(length) + " entries instead of " + std::to_string(wanted));
}

/// `mlpbench run` writes a summary beside the times: where the two disagree, somebody has changed one of
/// them.
void require_own_summary(const ReportCase& row, const JsonPath& path) {
  const Summary summary = summarize(row.epoch_seconds);
  for (const auto& [key, stated, value] : {std::tuple{"lowest", row.seconds.lowest, summary.lowest},
                                           {"median", row.seconds.median, summary.median},
                                           {"highest", row.seconds.highest, summary.highest}}) {
    if (std::abs(stated - value) > kRounding * value) {
      JsonPath{&path, key}.refuse("was changed by hand: the times have another");
    }
  }
}

void check_case(ReportCase& row, const JsonPath& path) {
  if (!row.unavailable.empty()) {
    // Nobody has checked the times of a case that could not run.
    row.epoch_seconds.clear(), row.part_seconds = {}, row.seconds = {}, row.speed.reset();
    return;
  }
  if (row.wrong.empty() && !row.recorded) JsonPath{&path, "record"}.refuse("is missing");
  require_times(row.epoch_seconds, {&path, "epoch_seconds"});
  const JsonPath parts{&path, "part_seconds"};
  for (std::size_t p = 0; p < 2; ++p) {
    const JsonPath part{&parts, {}, p};
    require_times(row.part_seconds[p], part);
    if (p == 1 || !row.part_seconds[p].empty()) {
      require_length(row.part_seconds[p].size(),
                     p == 1 ? row.part_seconds[0].size() : row.epoch_seconds.size(), part);
    }
  }
  if (row.timed()) require_own_summary(row, {&path, "seconds"});
}

void check_curve(CurveFact& curve, const JsonPath& path) {
  require_length(curve.seconds_per_epoch.size(), curve.seeds.size(), {&path, "seconds_per_epoch"});
  const JsonPath losses{&path, "loss"};
  require_length(curve.loss.size(), curve.seeds.size(), losses);
  for (std::size_t i = 0; i < curve.loss.size(); ++i) {
    // Of a seed that diverged the file has null.
    if (curve.loss[i].empty()) curve.loss[i].assign(curve.epoch.size(), kUnknown);
    require_length(curve.loss[i].size(), curve.epoch.size(), {&losses, {}, i});
  }
}

void check_boundary(const BoundaryFact& plane, const JsonPath& path) {
  if (plane.grid > kLargestGrid) JsonPath{&path, "grid"}.refuse("is above " + std::to_string(kLargestGrid));
  const std::size_t points = plane.grid * plane.grid;
  const JsonPath fastest{&path, "fastest"};
  for (const auto& [map, place] : {std::pair{&plane.naive, JsonPath{&path, "naive"}},
                                   {&plane.fastest.probabilities, JsonPath{&fastest, "probabilities"}},
                                   {&plane.difference, JsonPath{&path, "difference"}}}) {
    if (!map->empty()) require_length(map->size(), points, place);
  }
}

template <typename List, typename Check>
void check_each(List& list, const char* key, const JsonPath& root, Check check) {
  const JsonPath path{&root, key};
  for (std::size_t i = 0; i < list.size(); ++i) check(list[i], JsonPath{&path, {}, i});
}

/// What a list is sorted by: the suite's order of each name, then the name.
using SortKey = std::tuple<std::vector<std::pair<std::size_t, std::string>>, double, double, bool>;

template <typename Fact>
SortKey sort_key(const Fact& fact, const SuiteFacts& suite) {
  SortKey key;
  auto& [names, threads, ranks, last] = key;
  if constexpr (requires { fact.experiment; }) {
    names.emplace_back(suite.place_of_experiment(fact.experiment), fact.experiment);
  }
  if constexpr (requires { fact.is_base(); }) names.emplace_back(0, fact.name);
  if constexpr (requires { fact.operation; }) {
    for (const std::string* name : {&fact.operation, &fact.function, &fact.shape})
      names.emplace_back(0, *name);
  } else if constexpr (requires { fact.level; }) {
    names.emplace_back(0, fact.level);  // L1, L2, L3, memory
  }
  if constexpr (requires { fact.trainer; }) {
    names.emplace_back(suite.place_of_trainer(fact.trainer), fact.trainer);
  }
  if constexpr (requires { fact.dtype; }) names.emplace_back(place_of_dtype(fact.dtype), fact.dtype);
  if constexpr (requires { fact.backend; }) {
    names.emplace_back(suite.place_of_backend(fact.backend), fact.backend);
  }
  if constexpr (requires { fact.isa; }) names.emplace_back(0, fact.isa);
  if constexpr (requires { fact.threads; }) threads = static_cast<double>(fact.threads);
  if (std::isnan(threads)) threads = 0.0;
  if constexpr (requires { fact.ranks; }) ranks = static_cast<double>(fact.ranks);
  if constexpr (requires { fact.obeys_threshold; }) last = fact.obeys_threshold;
  return key;
}

template <typename Fact>
void sort_list(std::vector<Fact>& list, const SuiteFacts& suite) {
  std::stable_sort(list.begin(), list.end(), [&suite](const Fact& a, const Fact& b) {
    return sort_key(a, suite) < sort_key(b, suite);
  });
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (place_in(names, name) == names.size()) names.push_back(name);
}

/// A file that is older than the list of names has them in the order of its cases.
void complete_suite(Document& document) {
  SuiteFacts& suite = document.suite;
  if (!suite.experiments.empty() || !suite.backends.empty()) return;
  for (const ReportCase& row : document.cases) {
    add_once(suite.experiments, row.experiment);
    add_once(suite.trainers, row.trainer);
    add_once(suite.backends, row.backend);
  }
}

void check(Document& document) {
  const JsonPath root;
  check_each(document.cases, "cases", root, check_case);
  check_each(document.curves, "curves", root, check_curve);
  check_each(document.boundaries, "boundaries", root, check_boundary);
  check_each(document.optimisers, "optimisers", root, [](OptimiserFact& row, const JsonPath& path) {
    check_curve(row.curve, {&path, "curve"});
  });
  std::set<std::string> names;
  check_each(document.cases, "cases", root, [&names](const ReportCase& row, const JsonPath& path) {
    if (!names.insert(row.name).second) JsonPath{&path, "name"}.refuse(row.name + " is there twice");
  });
}

void sort_lists(Document& document) {
  const SuiteFacts& suite = document.suite;
  sort_list(document.cases, suite);
  sort_list(document.curves, suite);
  sort_list(document.time_to_accuracy, suite);
  sort_list(document.scaling, suite);
  sort_list(document.crossover, suite);
  sort_list(document.determinism, suite);
  sort_list(document.boundaries, suite);
  sort_list(document.optimisers, suite);
  if (!document.roofline) return;
  sort_list(document.roofline->bandwidths, suite);
  sort_list(document.roofline->peaks, suite);
  sort_list(document.roofline->points, suite);
}

/// A file of version 2 with the names of version 3. Its speeds, which were called otherwise, are computed
/// again.
ordered_json with_names_of_today(ordered_json json) {
  const auto scaling = json.find("scaling");
  if (scaling == json.end() || !scaling->is_array()) return json;
  for (ordered_json& row : *scaling) {
    if (row.is_object() && row.contains("cut_over")) row["obeys_threshold"] = row["cut_over"];
  }
  return json;
}

/// What else the suite, or Google Benchmark, writes as JSON; empty for none of it.
std::string other_kind(const ordered_json& json) {
  const ordered_json& first = json.is_array() && !json.empty() ? json.front() : json;
  if (!first.is_object()) return "";
  if (first.contains("loss_per_epoch") || (first.contains("experiment") && first.contains("backend"))) {
    return "the record of a single program (--json)";
  }
  if (first.contains("verdict")) return "the verdict of `mlpbench compare`";
  return first.contains("benchmarks") ? "Google Benchmark's" : "";
}

}  // namespace

std::vector<std::size_t> curve_points(std::size_t epochs, std::size_t most) {
  std::vector<std::size_t> points;
  if (epochs == 0) return points;
  points.push_back(1);
  for (std::size_t left = std::min(epochs, most) - 1; left > 0; --left) {
    const double last = static_cast<double>(points.back());
    const double ratio = std::pow(static_cast<double>(epochs) / last, 1.0 / static_cast<double>(left));
    points.push_back(std::max(points.back() + 1, static_cast<std::size_t>(std::lround(last * ratio))));
  }
  return points;
}

const RecordFacts& ReportCase::record() const noexcept {
  static const RecordFacts kNone;
  return recorded ? *recorded : kNone;
}

std::size_t SuiteFacts::place_of_experiment(std::string_view name) const {
  return place_in(experiments, name);
}

std::size_t SuiteFacts::place_of_backend(std::string_view name) const { return place_in(backends, name); }

std::size_t SuiteFacts::place_of_trainer(std::string_view name) const {
  const auto found = std::find_if(trainers.begin(), trainers.end(), [name](const std::string& known) {
    return name.starts_with(known) && (name.size() == known.size() || name[known.size()] == '-');
  });
  return static_cast<std::size_t>(found - trainers.begin());
}

std::size_t place_of_dtype(std::string_view name) {
  static const std::vector<std::string> kNames = {"float64", "float32"};
  return place_in(kNames, name);
}

UserError results_error(const std::string& path, const std::string& what) {
  return UserError(printable_path(path) + ": " + printable(what, 300));
}

Document document_of(const ordered_json& json, const std::string& path) {
  if (const std::string kind = other_kind(json); !kind.empty()) {
    throw results_error(path, "is " + kind + ", not a result of `mlpbench run`");
  }
  const auto version = json.is_object() ? json.find("schema_version") : json.end();
  if (version == json.end()) throw results_error(path, "is not a result of `mlpbench run`");
  const bool is_older = *version == kOldestResultsSchemaVersion;
  if (*version != kResultsSchemaVersion && !is_older) {
    throw results_error(path, "has schema version " + version->dump() + ", and this mlpbench reads " +
                                  std::to_string(kOldestResultsSchemaVersion) + " and " +
                                  std::to_string(kResultsSchemaVersion));
  }
  Document document;
  document.path = path;
  JsonReader reader;
  try {
    reader.read(is_older ? with_names_of_today(json) : json, document, JsonPath());
    check(document);
  } catch (const FieldError& error) {
    throw results_error(path, error.what());
  }
  document.not_stated = reader.not_stated();
  complete_suite(document);
  sort_lists(document);
  document.schema_version = kResultsSchemaVersion;
  if (is_older) set_speeds("", "", document);
  return document;
}

// What writes results includes no JSON library's templates for it.
template ordered_json json_of(const Document&);
template ordered_json json_of(const MachineFacts&);
template ordered_json json_of(const MeasurementFacts&);
template ordered_json json_of(const BuildFacts&);
template ordered_json json_of(const MethodFacts&);
template ordered_json json_of(const SelectionFacts&);
template ordered_json json_of(const RecordFacts&);

}  // namespace mlpbench
