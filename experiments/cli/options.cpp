#include "experiments/cli/options.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "experiments/cli/boundary_plot.h"
#include "experiments/cli/command_line_parser.h"
#include "experiments/cli/command_page.h"
#include "experiments/cli/provenance.h"
#include "support/atomic_file.h"
#include "support/error.h"
#include "support/option_values.h"
#include "support/table.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr std::string_view kTrainerOption = "--trainer", kAll = "all";
constexpr std::uint64_t kMaxEvery = 1'000'000'000;

void print_backends() {
  Table table;
  for (const char* title : {"backend", "instruction set", "about"})
    table.add_column(title, Table::Align::left);
  for (const BackendEntry& entry : all_backends()) {
    const std::string reason = unusable_reason(entry);
    if (reason.empty()) {
      table.add_row({std::string(entry.name), entry.isa_text(), std::string(entry.about)});
    } else {
      table.add_row({std::string(entry.name)}, "unavailable: " + reason);
    }
  }
  fmt::print("{}", table.console());
}

template <typename Entry>
void print_entries(const char* kind, std::span<const Entry> entries) {
  Table table;
  for (const char* title : {kind, "about"}) table.add_column(title, Table::Align::left);
  for (const Entry& entry : entries) table.add_row({std::string(entry.name), std::string(entry.about)});
  fmt::print("{}", table.console());
}

/// Whether one of the options that ask for information was given; then it is answered.
bool answered(CommandLineParser& parser) {
  if (parser.given("--help") || parser.given("--help-all")) {
    fmt::print("{}", parser.help());
  } else if (parser.given("--version")) {
    fmt::print("{}\n", version_line());
  } else if (parser.given(kShellFileOption)) {
    fmt::print("{}", parser.shell_file());
  } else if (parser.given("--list-backends")) {
    add_backends(parser.added_backends());
    print_backends();
  } else if (parser.given("--list-trainers")) {
    print_entries("trainer", all_trainers());
  } else if (parser.given("--list-optimisers")) {
    print_entries("optimiser", all_optimisers());
    print_entries("schedule", all_schedules());
  } else {
    return false;
  }
  return true;
}

void read_settings(const CommandLineParser& parser, Settings& settings) {
  settings.ensemble_of = settings.trainer;
  for (const Setting& setting : all_settings()) {
    if (setting.name == kTrainerOption && parser.text(setting.name) == kAll) continue;
    if (parser.given(setting.name)) setting.read(setting.name, parser.text(setting.name), settings);
  }
  if (find_trainer(settings.trainer).runs_members && settings.seed + (settings.members - 1) > kMaxSeed) {
    throw UserError(fmt::format("--seed {}: with --members {} the seeds would exceed {}", settings.seed,
                                settings.members, kMaxSeed));
  }
}

/// Options of one trainer that were given to another: whoever does this expects something that will not
/// happen.
void refuse_options_of_other_trainers(const CommandLineParser& parser, const Settings& settings) {
  const TrainerEntry& trainer = find_trainer(settings.trainer);
  for (const Setting& setting : all_settings()) {
    if (setting.group != SettingGroup::single_trainers || !parser.given(setting.name)) continue;
    if (trainer.reads(setting.name) || (setting.of_members && setting.applies(settings))) continue;
    std::vector<std::string_view> readers;
    for (const TrainerEntry& entry : all_trainers()) {
      if (entry.reads(setting.name)) readers.push_back(entry.name);
    }
    throw UserError(fmt::format("{}: is for trainer {}, not for {}", setting.name, fmt::join(readers, " or "),
                                trainer.name));
  }
}

/// Hyper-parameters of one optimiser, schedule or loss that were given to another.
void refuse_hyper_parameters_of_others(const CommandLineParser& parser, const Settings& settings) {
  for (const Setting& setting : all_settings()) {
    if (setting.owners.empty() || !parser.given(setting.name) || setting.applies(settings)) continue;
    const std::string other =
        setting.group == SettingGroup::optimisers
            ? fmt::format("{} with a {} rate", settings.optimiser.name, settings.optimiser.schedule)
            : fmt::format("the loss {}", settings.loss ? info(*settings.loss).word : "of the experiment");
    throw UserError(
        fmt::format("{}: is for {}, not for {}", setting.name, fmt::join(setting.owners, " or "), other));
  }
}

/// Options that are right in themselves and change nothing in this run.
void note_ineffective(const CommandLineParser& parser, Options& options) {
  Settings& settings = options.settings;
  const std::string_view trainer = stepping_trainer(settings).name;
  if (options.dump_parameters && options.json.empty()) {
    options.notes.push_back("--dump-parameters: adds to the record, which --json writes");
  }
  if (options.all_trainers) return;
  if (settings.threads > 1 && settings.folds <= 1 && !find_trainer(settings.trainer).parallel) {
    options.notes.push_back(fmt::format("--threads: trainer {} is serial and runs on one thread", trainer));
    settings.threads = 1;
  }
  for (const Setting& setting : all_settings()) {
    if (!setting.of_batches || setting.applies(settings) || !parser.given(setting.name)) continue;
    options.notes.push_back(fmt::format("{}: trainer {} takes all samples at once", setting.name, trainer));
  }
}

/// A file name that begins with a dash is rather an option whose value was forgotten.
void require_file_name(std::string_view option, const std::string& file) {
  if (file.empty() || (file.starts_with("-") && file != "-")) {
    throw UserError(fmt::format("{}: '{}' is not a file name (./{} would be)", option, printable_path(file),
                                printable_path(file)));
  }
}

/// Files of networks and states belong to a single run.
void read_network_files(const CommandLineParser& parser, Options& options) {
  const bool ensemble = find_trainer(options.settings.trainer).runs_members;
  const bool folds = options.settings.folds > 1;
  if (folds && (options.all_backends() || options.all_trainers || ensemble || !options.plot.empty())) {
    throw UserError(fmt::format("--folds: trains on one backend with one trainer; not with {}",
                                options.all_backends() ? "--backend all"
                                : options.all_trainers ? "--trainer all"
                                : ensemble             ? "--trainer ensemble"
                                                       : "--plot"));
  }
  const auto read = [&](std::string_view option, std::string& file) {
    if (!parser.given(option)) return;
    file = parser.text(option);
    require_file_name(option, file);
    if (file == "-") throw UserError(fmt::format("{}: - is not a file name", option));
    const char* const several = options.all_backends() ? "--backend all"
                                : options.all_trainers ? "--trainer all"
                                : ensemble             ? "--trainer ensemble"
                                : folds                ? "--folds"
                                                       : nullptr;
    if (several != nullptr && option != "--load")
      throw UserError(fmt::format("{}: keeps a single run, not those of {}", option, several));
  };
  read("--save", options.save);
  read("--load", options.load);
  read("--checkpoint", options.checkpoint);
  if (!options.load.empty() && parser.given("--init"))
    throw UserError("--init: the initial weights are those of --load");
  if (parser.given("--every")) {
    if (options.checkpoint.empty()) throw UserError("--every: is for --checkpoint");
    options.every = parse_integer("--every", parser.text("--every"), 1, kMaxEvery);
  }
  for (const auto& [option, file] :
       {std::pair("--save", &options.save), {"--checkpoint", &options.checkpoint}}) {
    if (!file->empty()) require_writable(option, *file);
  }
}

void read_outputs(const CommandLineParser& parser, const Experiment& experiment, Options& options) {
  if (parser.given("--plot")) {
    options.plot = parser.text("--plot");
    if (!experiment.draws_boundary) {
      throw UserError(fmt::format("--plot: {} has no picture; planar and moons have one", experiment.name));
    }
    require_file_name("--plot", options.plot);
    if (options.all_backends())
      throw UserError("--plot: draws the network of one backend, not of --backend all");
    if (options.all_trainers)
      throw UserError("--plot: draws the network of one trainer, not of --trainer all");
    require_plottable(options.plot);
  }
  if (parser.given("--json")) {
    options.json = parser.text("--json");
    require_file_name("--json", options.json);
    if (!options.json_on_stdout()) require_writable("--json", options.json);
  }
}

}  // namespace

std::optional<Options> parse_options(const Program& program, int argc, const char* const* argv) {
  CommandLineParser parser(program);
  parser.parse(argc, argv);
  if (answered(parser)) return std::nullopt;
  parser.refuse_leftovers();
  add_backends(parser.added_backends());

  const char* no_color = std::getenv("NO_COLOR");
  Options options;
  options.settings = program.experiment.defaults;
  options.backend = parser.given("--backend") ? parser.text("--backend") : usable_backends().front()->name;
  if (parser.given("--dtype") && parse_word("--dtype", parser.text("--dtype"), dtype_words()) == 1) {
    options.dtype = DType::float32;
  }
  if (!options.all_backends()) find_backend(options.backend, options.dtype);
  options.all_trainers = parser.text(kTrainerOption) == kAll;
  if (options.all_trainers && options.all_backends()) {
    throw UserError("--trainer all: compares the trainers on one backend, not on --backend all");
  }
  read_settings(parser, options.settings);
  if (!options.all_trainers) refuse_options_of_other_trainers(parser, options.settings);
  refuse_hyper_parameters_of_others(parser, options.settings);
  options.batch_size_given = parser.given("--batch-size");
  options.dump_parameters = parser.given("--dump-parameters");
  options.quiet = parser.given("--quiet");
  options.color = !parser.given("--no-color") && (no_color == nullptr || *no_color == '\0');
  read_outputs(parser, program.experiment, options);
  read_network_files(parser, options);
  note_ineffective(parser, options);
  return options;
}

}  // namespace mlpbench
