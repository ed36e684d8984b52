// What threads bring and what they cost: samples a second of every trainer against what the machine could
// give, the sizes from which on a second thread pays, and accuracy and time to a target over seeds.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "bench/studies/crossover.h"
#include "bench/studies/determinism.h"
#include "bench/studies/study.h"
#include "bench/studies/throughput.h"
#include "core/training/thread_pool.h"
#include "experiments/cli/command_page.h"
#include "experiments/cli/program_main.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/record.h"
#include "support/atomic_file.h"
#include "support/error.h"

namespace mlpbench {
namespace {

struct Options {
  bool scaling = false, crossover = false, determinism = false, study = false, quiet = false;
  ScalingOptions timing;
  StudyOptions study_of;
  std::string json;
};

void add_options(CLI::App& app, Options& options) {
  app.add_flag("--scaling", options.scaling, "samples a second of every trainer (the default)");
  app.add_flag("--crossover", options.crossover, "the sizes from which on a second thread pays");
  app.add_flag("--determinism", options.determinism, "what the one order of all sums costs");
  app.add_flag("--study", options.study, "accuracy and time to a target of every trainer over seeds");
  app.add_option("--threads", options.timing.threads, "numbers of threads besides one (2 ... the CPUs)")
      ->delimiter(',')
      ->type_name("N[,...]")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1024}));
  app.add_option("--backend", options.timing.backends,
                 "only these (all that can run; of the study the first)")
      ->delimiter(',');
  set_type(*app.get_option("--backend"), "NAME[,...]", names_of(all_backends()));
  app.add_option("--case", options.timing.cases, "only cases of --scaling with one of these in their names")
      ->delimiter(',')
      ->type_name("PART[,...]");
  app.add_option("--rounds", options.timing.rounds, "times that every row is timed (9)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10000}));
  app.add_option("--seconds", options.timing.seconds_per_visit,
                 "of a timed training on one thread, about (0.04)")
      ->check(CLI::Range(1e-6, 1e3));
  app.add_option("--experiment", options.study_of.experiments, "only these in --study")->delimiter(',');
  set_type(*app.get_option("--experiment"), "NAME[,...]", names_of(all_experiments()));
  app.add_option("--seeds", options.study_of.seeds, "runs of each row of --study (10)")
      ->check(CLI::Range(std::size_t{1}, std::size_t{10000}));
  app.add_option("--json", options.json, "every number into this file")->type_name("FILE");
  app.add_flag("--quiet", options.quiet, "no progress");
}

/// Ascending, each once, without 1; by default all that the machine has.
void complete_threads(std::vector<std::size_t>& threads) {
  const bool chosen = !threads.empty();
  for (std::size_t count = 2; !chosen && count <= running_threads(1024); ++count) threads.push_back(count);
  std::sort(threads.begin(), threads.end());
  threads.erase(std::unique(threads.begin(), threads.end()), threads.end());
  std::erase(threads, std::size_t{1});
}

/// Writes what each part found to `output` and into the returned object. `wrong` is set when a row was.
nlohmann::ordered_json measure(Options& options, StandardOutput& output, bool& wrong) {
  nlohmann::ordered_json all{{"schema_version", 1},
                             {"program", "bench_scaling"},
                             {"machine", json_of(machine_facts())},
                             {"build", json_of(build_facts())},
                             {"method",
                              {{"threads", options.timing.threads},
                               {"rounds", options.timing.rounds},
                               {"seconds_per_visit", options.timing.seconds_per_visit},
                               {"order_seed", options.timing.order_seed}}}};
  if (options.scaling) {
    const std::vector<ScalingRow> rows = measure_scaling(options.timing);
    wrong = std::any_of(rows.begin(), rows.end(), [](const ScalingRow& row) { return !row.wrong.empty(); });
    output.print([&] { fmt::print("{}", scaling_text(rows)); });
    all["scaling"] = scaling_json(rows);
  }
  if (options.crossover) {
    const std::vector<Sweep> sweeps = measure_crossover(options.timing);
    output.print([&] { fmt::print("{}", crossover_text(sweeps)); });
    all["crossover"] = crossover_json(sweeps);
  }
  if (options.determinism) {
    const std::vector<DeterminismRow> rows = measure_determinism(options.timing);
    for (const DeterminismRow& row : rows) wrong = wrong || !row.wrong.empty();
    output.print([&] { fmt::print("{}", determinism_text(rows)); });
    all["determinism"] = determinism_json(rows);
  }
  if (options.study) {
    const std::vector<StudyRow> rows = run_study(options.study_of);
    output.print([&] { fmt::print("{}", study_text(rows)); });
    all["study"] = study_json(rows);
  }
  return all;
}

int run(int argc, char** argv, StandardOutput& output) {
  CLI::App app("Measures what threads bring to the trainers, and what they cost.", "bench_scaling");
  app.set_version_flag("--version", version_line());
  app.footer(
      "Examples:\n"
      "  bench_scaling --backend avx2 --case ensemble\n"
      "  bench_scaling --crossover --threads 2\n"
      "  bench_scaling --study --experiment digits --seeds 10 --json study.json\n"
      "\n"
      "Exit codes: 0 ok, 2 wrong usage or file, 4 a result is wrong");
  Options options;
  add_options(app, options);
  if (!parse_command_line(app, argc, argv, output)) return kExitOk;
  if (!options.crossover && !options.determinism && !options.study) options.scaling = true;
  complete_threads(options.timing.threads);
  if ((options.crossover || options.determinism) && options.timing.threads.empty()) {
    throw UserError(fmt::format(
        "{}: needs a second thread; this process may use one CPU (--threads 2 takes them all the same)",
        options.crossover ? "--crossover" : "--determinism"));
  }
  if (!options.json.empty()) require_writable("--json", options.json);
  if (!options.timing.threads.empty()) options.study_of.threads = options.timing.threads.front();
  if (options.study) {
    if (options.timing.backends.size() > 1) throw UserError("--backend: --study takes one");
    if (!options.timing.backends.empty()) options.study_of.backend = options.timing.backends.front();
  }
  if (!options.quiet) {
    options.timing.tell = options.study_of.tell = [](std::string what) { fmt::print(stderr, "{}\n", what); };
  }
  bool wrong = false;
  const nlohmann::ordered_json found = measure(options, output, wrong);
  if (!options.json.empty()) write_file("--json", options.json, to_text(found));
  return wrong ? kExitWrongResult : kExitOk;
}

}  // namespace
}  // namespace mlpbench

int main(int argc, char** argv) {
  return mlpbench::program_main("bench_scaling", argc, argv, [&](mlpbench::StandardOutput& output) {
    return mlpbench::run(argc, argv, output);
  });
}
