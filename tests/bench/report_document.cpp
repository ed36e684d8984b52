#include "tests/bench/report_document.h"

#include "bench/results/document.h"
#include "tests/bench/report_maker.h"

namespace mlpbench::test {
namespace {

using nlohmann::json;

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
           {{"cpu", "AMD EPYC 9R14"},
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
            {"comparisons", 30},
            {"confidence_of_each", 0.9983},
            {"clock", "std::chrono::steady_clock, wall time of the epochs"},
            {"wall_seconds", 96.0}}},
          {"cases", json::array()}};
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

}  // namespace mlpbench::test
