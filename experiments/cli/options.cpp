#include "experiments/cli/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <limits>

#include "core/data/csv.h"
#include "core/error.h"
#include "experiments/cli/atomic_file.h"
#include "experiments/cli/boundary_plot.h"
#include "experiments/cli/option_values.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/table.h"

namespace mlpbench {
namespace {

/// The command line as text. Values are read after all of it is known, so that --help answers whatever else
/// is there.
struct RawOptions {
  std::string backend, dtype, trainer, threads;
  std::string epochs, learning_rate, batch_size, hidden, seed, split_seed;
  std::string json, plot;
  bool keep_incomplete_batch = false, dump_parameters = false;
  bool quiet = false, no_color = false;
  bool list_backends = false, list_trainers = false, help = false, version = false;
};

std::string joined(const std::vector<std::size_t>& numbers) {
  return numbers.empty() ? "none" : fmt::format("{}", fmt::join(numbers, ","));
}

/// CLI11 finds the options and writes the help; the messages are ours, one line each.
class Parser {
 public:
  explicit Parser(const CommandLine& line)
      : line_(line), app_(std::string(line.about), std::string(line.program)) {
    app_.set_help_flag();
    app_.allow_extras();
    app_.get_formatter()->column_width(30);
    add_own_options();
    add_training_options();
    add_output_options();
    app_.footer(footer());
  }

  void parse(int argc, const char* const* argv) {
    for (int i = 1; i < argc; ++i) refuse_misplaced_value(argv[i]);
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ArgumentMismatch& error) {
      throw UserError(option_of(error) + ": needs a value");
    } catch (const CLI::ParseError& error) {
      const std::string text = error.what();
      throw UserError(text.substr(0, text.find('\n')));
    }
  }

  /// What parse() has left for the answers that need no work to be checked first.
  void refuse_leftovers() const {
    const std::vector<std::string> extras = app_.remaining();
    if (!extras.empty()) {
      const bool option = extras.front().starts_with("-");
      throw UserError(fmt::format("{}: unknown {}; --help lists what there is", printable(extras.front()),
                                  option ? "option" : "argument"));
    }
    for (const OwnOption& own : line_.own_options) {
      if (own.required && own.value->empty())
        throw UserError(own.name + ": is missing; --help shows the usage");
    }
  }

  bool given(const std::string& option) const { return app_.count(option) > 0; }

  std::string help() {
    // Only here: a missing value is our message, after --help and its like have been looked for.
    for (const OwnOption& own : line_.own_options) app_.get_option(own.name)->required(own.required);
    std::string text = app_.help();
    // CLI11 leaves two blank lines between groups; one keeps the page on one screen.
    for (std::size_t at = 0; (at = text.find("\n\n\n", at)) != std::string::npos;) text.erase(at, 1);
    return text;
  }

  RawOptions raw;

 private:
  /// What CLI11 is lenient about: it takes the next argument for the value of "--epochs=", and "--quiet=3"
  /// for --quiet.
  void refuse_misplaced_value(std::string_view argument) const {
    const std::size_t equals = argument.find('=');
    if (!argument.starts_with("--") || equals == std::string_view::npos) return;
    const std::string name(argument.substr(0, equals));
    const CLI::Option* option = app_.get_option_no_throw(name);
    if (option == nullptr) return;
    if (option->get_items_expected_max() == 0) throw UserError(name + ": takes no value");
    if (equals + 1 == argument.size()) throw UserError(name + ": needs a value");
  }

  void text(const std::string& name, const char* type, const std::string& about, std::string& value) {
    app_.add_option(name, value, about)
        ->type_name(type)
        ->group(group_)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  void flag(const std::string& name, const std::string& about, bool& value) {
    app_.add_flag(name, value, about)->group(group_)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  }

  void add_own_options() {
    group_ = "Data";
    for (const OwnOption& own : line_.own_options) text(own.name, own.type.c_str(), own.about, *own.value);
  }

  void add_training_options() {
    const Settings& defaults = line_.defaults;
    group_ = "Computation";
    text("--backend", "NAME", "one of --list-backends, or all (default: the fastest)", raw.backend);
    text("--dtype", "TYPE", "float64 or float32 (default float64)", raw.dtype);
    text("--trainer", "NAME", fmt::format("one of --list-trainers (default {})", defaults.trainer),
         raw.trainer);
    text("--threads", "N", fmt::format("for parallel trainers (default {})", defaults.threads), raw.threads);

    group_ = "Training";
    text("--epochs", "N", fmt::format("passes over the data (default {})", defaults.epochs), raw.epochs);
    text("--learning-rate", "R", fmt::format("(default {})", defaults.learning_rate), raw.learning_rate);
    text("--batch-size", "N",
         fmt::format("samples of an update, in mini-batches (default {})", defaults.batch_size),
         raw.batch_size);
    flag("--keep-incomplete-batch",
         fmt::format("train on the last, smaller batch too{}",
                     defaults.keep_incomplete_batch ? " (always)" : ""),
         raw.keep_incomplete_batch);
    text("--hidden", "N[,N...]",
         fmt::format("units of the hidden layers (default {})", joined(defaults.hidden)), raw.hidden);
    text("--seed", "N", fmt::format("of weights, drawn data, batches (default {})", defaults.seed), raw.seed);
    text("--split-seed", "N", fmt::format("of training and test set (default {})", defaults.split_seed),
         raw.split_seed);
  }

  void add_output_options() {
    group_ = "Output";
    text("--json", "FILE", "the result record; - is stdout, instead of text", raw.json);
    flag("--dump-parameters", "weights and biases in the record too", raw.dump_parameters);
    if (line_.draws_picture) text("--plot", "FILE", "draw the decision boundary, .svg or .png", raw.plot);
    flag("--quiet", "nothing but errors", raw.quiet);
    flag("--no-color", "plain progress bar (as NO_COLOR)", raw.no_color);
    flag("--list-backends", "what can compute here, and what not and why", raw.list_backends);
    flag("--list-trainers", "the ways to train", raw.list_trainers);
    flag("-h,--help", "this page", raw.help);
    flag("--version", "version and build", raw.version);
    if (!line_.draws_picture) {
      group_ = "";  // hidden from the help, and understood for the sake of a clear answer
      text("--plot", "FILE", "", raw.plot);
    }
  }

  std::string footer() const {
    std::string text = "Examples:\n";
    for (const std::string& example : line_.examples)
      text += fmt::format("  {} {}\n", line_.program, example);
    return text + "\nExit codes: 0 done, 2 wrong usage, file or data, 4 wrong result (diverged)";
  }

  static std::string option_of(const CLI::ParseError& error) {
    const std::string text = error.what();
    return text.substr(0, text.find_first_of(": "));
  }

  const CommandLine& line_;
  CLI::App app_;
  std::string group_;
};

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
bool answered(Parser& parser) {
  if (parser.raw.help) {
    fmt::print("{}", parser.help());
  } else if (parser.raw.version) {
    fmt::print("{}\n", version_line());
  } else if (parser.raw.list_backends) {
    print_backends();
  } else if (parser.raw.list_trainers) {
    print_trainers();
  } else {
    return false;
  }
  return true;
}

void read_settings(const Parser& parser, Options& options) {
  constexpr std::uint64_t kMaxSeed = std::numeric_limits<std::uint32_t>::max();
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
  options.batch_size_given = parser.given("--batch-size");
}

/// Options that are right in themselves and change nothing in this run.
void note_ineffective(const Parser& parser, Options& options) {
  Settings& settings = options.settings;
  const TrainerEntry& trainer = find_trainer(settings.trainer);
  // Every trainer of today is serial (TrainingOptions has no number of threads).
  if (settings.threads > 1) {
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

void read_outputs(const Parser& parser, const CommandLine& line, Options& options) {
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
  Parser parser(command_line);
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
  read_settings(parser, options);
  options.dump_parameters = raw.dump_parameters;
  options.quiet = raw.quiet;
  options.color = !raw.no_color && (no_color == nullptr || *no_color == '\0');
  read_outputs(parser, command_line, options);
  note_ineffective(parser, options);
  return options;
}

}  // namespace mlpbench
