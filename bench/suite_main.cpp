#include <fmt/format.h>

#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include "backends/process.h"
#include "bench/suite.h"
#include "bench/table_reporter.h"
#include "core/error.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/standard_output.h"

namespace mlpbench {
namespace {

/// Before the user's own, of which the last one counts.
constexpr const char* kDefaultFlags[] = {"--benchmark_enable_random_interleaving=true",
                                         "--benchmark_repetitions=9", "--benchmark_min_time=0.02"};

/// What matters of Google Benchmark's options.
constexpr const char* kHelp = R"(Usage: {0} [OPTIONS]
{1}

Rows, named operation/.../shape/dtype/backend:
  --benchmark_filter=REGEX         only rows whose names match; -REGEX: only the others
  --benchmark_list_tests           name the rows

Measurement:
  --benchmark_repetitions=N        of every row, in random order (9)
  --benchmark_min_time=SECONDS     of a repetition (0.02)

Output:
  --benchmark_out=FILE             every repetition; --benchmark_out_format=json|csv (json)
  --benchmark_format=json|csv      on stdout instead of the table
  --help, --version

Examples:
  {0} --benchmark_filter='{2}'
  {0} --benchmark_filter=/float32/avx2 --benchmark_out=rows.json

Exit codes: 0 ok, 2 wrong usage or no such row, 4 a row is wrong
)";

bool has_flag(int argc, char** argv, std::string_view name) {
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with(name)) return true;
  }
  return false;
}

std::string gflops(const Spread& rate) {
  return fmt::format("{:.1f} GFLOP/s [{:.1f}, {:.1f}]", rate.median / 1e9, rate.lowest / 1e9,
                     rate.highest / 1e9);
}

std::string gigabytes(const Spread& rate) {
  return fmt::format("{:.1f} GB/s [{:.1f}, {:.1f}]", rate.median / 1e9, rate.lowest / 1e9,
                     rate.highest / 1e9);
}

void add_facts(const nlohmann::ordered_json& facts, const std::string& prefix) {
  for (const auto& [name, value] : facts.items()) {
    if (value.is_object()) {
      add_facts(value, prefix + name + "/");
    } else {
      benchmark::AddCustomContext(prefix + name, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
}

void add_backends() {
  for (const BackendEntry& entry : all_backends()) {
    const std::string reason = unusable_reason(entry);
    benchmark::AddCustomContext(fmt::format("backend/{}", entry.name),
                                reason.empty()
                                    ? fmt::format("executes {}; compiled with {}", entry.isa(), entry.flags)
                                    : "unavailable: " + reason);
    if (reason.empty() && entry.blas_core != nullptr) {
      benchmark::AddCustomContext(fmt::format("openblas_core/{}", entry.name), entry.blas_core());
    }
  }
}

void add_ceilings(const Ceilings& ceilings) {
  for (Isa isa : {Isa::baseline, Isa::avx2, Isa::avx512}) {
    for (DType dtype : {DType::float32, DType::float64}) {
      const std::string reason = unusable_probe(isa);
      benchmark::AddCustomContext(fmt::format("fma_peak/{}/{}", to_string(dtype), to_string(isa)),
                                  reason.empty() ? gflops(fma_peak(isa, dtype)) : "unavailable: " + reason);
    }
  }
  for (const Bandwidth& level : ceilings.bandwidth()) {
    benchmark::AddCustomContext(fmt::format("bandwidth/{}", level.level.name),
                                fmt::format("read {}, triad {}, {} KiB", gigabytes(level.read),
                                            gigabytes(level.triad), level.working_set / 1024));
  }
  benchmark::AddCustomContext("time_stamp_counter", fmt::format("{:.4f} GHz", time_stamp_frequency() / 1e9));
}

/// Answers --help and --version. Google Benchmark's own help names neither rows nor defaults.
bool answered(int argc, char** argv, const SuiteText& text) {
  if (has_flag(argc, argv, "--help")) {
    fmt::print(fmt::runtime(kHelp), text.program, text.about, text.example_filter);
  } else if (has_flag(argc, argv, "--version")) {
    fmt::print("{}\n", version_line());
  } else {
    return false;
  }
  return true;
}

int run(int argc, char** argv, const SuiteText& text, void (*add_rows)(Suite&)) {
  if (answered(argc, argv, text)) return kExitOk;
  std::vector<char*> arguments(argv, argv + 1);
  for (const char* flag : kDefaultFlags) arguments.push_back(const_cast<char*>(flag));
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return kExitUsage;

  Suite suite;
  add_rows(suite);
  if (!has_flag(argc, argv, "--benchmark_list_tests")) {
    add_facts(machine_info(), "");
    add_facts(build_info(), "");
    benchmark::AddCustomContext("libraries/Google Benchmark", MLPBENCH_GOOGLE_BENCHMARK_VERSION);
    add_backends();
    add_ceilings(suite.ceilings());
  }
  TableReporter table;
  const bool own_table = !has_flag(argc, argv, "--benchmark_format");
  const std::size_t matched =
      own_table ? benchmark::RunSpecifiedBenchmarks(&table) : benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  if (suite.wrong() > 0) {
    fmt::print(stderr, "WRONG: {} of {} rows, not timed\n", suite.wrong(), matched);
    return kExitWrongResult;
  }
  return matched == 0 ? kExitUsage : kExitOk;
}

}  // namespace

int suite_main(int argc, char** argv, const SuiteText& text, void (*add_rows)(Suite&)) {
  StandardOutput::prepare();
  try {
    prepare_process(argc, argv);
    return run(argc, argv, text, add_rows);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
  }
  return kExitUsage;
}

}  // namespace mlpbench
