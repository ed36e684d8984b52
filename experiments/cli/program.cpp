#include "experiments/cli/program.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/boundary_grid.h"
#include "experiments/cli/backend_comparison.h"
#include "experiments/cli/boundary_plot.h"
#include "experiments/cli/program_main.h"
#include "experiments/cli/record.h"
#include "experiments/cli/training_lines.h"
#include "experiments/memory.h"
#include "support/atomic_file.h"
#include "support/error.h"
#include "support/format.h"
#include "support/interrupt.h"
#include "support/progress.h"
#include "support/standard_output.h"

namespace mlpbench {
namespace {

/// Refuses a network that this machine cannot hold.
void require_network_memory(std::size_t inputs, std::span<const LayerSpec> layers,
                            std::size_t samples_at_once) {
  double parameters = 0.0, kept = 0.0;
  for (const LayerSpec& layer : layers) {
    const auto units = static_cast<double>(layer.units);
    parameters += (static_cast<double>(inputs) + 1.0) * units;
    kept += units * static_cast<double>(layer.kept());
    inputs = layer.units;
  }
  // Parameters: the initial ones, the trained ones, their gradients and a chunk's, the result.
  require_memory("--hidden", "the network",
                 sizeof(double) * (5.0 * parameters + kept * static_cast<double>(samples_at_once)));
}

void require_network_memory(const Problem& problem, const Settings& settings) {
  const bool batches = stepping_trainer(settings).uses_batches;
  require_network_memory(problem.network.inputs, problem.network.layers,
                         std::min(batches ? settings.batch_size : problem.train.samples(),
                                  Chunks::most_samples(problem.network)));
}

Problem build_problem(const Program& program, Options& options) {
  std::vector<LayerSpec> hidden;
  for (const std::size_t units : options.settings.hidden) hidden.push_back({units});
  require_network_memory(0, hidden, 1);
  Problem problem = program.build(options);
  require_network_memory(problem, options.settings);
  if (!options.plot.empty() && !can_draw_boundary(problem)) {
    throw UserError("--plot: needs data with two features and two classes");
  }
  return problem;
}

/// `first`, and the same experiment with the following seeds.
std::vector<Problem> members_of(const Program& program, const Problem& first, const Options& options) {
  std::vector<Problem> members = {first};
  for (std::size_t i = 1; i < options.settings.members; ++i) {
    Options other = options;
    other.settings.seed += static_cast<std::uint32_t>(i);
    other.quiet = true;
    members.push_back(program.build(other));
  }
  return members;
}

RunResult train(const Program& program, const Problem& problem, const Options& options,
                const BackendEntry& backend) {
  ProgressBar bar(fmt::format("{} {}", program.experiment.name, backend.name), options.settings.epochs,
                  options.quiet, options.color);
  std::function<void(std::size_t)> progress;
  if (bar.enabled()) progress = [&bar](std::size_t done) { bar.update(done); };
  const InterruptFlag interrupt;
  const bool ensemble = find_trainer(options.settings.trainer).runs_members && options.settings.members > 1;
  const std::vector<Problem> members =
      ensemble ? members_of(program, problem, options) : std::vector<Problem>{};
  RunResult result = run_ensemble(program.experiment, ensemble ? std::span(members) : std::span(&problem, 1),
                                  options.settings, backend, options.dtype, progress, interrupt.flag());
  if (program.finish) program.finish(problem, result);
  return result;
}

/// What a finished training leaves on stdout, which shows nothing of an interrupted one; and its record.
void tell(const Options& options, bool interrupted, StandardOutput& output,
          const std::function<void()>& print, const std::function<nlohmann::ordered_json()>& record) {
  if (!interrupted && !options.quiet && !options.json_on_stdout()) output.print(print);
  if (options.json_on_stdout()) {
    output.print([&] { fmt::print("{}", to_text(record())); });
  } else if (!options.json.empty()) {
    write_file("--json", options.json, to_text(record()));
  }
}

/// Says so on stderr when the run was interrupted.
bool was_interrupted(const Program& program, const Options& options, const RunResult& result) {
  if (!result.trace.interrupted) return false;
  report(program.experiment.name,
         fmt::format("interrupted after {} of {}{}", result.trace.loss_per_epoch.size(),
                     format_count(options.settings.epochs, "epoch"),
                     options.json.empty() ? "" : "; the record says incomplete"));
  return true;
}

int run_one(const Program& program, const Problem& problem, const Options& options, StandardOutput& output) {
  const RunResult result = train(program, problem, options, find_backend(options.backend));
  const bool interrupted = was_interrupted(program, options, result);
  const auto print = [&] {
    program.print(problem, result);
    fmt::print("{}", training_lines(problem, result));
  };
  tell(options, interrupted, output, print,
       [&] { return make_record(problem, result, options.dump_parameters); });
  if (interrupted) return kExitInterrupted;
  if (!options.plot.empty()) draw_boundary(options.plot, problem, result);
  return kExitOk;
}

/// An interruption ends the loop over the backends: the later ones are missing from the record.
int run_all(const Program& program, const Problem& problem, const Options& options, StandardOutput& output) {
  std::vector<BackendRun> runs;
  bool interrupted = false;
  for (const BackendEntry& backend : all_backends()) {
    runs.push_back({&backend, std::nullopt});
    if (!unusable_reason(backend, options.dtype).empty()) continue;
    try {
      runs.back().result = train(program, problem, options, backend);
    } catch (const WrongResult& error) {
      throw WrongResult(fmt::format("{}: {}", backend.name, error.what()));
    }
    interrupted = was_interrupted(program, options, *runs.back().result);
    if (interrupted) break;
  }
  if (!interrupted) hold_to_reference(program.experiment, problem, runs);
  const auto records = [&] {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const BackendRun& run : runs) {
      all.push_back(run.result
                        ? make_record(problem, *run.result, options.dump_parameters)
                        : make_unavailable_record(program.experiment.name, *run.backend, options.dtype));
    }
    return all;
  };
  tell(
      options, interrupted, output, [&] { fmt::print("{}", comparison_text(problem, runs, options.dtype)); },
      records);
  if (interrupted) return kExitInterrupted;
  require_reference(runs);
  return kExitOk;
}

int run(const Program& program, int argc, const char* const* argv, StandardOutput& output) {
  std::optional<Options> options;
  output.print([&] { options = parse_options(program, argc, argv); });
  if (!options) return kExitOk;
  if (!options->quiet) {
    for (const std::string& note : options->notes) report(program.experiment.name, "note: " + note);
  }
  const Problem problem = build_problem(program, *options);
  return (options->all_backends() ? run_all : run_one)(program, problem, *options, output);
}

}  // namespace

int run_program(const Program& program, int argc, char** argv) {
  return program_main(program.experiment.name,
                      [&](StandardOutput& output) { return run(program, argc, argv, output); });
}

int run_program(const Experiment& experiment, int argc, char** argv) {
  Program program;
  program.experiment = experiment;
  program.examples = {
      "--backend all", "--dtype float32 --epochs 200 --json record.json",
      experiment.draws_boundary ? "--plot boundary.svg" : "--hidden 16,8 --learning-rate 0.05"};
  program.build = [&](Options& options) { return experiment.build(options.settings); };
  program.print = experiment.print;
  return run_program(program, argc, argv);
}

}  // namespace mlpbench
