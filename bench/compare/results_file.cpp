#include "bench/compare/results_file.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/data/csv.h"
#include "core/data/input_file.h"
#include "experiments/cli/record.h"

namespace mlpbench {
namespace {

using nlohmann::json;

constexpr int kDeepest = 64;

struct TooDeep {};

json parse(InputFile& file) {
  if (file.size() > kMaxResultsBytes) {
    throw file.error("has " + std::to_string(file.size()) + " bytes, more than 64 MiB");
  }
  std::string text(file.size(), '\0');
  file.read(std::as_writable_bytes(std::span(text)));
  const auto shallow = [](int depth, json::parse_event_t, json&) {
    if (depth > kDeepest) throw TooDeep{};
    return true;
  };
  try {
    return json::parse(text, shallow);
  } catch (const TooDeep&) {
    throw file.error("is nested deeper than " + std::to_string(kDeepest));
  } catch (const json::parse_error& error) {
    throw file.error("is no JSON, or not all of it, from byte " + std::to_string(error.byte));
  }
}

/// "-" for null: a backend without BLAS has no core of it.
std::string as_text(const json& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string text_or_empty(const json& entry, const char* key) {
  return entry.contains(key) && !entry.at(key).is_null() ? entry.at(key).get<std::string>() : "";
}

std::optional<double> number_or_none(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

void read_record(const json& record, MeasuredCase& measured) {
  measured.accuracy = number_or_none(record.at("test_accuracy"));
  measured.mse = number_or_none(record.at("test_mse"));
  measured.test_rows = record.at("dataset").at("test_rows").get<double>();
  measured.float32 = record.at("dtype").get<std::string>() == "float32";
  for (const auto& [key, what] :
       std::initializer_list<std::pair<const char*, const char*>>{{"isa", "instruction set"},
                                                                  {"blas_core", "BLAS core"},
                                                                  {"trainer", "trainer"},
                                                                  {"threads", "threads"},
                                                                  {"layers", "network"},
                                                                  {"activations", "activations"},
                                                                  {"epochs", "epochs"},
                                                                  {"batch_size", "batch size"},
                                                                  {"learning_rate", "learning rate"},
                                                                  {"seed", "seed"},
                                                                  {"split_seed", "split seed"},
                                                                  {"dataset", "data"}}) {
    measured.identity.emplace_back(what, as_text(record.at(key)));
  }
  const json& build = record.at("build");
  measured.identity.emplace_back("flags", as_text(build.at("backend_flags")));
}

MeasuredCase read_case(const json& entry) {
  MeasuredCase measured;
  measured.name = entry.at("name").get<std::string>();
  measured.unavailable = text_or_empty(entry, "unavailable");
  if (!measured.unavailable.empty()) return measured;
  measured.wrong = text_or_empty(entry, "wrong");
  measured.epoch_seconds = entry.at("epoch_seconds").get<std::vector<double>>();
  for (const double seconds : measured.epoch_seconds) {
    if (!(seconds > 0.0 && std::isfinite(seconds))) throw std::domain_error(measured.name);
  }
  const json noise = entry.contains("noise_floor") ? entry.at("noise_floor") : json();
  measured.noise_floor = number_or_none(noise).value_or(std::numeric_limits<double>::infinity());
  if (!(measured.noise_floor >= 0.0)) throw std::domain_error(measured.name);
  if (measured.wrong.empty()) read_record(entry.at("record"), measured);
  return measured;
}

}  // namespace

ResultsFile read_results(const std::string& path) {
  InputFile file(path);
  const json root = parse(file);
  ResultsFile results;
  results.path = path;
  try {
    if (!root.contains("schema_version")) throw file.error("is not a result of `mlpbench run`");
    const json& version = root.at("schema_version");
    if (version != kRecordSchemaVersion) {
      throw file.error("has schema version " + printable(version.dump()) + ", and this mlpbench reads " +
                       std::to_string(kRecordSchemaVersion));
    }
    results.identity = {{"processor", as_text(root.at("machine").at("cpu"))},
                        {"cores", as_text(root.at("machine").at("cores_allowed"))},
                        {"compiler", as_text(root.at("build").at("compiler"))},
                        {"build type", as_text(root.at("build").at("build_type"))}};
    results.commit = as_text(root.at("build").at("git_commit"));
    std::set<std::string> names;
    for (const json& entry : root.at("cases")) {
      results.cases.push_back(read_case(entry));
      const std::string& name = results.cases.back().name;
      if (!names.insert(name).second) throw file.error("has the case " + printable(name) + " twice");
    }
  } catch (const json::exception& error) {
    // "[json.exception.out_of_range.403] key 'cases' not found": what follows the bracket.
    const std::string what = error.what();
    throw file.error("is not a result of `mlpbench run`: " + printable(what.substr(what.find(']') + 2), 200));
  } catch (const std::domain_error& error) {
    throw file.error("has a time or noise of " + printable(error.what()) + " that cannot be");
  }
  return results;
}

}  // namespace mlpbench
