#include "experiments/cli/program.h"

#include <fmt/format.h>

#include <algorithm>

#include "experiments/boundary_grid.h"
#include "experiments/checkpoint_file.h"
#include "experiments/cli/backend_comparison.h"
#include "experiments/cli/boundary_plot.h"
#include "experiments/cli/command_page.h"
#include "experiments/cli/own_experiments.h"
#include "experiments/cli/program_main.h"
#include "experiments/cli/rank_identity.h"
#include "experiments/cli/record.h"
#include "experiments/cli/trainer_comparison.h"
#include "experiments/cli/training_lines.h"
#include "experiments/model_file.h"
#include "support/atomic_file.h"
#include "support/error.h"
#include "support/format.h"
#include "support/interrupt.h"
#include "support/progress.h"
#include "support/standard_output.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// May adapt the default batch to the data.
Problem build_problem(const Program& program, Options& options) {
  Problem problem = build_for_user(program.experiment, options.settings, options.batch_size_given);
  if (!options.load.empty()) start_from(read_model(options.load), options.dtype, problem);
  if (!options.plot.empty() && !can_draw_boundary(problem)) {
    throw UserError("--plot: needs data with two features and two classes");
  }
  if (!options.quiet) {
    for (const std::string& note : problem.notes) report(program.experiment.name, "note: " + note);
  }
  return problem;
}

/// `first`, and the same experiment with the following seeds or folds; a fold has a seed of its own too.
std::vector<Problem> members_of(const Program& program, const Problem& first, Settings settings) {
  std::vector<Problem> members = {first};
  const std::size_t count = settings.folds > 1 ? settings.folds : settings.members;
  while (members.size() < count) {
    ++settings.seed;
    if (settings.folds > 1) ++settings.fold;
    members.push_back(build_problem(program.experiment, settings));
  }
  return members;
}

/// `row` names what runs, for the progress bar.
RunResult train(const Program& program, const Problem& problem, const Options& options,
                const Settings& settings, const BackendEntry& backend, std::string_view row,
                const InterruptFlag& interrupt) {
  std::optional<CheckpointFile> checkpoint;
  if (!options.checkpoint.empty()) {
    checkpoint.emplace(options.checkpoint, options.every, program.experiment, problem, settings, backend,
                       options.dtype);
    if (const std::optional<std::size_t> epochs = checkpoint->epochs(); epochs && !options.quiet) {
      report(program.experiment.name,
             fmt::format("note: {}: the run goes on after {}", printable_path(options.checkpoint),
                         format_count(*epochs, "epoch")));
    }
  }
  if (options.ranks != nullptr) {
    nlohmann::ordered_json identity =
        identity_of(program.experiment, problem, settings, backend, options.dtype);
    for (const std::string_view option : find_trainer(settings.trainer).options)
      identity[std::string(option)] = find_setting(option).value(settings);
    require_same_run(*options.ranks, std::move(identity));
  }
  ProgressBar bar(fmt::format("{} {}", program.experiment.name, row), settings.epochs, options.quiet,
                  options.color);
  std::function<void(std::size_t)> progress;
  if (bar.enabled()) progress = [&bar](std::size_t done) { bar.update(done); };
  const bool ensemble =
      settings.folds > 1 || (find_trainer(settings.trainer).runs_members && settings.members > 1);
  const std::vector<Problem> members =
      ensemble ? members_of(program, problem, settings) : std::vector<Problem>{};
  return run_ensemble(program.experiment, ensemble ? std::span(members) : std::span(&problem, 1), settings,
                      backend, options.dtype, progress, interrupt.flag(),
                      checkpoint ? &checkpoint->checkpoints() : nullptr, options.ranks);
}

/// How `mlpbench run` measures what a table of single runs only shows. It has no options for what else may
/// have been set of the suite's own experiments.
std::string measured_by(const Program& program, const Options& options) {
  std::string command = "mlpbench run";
  const auto add = [&command](std::string_view option, std::string_view value) {
    command += fmt::format(" {} {}", option, shell_quoted(value));
  };
  if (program.own_options.empty()) add("--experiment", program.experiment.name);
  for (const OwnOption& own : program.own_options) {
    if (!own.value->empty()) add(own.in_run.empty() ? own.name : own.in_run, *own.value);
  }
  const Settings &settings = options.settings, &defaults = program.experiment.defaults;
  for (const Setting& setting : all_settings()) {
    const auto in_run = kDataSettings.find(setting.name);
    if (in_run == kDataSettings.end() || setting.value(settings) == setting.value(defaults)) continue;
    if (!program.own_options.empty()) add(in_run->second, setting.default_text(settings));
  }
  if (options.dtype == DType::float32) add("--dtype", to_string(options.dtype));
  if (options.all_trainers) add("--trainer", "all");
  return fmt::format("Each row is a single run, and single runs are noisy. This measures:\n  {}\n", command);
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
  if (options.ranks != nullptr && !options.ranks->is_first()) return true;
  report(program.experiment.name,
         fmt::format("interrupted after {} of {}{}", result.trace.loss_per_epoch.size(),
                     format_count(options.settings.epochs, "epoch"),
                     options.json.empty() ? "" : "; the record says incomplete"));
  return true;
}

int run_one(const Program& program, const Problem& problem, const Options& options, StandardOutput& output) {
  const BackendEntry& backend = find_backend(options.backend);
  std::optional<InterruptFlag> interrupt(std::in_place);
  const RunResult result =
      train(program, problem, options, options.settings, backend, backend.name, *interrupt);
  const bool interrupted = was_interrupted(program, options, result);
  const auto print = [&] {
    if (options.settings.folds <= 1) {
      program.experiment.print(problem, result);
      fmt::print("\n");  // the notebook's lines end here
    }
    fmt::print("{}", training_lines(problem, result));
  };
  tell(options, interrupted, output, print,
       [&] { return make_record(problem, result, options.dump_parameters); });
  interrupt.reset();
  if (interrupted) return InterruptFlag::exit_code();
  if (!options.save.empty()) write_file("--save", options.save, model_content(problem, result));
  if (!options.plot.empty()) draw_boundary(options.plot, problem, result);
  return kExitOk;
}

/// An interruption ends the loop over the backends: the later ones are missing from the record.
int run_all(const Program& program, const Problem& problem, const Options& options, StandardOutput& output) {
  const InterruptFlag interrupt;
  std::vector<BackendRun> runs;
  bool interrupted = false;
  for (const BackendEntry& backend : all_backends()) {
    runs.push_back({&backend, std::nullopt});
    if (!unusable_reason(backend, options.dtype).empty()) continue;
    try {
      runs.back().result =
          train(program, problem, options, options.settings, backend, backend.name, interrupt);
    } catch (const WrongResult& error) {
      throw WrongResult(fmt::format("{}: {}", backend.name, error.what()));
    }
    interrupted = was_interrupted(program, options, *runs.back().result);
    if (interrupted) break;
  }
  if (options.ranks != nullptr && !options.ranks->is_first())
    return interrupted ? InterruptFlag::exit_code() : kExitOk;
  if (!interrupted) {
    hold_to_reference(program.experiment, problem, runs, interrupt.flag());
    interrupted = *interrupt.flag();
    if (interrupted)
      report(program.experiment.name, "interrupted before the runs were compared with a reference");
  }
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
      options, interrupted, output,
      [&] {
        fmt::print("{}{}", comparison_text(problem, runs, options.dtype), measured_by(program, options));
      },
      records);
  if (interrupted) return InterruptFlag::exit_code();
  require_reference(runs);
  return kExitOk;
}

/// A row for each trainer on one backend; the parallel ones have options.settings.threads.
int run_trainers(const Program& program, const Problem& problem, const Options& options,
                 StandardOutput& output) {
  const BackendEntry& backend = find_backend(options.backend);
  const InterruptFlag interrupt;
  std::vector<TrainerRun> runs;
  bool interrupted = false;
  for (const TrainerEntry& trainer : all_trainers()) {
    Settings settings = options.settings;
    settings.trainer = trainer.name;
    if (!trainer.parallel) settings.threads = 1;
    runs.push_back({&trainer, std::nullopt, ""});
    try {
      runs.back().result = train(program, problem, options, settings, backend, trainer.name, interrupt);
    } catch (const UserError& error) {
      runs.back().unusable_reason = error.what();
      continue;
    } catch (const WrongResult& error) {
      throw WrongResult(fmt::format("{}: {}", trainer.name, error.what()));
    }
    interrupted = was_interrupted(program, options, *runs.back().result);
    if (interrupted) break;
  }
  const auto records = [&] {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const TrainerRun& run : runs) {
      if (run.result) all.push_back(make_record(problem, *run.result, options.dump_parameters));
    }
    return all;
  };
  tell(
      options, interrupted, output,
      [&] { fmt::print("{}{}", trainers_text(problem, runs), measured_by(program, options)); }, records);
  return interrupted ? InterruptFlag::exit_code() : kExitOk;
}

/// The other ranks train and leave everything else to the first.
void be_a_rank(Communicator& ranks, Options& options) {
  if (ranks.size() == 1) return;
  options.ranks = &ranks;
  options.settings.rank = ranks.rank();
  options.settings.ranks = ranks.size();
  if (ranks.is_first()) return;
  options.quiet = true;
  for (std::string* const file : {&options.json, &options.plot, &options.save, &options.checkpoint})
    file->clear();
}

int run(const Program& program, int argc, const char* const* argv, StandardOutput& output,
        Communicator& ranks) {
  std::optional<Options> options;
  output.print([&] { options = parse_options(program, argc, argv); });
  if (!options) return kExitOk;
  be_a_rank(ranks, *options);
  if (!options->quiet) {
    for (const std::string& note : options->notes) report(program.experiment.name, "note: " + note);
  }
  const Problem problem = build_problem(program, *options);
  const auto how = options->all_backends() ? run_all : options->all_trainers ? run_trainers : run_one;
  return how(program, problem, *options, output);
}

}  // namespace

int run_program(const Program& program, int argc, char** argv) {
  return ranks_main(program.experiment.name, [&](StandardOutput& output, Communicator& ranks) {
    return run(program, argc, argv, output, ranks);
  });
}

int run_program(Experiment (*experiment)(), int argc, char** argv) {
  Program program;
  program.experiment = experiment();
  program.examples = {
      "--backend all", "--dtype float32 --epochs 200 --json record.json",
      program.experiment.draws_boundary ? "--plot boundary.svg" : "--hidden 16,8 --learning-rate 0.05"};
  return run_program(program, argc, argv);
}

}  // namespace mlpbench
