#include "experiments/cli/command_line_parser.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "experiments/cli/help_page.h"
#include "experiments/cli/shell_file.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

// Groups that only --help-all lists.
constexpr const char *kRarelyNeeded = "Rarely needed", *kSingleTrainers = "Single trainers";

std::string joined(const std::vector<std::size_t>& numbers) {
  return numbers.empty() ? "none" : fmt::format("{}", fmt::join(numbers, ","));
}

/// The option that an error of CLI11 is about: the first word of its text.
std::string option_of(const CLI::ParseError& error) {
  const std::string text = error.what();
  return text.substr(0, text.find_first_of(": "));
}

}  // namespace

CommandLineParser::CommandLineParser(const CommandLine& line)
    : line_(line), app_(std::make_unique<CLI::App>(std::string(line.about), std::string(line.program))) {
  app_->set_help_flag();
  app_->allow_extras();
  app_->get_formatter()->column_width(30);
  add_own_options();
  add_training_options();
  add_output_options();
  add_rare_options();
  add_trainer_options();
  add_hidden_options();
  app_->footer(footer());
}

CommandLineParser::~CommandLineParser() = default;

void CommandLineParser::parse(int argc, const char* const* argv) {
  for (int i = 1; i < argc; ++i) refuse_misplaced_value(argv[i]);
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ArgumentMismatch& error) {
    throw UserError(option_of(error) + ": needs a value");
  } catch (const CLI::ParseError& error) {
    const std::string text = error.what();
    throw UserError(text.substr(0, text.find('\n')));
  }
}

void CommandLineParser::refuse_leftovers() const {
  const std::vector<std::string> extras = app_->remaining();
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

bool CommandLineParser::given(const std::string& option) const { return app_->count(option) > 0; }

/// Only for the pages about the options: a missing value is our message, after --help and its like have been
/// looked for.
void CommandLineParser::require_own_options() {
  for (const OwnOption& own : line_.own_options) app_->get_option(own.name)->required(own.required);
}

std::string CommandLineParser::help() {
  require_own_options();
  if (!raw.help_all) {
    const auto is_rare = [](const CLI::Option* option) {
      return option->get_group() == kRarelyNeeded || option->get_group() == kSingleTrainers;
    };
    for (CLI::Option* option : app_->get_options(is_rare)) option->group("");
  }
  return help_page(*app_);
}

std::string CommandLineParser::shell_file() {
  require_own_options();
  return mlpbench::shell_file(*app_, raw.shell_file);
}

/// What CLI11 is lenient about: it takes the next argument for the value of "--epochs=", and "--quiet=3"
/// for --quiet.
void CommandLineParser::refuse_misplaced_value(std::string_view argument) const {
  const std::size_t equals = argument.find('=');
  if (!argument.starts_with("--") || equals == std::string_view::npos) return;
  const std::string name(argument.substr(0, equals));
  const CLI::Option* option = app_->get_option_no_throw(name);
  if (option == nullptr) return;
  if (option->get_items_expected_max() == 0) throw UserError(name + ": takes no value");
  if (equals + 1 == argument.size()) throw UserError(name + ": needs a value");
}

void CommandLineParser::text(const std::string& name, const char* type, const std::string& about,
                             std::string& value) {
  app_->add_option(name, value, about)
      ->type_name(type)
      ->group(group_)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void CommandLineParser::flag(const std::string& name, const std::string& about, bool& value) {
  app_->add_flag(name, value, about)->group(group_)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

void CommandLineParser::add_own_options() {
  group_ = "Data";
  for (const OwnOption& own : line_.own_options) text(own.name, own.type.c_str(), own.about, *own.value);
}

void CommandLineParser::add_training_options() {
  const Settings& defaults = line_.defaults;
  group_ = "Training";
  text("--backend", "NAME|all", "one of --list-backends, or a row for each (default: the fastest)",
       raw.backend);
  text("--dtype", "TYPE", "float64 or float32 (default float64)", raw.dtype);
  text("--trainer", "NAME", fmt::format("one of --list-trainers (default {})", defaults.trainer),
       raw.trainer);
  text("--threads", "N", fmt::format("for parallel trainers (default {})", defaults.threads), raw.threads);
  text("--epochs", "N", fmt::format("passes over the data (default {})", defaults.epochs), raw.epochs);
  text("--learning-rate", "R", fmt::format("(default {})", defaults.learning_rate), raw.learning_rate);
  text("--batch-size", "N",
       fmt::format("samples of an update, in mini-batches (default {})", defaults.batch_size),
       raw.batch_size);
  text("--hidden", "N[,N...]",
       fmt::format("units of the hidden layers (default {})", joined(defaults.hidden)), raw.hidden);
  text("--seed", "N", fmt::format("of weights, drawn data, batches (default {})", defaults.seed), raw.seed);
  text("--target-loss", "R", "end when the loss on the held-out data is at most this", raw.target_loss);
  text("--target-accuracy", "R", "end when their accuracy is at least this, 0 to 1", raw.target_accuracy);
}

void CommandLineParser::add_output_options() {
  group_ = "Output";
  text("--json", "FILE", "the result record; - is stdout, instead of text", raw.json);
  if (line_.draws_picture) text("--plot", "FILE", "draw the decision boundary, .svg or .png", raw.plot);
  flag("--quiet", "nothing but errors", raw.quiet);
  flag("--list-backends", "what can compute here, and what not and why", raw.list_backends);
  flag("--list-trainers", "the ways to train", raw.list_trainers);
  flag("-h,--help", "this page", raw.help);
  flag("--help-all", "with the options that are rarely needed, and those of single trainers", raw.help_all);
  flag("--version", "version and build", raw.version);
}

void CommandLineParser::add_rare_options() {
  const Settings& defaults = line_.defaults;
  group_ = kRarelyNeeded;
  text("--split-seed", "N", fmt::format("of training and test set (default {})", defaults.split_seed),
       raw.split_seed);
  flag("--keep-incomplete-batch",
       fmt::format("train on the last, smaller batch too{}",
                   defaults.keep_incomplete_batch ? " (always)" : ""),
       raw.keep_incomplete_batch);
  flag("--dump-parameters", "weights and biases in the record too", raw.dump_parameters);
  flag("--no-color", "plain progress bar (as NO_COLOR)", raw.no_color);
}

void CommandLineParser::add_trainer_options() {
  const Settings& defaults = line_.defaults;
  group_ = kSingleTrainers;
  flag("--force-parallel", "full-batch, sync: also where serial is faster", raw.force_parallel);
  text("--workers", "K", fmt::format("local-sgd: logical workers (default {})", defaults.workers),
       raw.workers);
  text("--local-steps", "H",
       fmt::format("local-sgd: steps between two averages (default {})", defaults.local_steps),
       raw.local_steps);
  text("--sync-epochs", "N",
       fmt::format("local-sgd: first epochs with H = 1 (default {})", defaults.sync_epochs), raw.sync_epochs);
  text("--hogwild-form", "FORM", "hogwild: strict (atomic) or fast (default strict)", raw.hogwild_form);
  text("--members", "N", fmt::format("ensemble: seeds from --seed on (default {})", defaults.members),
       raw.members);
  text("--ensemble-of", "NAME", fmt::format("ensemble: the members' trainer (default {})", defaults.trainer),
       raw.ensemble_of);
}

/// Not in any help.
void CommandLineParser::add_hidden_options() {
  group_ = "";
  text(kShellFileOption, "KIND", "", raw.shell_file);
  // Understood for the sake of a clear answer.
  if (!line_.draws_picture) text("--plot", "FILE", "", raw.plot);
}

std::string CommandLineParser::footer() const {
  std::string text = "Examples:\n";
  for (const std::string& example : line_.examples) text += fmt::format("  {} {}\n", line_.program, example);
  return text +
         "\nExit codes: 0 done, 2 wrong usage, file or data, 4 wrong result (diverged), 130 interrupted";
}

}  // namespace mlpbench
