#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <regex>
#include <vector>

#include "bench/operations/reporters.h"
#include "bench/operations/suite.h"
#include "experiments/cli/command_page.h"
#include "experiments/cli/program_main.h"
#include "experiments/cli/provenance.h"
#include "support/atomic_file.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/option_values.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// Before the user's own; the last one counts.
constexpr const char* kDefaultFlags[] = {"--benchmark_enable_random_interleaving=true",
                                         "--benchmark_repetitions=9", "--benchmark_min_time=0.02"};

/// What matters of Google Benchmark's options, for the help, the completions and the manual page; it
/// understands more.
void add_options(CLI::App& app, const SuiteText& text) {
  app.set_version_flag("--version", version_line());
  app.allow_extras();
  app.get_formatter()->column_width(34);
  const auto option = [&app](const char* group, const char* name, const char* type,
                             const std::string& about) {
    return app.add_option(std::string(name), about)
        ->type_name(type)
        ->group(group)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  };
  const char *rows = "Rows, named operation/.../shape/dtype/backend", *how = "Measurement",
             *output = "Output";
  option(rows, "--benchmark_filter", "REGEX", "rows whose names match; -REGEX: the others");
  add_backend_options(app, rows);
  app.add_flag(std::string("--benchmark_list_tests"))->description("name the rows")->group(rows);
  option(how, "--benchmark_repetitions", "N", "of every row, in random order (9)")
      ->check(CLI::Range(1, 1'000'000).description(""));
  option(how, "--benchmark_min_time", "SECONDS", "of a repetition (0.02)");
  option(output, "--benchmark_out", "FILE", "every repetition");
  for (const auto& [name, about] : {std::pair{"--benchmark_out_format", "of that file: json or csv (json)"},
                                    {"--benchmark_format", "json or csv on stdout instead of the table"}}) {
    option(output, name, "FORMAT", about)->option_text("FORMAT")->check(CLI::IsMember({"json", "csv"}));
  }
  app.footer(
      fmt::format("Other options: go to Google Benchmark as they are.\n"
                  "\n"
                  "Examples:\n"
                  "  {0} --benchmark_filter='{1}'\n"
                  "  {0} --benchmark_filter=/float32/avx2 --benchmark_out=rows.json\n"
                  "\n"
                  "Exit codes: 0 ok, 2 wrong usage or no such row, 4 a row is wrong",
                  text.program, text.example_filter));
}

std::string last_of(const CLI::App& app, const char* option) {
  return app.count(option) > 0 ? app.get_option(option)->results().back() : "";
}

/// Seconds as this version of Google Benchmark takes them: since 1.8 with their unit, before without.
std::string min_time(std::string text) {
  constexpr bool kTakesUnit = !requires(benchmark::BenchmarkReporter::Run run) { run.error_occurred; };
  if (text.ends_with('s')) text.pop_back();
  static_cast<void>(parse_positive("--benchmark_min_time", text));
  return kTakesUnit ? text + "s" : text;
}

/// What Google Benchmark is given: our defaults, which the user's own override, as "--name=value", the only
/// form that it knows. Files and the filter are ours.
std::vector<std::string> benchmark_arguments(const CLI::App& app) {
  std::vector<std::string> arguments{app.get_name()};
  arguments.insert(arguments.end(), std::begin(kDefaultFlags), std::end(kDefaultFlags));
  for (const CLI::Option* option : app.get_options([](const CLI::Option* o) { return o->count() > 0; })) {
    const std::string& name = option->get_name();
    if (!name.starts_with("--benchmark") || name == "--benchmark_list_tests") continue;  // ours
    std::string value = option->results().back();
    if (name == "--benchmark_min_time") value = min_time(value);
    if (name == "--benchmark_out") value = "/dev/null";
    arguments.push_back(name + "=" + value);
  }
  for (const std::string& other : app.remaining()) arguments.push_back(other);
  return arguments;
}

/// Whether --benchmark_filter takes a row: by its name, which ends in the backend, or with the word that
/// Google Benchmark adds. "-" before the expression takes the others.
std::function<bool(const std::string&)> selection_of(std::string filter) {
  const bool others = filter.starts_with('-');
  if (others) filter.erase(0, 1);
  if (filter.empty() || filter == "all") filter = ".";
  try {
    const std::regex expression(filter, std::regex::extended);
    return [expression, others](const std::string& name) {
      const bool matches =
          std::regex_search(name, expression) || std::regex_search(name + "/real_time", expression);
      return matches != others;
    };
  } catch (const std::regex_error&) {
    throw UserError("--benchmark_filter: '" + printable(filter) + "' is no regular expression");
  }
}

/// Runs the rows, prints the table or what --benchmark_format wants, and writes --benchmark_out.
void run_rows(const CLI::App& app, StandardOutput& output) {
  const std::string format = last_of(app, "--benchmark_format"), file = last_of(app, "--benchmark_out");
  TableReporter table;
  KeptReporter shown(format), kept(last_of(app, "--benchmark_out_format"));
  benchmark::BenchmarkReporter* display = &table;
  if (!format.empty()) display = &shown;
  file.empty() ? benchmark::RunSpecifiedBenchmarks(display)
               : benchmark::RunSpecifiedBenchmarks(display, &kept);
  output.print([&] { fmt::print("{}", format.empty() ? table.text() : shown.text()); });
  if (!file.empty()) write_file("--benchmark_out", file, kept.text());
}

/// Google Benchmark writes what it is given to the terminal as it is.
void require_printable(const std::vector<std::string>& arguments) {
  for (const std::string& argument : arguments) {
    const std::string shown = printable_path(argument);
    if (shown != argument) throw UserError(shown + ": has characters that are in no name of a row");
  }
}

void add_context(const std::string& name, const std::string& value) {
  benchmark::AddCustomContext(name, printable_path(value));
}

std::string giga(const Summary& rate, const char* unit) {
  return fmt::format("{:.1f} {} [{:.1f}, {:.1f}]", rate.median / 1e9, unit, rate.lowest / 1e9,
                     rate.highest / 1e9);
}

void add_facts(const nlohmann::ordered_json& facts, const std::string& prefix) {
  for (const auto& [name, value] : facts.items()) {
    if (value.is_object()) {
      add_facts(value, prefix + name + "/");
    } else {
      add_context(prefix + name, value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
}

void add_backends() {
  for (const BackendEntry& entry : all_backends()) {
    const std::string reason = unusable_reason(entry);
    add_context(fmt::format("backend/{}", entry.name),
                reason.empty() ? fmt::format("executes {}; compiled with {}", entry.isa_text(), entry.flags)
                               : "unavailable: " + reason);
    if (reason.empty() && entry.library) {
      const LibraryReport library = entry.library();
      add_context(fmt::format("library/{}", entry.name),
                  fmt::format("{} {} {}", library.version, library.kernels, library.path));
    }
  }
}

void add_ceilings(const Ceilings& ceilings) {
  for (const Isa isa : known_isas()) {
    for (DType dtype : {DType::float32, DType::float64}) {
      const std::string reason = unusable_probe(isa);
      add_context(fmt::format("fma_peak/{}/{}", to_string(dtype), to_string(isa)),
                  reason.empty() ? giga(fma_peak(isa, dtype), "GFLOP/s") : "unavailable: " + reason);
    }
  }
  for (const Bandwidth& level : ceilings.bandwidth()) {
    add_context(fmt::format("bandwidth/{}", level.level.name),
                fmt::format("read {}, triad {}, {} KiB", giga(level.read, "GB/s"), giga(level.triad, "GB/s"),
                            level.working_set / 1024));
  }
  add_context("time_stamp_counter", fmt::format("{:.4f} GHz", time_stamp_frequency() / 1e9));
}

int run(int argc, char** argv, const SuiteText& text, const std::function<void(CLI::App&)>& own_options,
        const std::function<void(Suite&)>& add_rows, StandardOutput& output) {
  CLI::App app(text.about, text.program);
  add_options(app, text);
  own_options(app);
  if (!parse_command_line(app, argc, argv, output)) return kExitOk;
  add_backends(added_backends(app));
  if (app.count("--benchmark_out") > 0) require_writable("--benchmark_out", last_of(app, "--benchmark_out"));
  std::vector<std::string> arguments = benchmark_arguments(app);
  require_printable(arguments);
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  int count = static_cast<int>(pointers.size());
  pointers.push_back(nullptr);
  benchmark::Initialize(&count, pointers.data());
  if (benchmark::ReportUnrecognizedArguments(count, pointers.data())) return kExitUsage;

  const std::string filter = benchmark::GetBenchmarkFilter();  // of the environment too
  benchmark::SetBenchmarkFilter(".");
  Suite suite(selection_of(filter));
  add_rows(suite);
  const std::size_t matched = suite.names().size();
  if (matched == 0) throw UserError("--benchmark_filter: no row's name matches '" + printable(filter) + "'");
  if (app.count("--benchmark_list_tests") > 0) {
    output.print([&] { fmt::print("{}\n", fmt::join(suite.names(), "\n")); });
    return kExitOk;
  }
  require_moving_clock();
  add_facts(json_of(machine_facts()), "");
  add_facts(json_of(build_facts()), "");
  add_context("libraries/Google Benchmark", MLPBENCH_GOOGLE_BENCHMARK_VERSION);
  add_backends();
  add_ceilings(suite.ceilings());
  run_rows(app, output);
  benchmark::Shutdown();
  if (suite.wrong() > 0) {
    fmt::print(stderr, "WRONG: {} of {} rows, not timed\n", suite.wrong(), matched);
    return kExitWrongResult;
  }
  return kExitOk;
}

}  // namespace

int suite_main(int argc, char** argv, const SuiteText& text,
               const std::function<void(CLI::App&)>& add_options,
               const std::function<void(Suite&)>& add_rows) {
  return program_main(text.program, [&](StandardOutput& output) {
    return run(argc, argv, text, add_options, add_rows, output);
  });
}

}  // namespace mlpbench
