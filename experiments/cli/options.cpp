#include "experiments/cli/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "experiments/cli/boundary_plot.h"
#include "experiments/cli/command_line_parser.h"
#include "experiments/cli/option_values.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/shell_file.h"
#include "support/atomic_file.h"
#include "support/error.h"
#include "support/table.h"
#include "support/text.h"

namespace mlpbench {
namespace {

void print_backends() {
  Table table;
  for (const char* title : {"backend", "instruction set", "about"})
    table.add_column(title, Table::Align::left);
  for (const BackendEntry& entry : all_backends()) {
    const std::string reason = unusable_reason(entry);
    if (reason.empty()) {
      table.add_row({std::string(entry.name), entry.isa(), std::string(entry.about)});
    } else {
      table.add_row({std::string(entry.name)}, "unavailable: " + reason);
    }
  }
  fmt::print("{}", table.console());
}

void print_trainers() {
  Table table;
  for (const char* title : {"trainer", "about"}) table.add_column(title, Table::Align::left);
  for (const TrainerEntry& entry : all_trainers())
    table.add_row({std::string(entry.name), std::string(entry.about)});
  fmt::print("{}", table.console());
}

/// Whether one of the options that ask for information was given; then it is answered.
bool answered(CommandLineParser& parser) {
  if (parser.raw.help || parser.raw.help_all) {
    fmt::print("{}", parser.help());
  } else if (parser.raw.version) {
    fmt::print("{}\n", version_line());
  } else if (parser.given(kShellFileOption)) {
    fmt::print("{}", parser.shell_file());
  } else if (parser.raw.list_backends) {
    print_backends();
  } else if (parser.raw.list_trainers) {
    print_trainers();
  } else {
    return false;
  }
  return true;
}

constexpr std::uint64_t kMaxSeed = std::numeric_limits<std::uint32_t>::max();

void read_settings(const CommandLineParser& parser, Options& options) {
  const RawOptions& raw = parser.raw;
  Settings& settings = options.settings;
  const auto integer = [&parser](const char* option, const std::string& text, std::uint64_t least,
                                 std::uint64_t most, auto& value) {
    if (!parser.given(option)) return;
    value = static_cast<std::remove_reference_t<decltype(value)>>(parse_integer(option, text, least, most));
  };
  if (parser.given("--trainer")) settings.trainer = find_trainer(raw.trainer).name;
  integer("--threads", raw.threads, 1, kMaxThreads, settings.threads);
  integer("--epochs", raw.epochs, 1, kMaxEpochs, settings.epochs);
  integer("--batch-size", raw.batch_size, 1, kMaxBatch, settings.batch_size);
  integer("--seed", raw.seed, 0, kMaxSeed, settings.seed);
  integer("--split-seed", raw.split_seed, 0, kMaxSeed, settings.split_seed);
  if (parser.given("--learning-rate")) {
    settings.learning_rate = parse_positive("--learning-rate", raw.learning_rate);
  }
  if (parser.given("--hidden")) settings.hidden = parse_hidden("--hidden", raw.hidden);
  settings.keep_incomplete_batch |= raw.keep_incomplete_batch;
  integer("--workers", raw.workers, 1, kMaxWorkers, settings.workers);
  integer("--local-steps", raw.local_steps, 1, kMaxEpochs, settings.local_steps);
  integer("--sync-epochs", raw.sync_epochs, 0, kMaxEpochs, settings.sync_epochs);
  integer("--members", raw.members, 1, kMaxMembers, settings.members);
  if (parser.given("--ensemble-of"))
    settings.ensemble_of = find_trainer("--ensemble-of", raw.ensemble_of).name;
  if (parser.given("--hogwild-form")) {
    settings.hogwild_form = parse_hogwild_form("--hogwild-form", raw.hogwild_form);
  }
  if (parser.given("--target-loss")) settings.target_loss = parse_positive("--target-loss", raw.target_loss);
  if (parser.given("--target-accuracy")) {
    settings.target_accuracy = parse_share("--target-accuracy", raw.target_accuracy);
  }
  settings.force_parallel = raw.force_parallel;
  options.batch_size_given = parser.given("--batch-size");
}

/// Options of one trainer that were given to another: whoever does this expects something that will not
/// happen.
void refuse_options_of_other_trainers(const CommandLineParser& parser, const Settings& settings) {
  const TrainerEntry &trainer = find_trainer(settings.trainer), &stepping = stepping_trainer(settings);
  for (const TrainerEntry& owner : all_trainers()) {
    for (const std::string_view option : owner.options) {
      // The members of an ensemble have options too, but not for threads.
      const bool of_members = option != "--force-parallel" && stepping.reads(option);
      if (!parser.given(std::string(option).c_str()) || trainer.reads(option) || of_members) continue;
      std::vector<std::string_view> names;
      for (const TrainerEntry& entry : all_trainers()) {
        if (entry.reads(option)) names.push_back(entry.name);
      }
      throw UserError(
          fmt::format("{}: is for trainer {}, not for {}", option, fmt::join(names, " or "), trainer.name));
    }
  }
  if (trainer.runs_members && settings.seed + (settings.members - 1) > kMaxSeed) {
    throw UserError(fmt::format("--seed {}: with --members {} the seeds would exceed {}", settings.seed,
                                settings.members, kMaxSeed));
  }
}

/// Options that are right in themselves and change nothing in this run.
void note_ineffective(const CommandLineParser& parser, Options& options) {
  Settings& settings = options.settings;
  const TrainerEntry& trainer = stepping_trainer(settings);
  if (settings.threads > 1 && !find_trainer(settings.trainer).parallel) {
    options.notes.push_back(
        fmt::format("--threads: trainer {} is serial and runs on one thread", trainer.name));
    settings.threads = 1;
  }
  for (const char* option : {"--batch-size", "--keep-incomplete-batch"}) {
    if (trainer.uses_batches || !parser.given(option)) continue;
    options.notes.push_back(fmt::format("{}: trainer {} takes all samples at once", option, trainer.name));
  }
  if (parser.raw.dump_parameters && options.json.empty()) {
    options.notes.push_back("--dump-parameters: adds to the record, which --json writes");
  }
}

/// A file name that begins with a dash is rather an option whose value was forgotten.
void require_file_name(std::string_view option, const std::string& file) {
  if (file.empty() || (file.starts_with("-") && file != "-")) {
    throw UserError(
        fmt::format("{}: '{}' is not a file name (./{} would be)", option, printable(file), printable(file)));
  }
}

void read_outputs(const CommandLineParser& parser, const CommandLine& line, Options& options) {
  const RawOptions& raw = parser.raw;
  if (parser.given("--plot")) {
    if (!line.draws_picture) {
      throw UserError(fmt::format("--plot: {} has no picture; planar and moons have one", line.program));
    }
    require_file_name("--plot", raw.plot);
    if (options.all_backends())
      throw UserError("--plot: draws the network of one backend, not of --backend all");
    require_plottable("--plot", raw.plot);
    options.plot = raw.plot;
  }
  if (parser.given("--json")) {
    require_file_name("--json", raw.json);
    if (raw.json != "-") require_writable("--json", raw.json);
    options.json = raw.json;
  }
}

}  // namespace

std::optional<Options> parse_options(const CommandLine& command_line, int argc, const char* const* argv) {
  CommandLineParser parser(command_line);
  parser.parse(argc, argv);
  if (answered(parser)) return std::nullopt;
  parser.refuse_leftovers();

  const RawOptions& raw = parser.raw;
  const char* no_color = std::getenv("NO_COLOR");
  Options options;
  options.settings = command_line.defaults;
  options.backend = parser.given("--backend") ? raw.backend : usable_backends().front()->name;
  if (!options.all_backends()) find_backend(options.backend);
  if (parser.given("--dtype")) options.dtype = parse_dtype("--dtype", raw.dtype);
  options.settings.ensemble_of = options.settings.trainer;
  read_settings(parser, options);
  refuse_options_of_other_trainers(parser, options.settings);
  options.dump_parameters = raw.dump_parameters;
  options.quiet = raw.quiet;
  options.color = !raw.no_color && (no_color == nullptr || *no_color == '\0');
  read_outputs(parser, command_line, options);
  note_ineffective(parser, options);
  return options;
}

}  // namespace mlpbench
