#include "tests/bench/report_document.h"

#include <numeric>
#include <regex>

#include "bench/results/document.h"
#include "core/data/random_state.h"
#include "tests/bench/report_maker.h"

namespace mlpbench::test {
namespace {

using nlohmann::json;

const char* const kHostileName =
    "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)> | `code` **bold** [click](http://x)\n"
    "# title\r\x1b[31m ]]> --> ' . system('id') @{x} {/Bold} \\n $HOME &amp; %s";

json header() {
  return {{"schema_version", kResultsSchemaVersion},
          {"status", "complete"},
          {"command", "mlpbench run --seeds 10"},
          {"selection",
           {{"experiments", nullptr},
            {"filter", nullptr},
            {"seeds", 10},
            {"quick", false},
            {"cases_matching", 50},
            {"cases_known", 50},
            {"config", "rounds = 20\nseeds = 10\n"}}},
          {"date", "2026-01-02T03:04:05Z"},
          {"suite",
           {{"experiments",
             {"worked_examples", "breast_cancer", "planar", "moons", "regression", "digits", "teacher"}},
            {"trainers", {"full-batch", "mini-batch", "sync", "hogwild", "local-sgd", "ensemble"}},
            {"backends", {"avx512", "avx2", "blas", "armadillo", "naive"}}}},
          {"machine",
           {{"architecture", "x86_64"},
            {"cpu", "AMD EPYC 9R14"},
            {"sockets", 1},
            {"physical_cores", 2},
            {"logical_cores", 2},
            {"cores_allowed", 2},
            {"affinity", {0, 1}},
            {"cgroup_quota", false},
            {"isa", "AVX2+FMA"},
            {"caches",
             {{"L1 data", {{"bytes", 32768}, {"shared_by", "0"}}},
              {"L2", {{"bytes", 1048576}, {"shared_by", "0"}}}}},
            {"memory_bytes", 8589934592},
            {"hypervisor", "KVM"},
            {"governor", "unknown"},
            {"turbo", nullptr},
            {"transparent_huge_pages", "madvise"},
            {"load", 1.2},
            {"stolen", 0.013},
            {"os", "Debian GNU/Linux 12 (bookworm)"},
            {"kernel", "Linux 6.1.0"}}},
          {"measurement",
           {{"clock", "std::chrono::steady_clock"},
            {"clock_source", "kvm-clock"},
            {"clock_tick_seconds", 1e-9},
            {"clock_reading_seconds", 2.5e-8},
            {"timed", "the epochs"},
            {"not_timed", "reading data"}}},
          {"build",
           {{"mlpbench", "0.1.0"},
            {"git_commit", "0123456789abcdef0123456789abcdef01234567"},
            {"git_dirty", false},
            {"compiler", "GCC 12.2.0"},
            {"build_type", "Release"},
            {"flags", {{"avx2", "-mavx2 -mfma"}, {"naive", ""}}},
            {"libraries", {{"OpenBLAS", "0.3.21"}, {"oneTBB", "2021.8"}}}}},
          {"method",
           {{"rounds", 20},
            {"budget_seconds", 0.0},
            {"precision", 0.05},
            {"seconds_per_run", 0.05},
            {"order_seed", 1},
            {"confidence", 0.95},
            {"base", "naive"},
            {"comparisons", 30},
            {"confidence_of_each", 0.9983},
            {"clock", "std::chrono::steady_clock, wall time of the epochs"},
            {"wall_seconds", 96.0}}},
          {"cases", json::array()}};
}

void shuffle(json& list, RandomState& stream) {
  std::vector<std::size_t> order(list.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  stream.shuffle(order);
  json entries = json::array();
  for (const std::size_t i : order) entries.push_back(list[i]);
  list = std::move(entries);
}

/// Numbers below `value` become null; texts, flags and lists of the same stay.
void forget_numbers(json& value) {
  if (value.is_number_float()) {
    value = nullptr;
  } else if (value.is_structured()) {
    for (json& part : value) forget_numbers(part);
  }
}

}  // namespace

json report_document() {
  Maker maker(7);
  json document = header();
  document["cases"] = report_cases(maker);
  add_sections(maker, document);
  return document;
}

json small_report_document() {
  Maker maker(7);
  json document = header();
  document["cases"].push_back(case_of(maker, kSubjects[2], kRunners[1], "float64"));
  document["cases"].push_back(case_of(maker, kSubjects[2], kRunners[4], "float64"));
  return document;
}

json shuffled(json document, std::uint32_t seed) {
  RandomState stream(seed);
  for (const char* list : {"cases", "curves", "time_to_accuracy", "scaling", "boundaries"}) {
    if (document.contains(list)) shuffle(document[list], stream);
  }
  if (document.contains("roofline")) {
    for (const char* list : {"bandwidths", "peaks", "points"}) shuffle(document["roofline"][list], stream);
  }
  return document;
}

json with_hostile_names(json document) {
  const auto taint = [](json& object, std::initializer_list<const char*> keys) {
    for (const char* key : keys) {
      if (object.contains(key) && object[key].is_string()) {
        object[key] = object[key].get<std::string>() + kHostileName;
      }
    }
  };
  for (json& entry : document["cases"]) {
    taint(entry, {"name", "experiment", "trainer", "unavailable", "stopped"});
    if (!entry.contains("record")) continue;
    taint(entry["record"], {"isa", "evaluated_on"});
    if (entry["record"].contains("confusion_matrix")) {
      entry["record"]["class_names"] = std::vector<std::string>(10, kHostileName);
    }
    taint(entry["parity"], {"with", "where"});
    if (entry.contains("speed")) taint(entry["speed"], {"base", "that_is"});
  }
  for (const char* list : {"curves", "time_to_accuracy", "scaling", "boundaries"}) {
    for (json& entry : document[list])
      taint(entry, {"experiment", "trainer", "case", "memory_level", "backend"});
  }
  for (json& entry : document["roofline"]["points"]) taint(entry, {"operation", "shape", "isa", "level"});
  for (json& entry : document["roofline"]["bandwidths"]) taint(entry, {"level"});
  for (json& entry : document["roofline"]["peaks"]) taint(entry, {"isa"});
  taint(document, {"command", "status"});
  taint(document["machine"], {"cpu", "os", "kernel", "governor", "hypervisor"});
  taint(document["build"], {"compiler", "git_commit"});
  taint(document["selection"], {"config", "filter"});
  document["build"]["libraries"][kHostileName] = kHostileName;
  return document;
}

json bare_document() {
  return {{"schema_version", kResultsSchemaVersion},
          {"machine", {{"cpu", "A processor"}, {"cores_allowed", 2}}},
          {"build", {{"compiler", "GCC 12.2.0"}, {"build_type", "Release"}, {"git_commit", "abc"}}},
          {"cases", json::array()}};
}

json without_numbers(json document) {
  for (json& entry : document["cases"]) {
    for (auto& [key, value] : entry.items()) {
      if (key == "epoch_seconds" || key == "part_seconds") continue;
      if (key != "record") forget_numbers(value);
    }
  }
  for (auto& [key, value] : document.items()) {
    if (key == "boundaries") {
      for (json& plane : value) {
        for (const char* map : {"naive", "difference", "fastest", "largest_difference"})
          forget_numbers(plane[map]);
      }
    } else if (key != "cases") {
      forget_numbers(value);
    }
  }
  return document;
}

bool has_word(const std::string& text, const std::string& words) {
  return std::regex_search(text, std::regex("\\b-?(" + words + ")\\b"));
}

}  // namespace mlpbench::test
