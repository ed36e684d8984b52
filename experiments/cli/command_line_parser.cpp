#include "experiments/cli/command_line_parser.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "experiments/cli/command_page.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// The option that an error of CLI11 is about: the first word of its text.
std::string option_of(const CLI::ParseError& error) {
  const std::string text = error.what();
  return text.substr(0, text.find_first_of(": "));
}

}  // namespace

CommandLineParser::CommandLineParser(const Program& program) : program_(program) {
  const Experiment& experiment = program.experiment;
  app_ = std::make_unique<CLI::App>(fmt::format("{}: {}", experiment.name, experiment.about),
                                    std::string(experiment.name));
  app_->set_help_flag();
  app_->allow_extras();
  app_->get_formatter()->column_width(30);
  group_ = "Data";
  add_own_options(false);
  add_settings(SettingGroup::data);
  group_ = "Training";
  std::vector<std::string_view> backends = names_of(mlpbench::all_backends());
  backends.push_back("all");
  add("--backend", "NAME|all", "one of --list-backends (default: the fastest)", backends);
  add("--dtype", "TYPE", "float64 or float32 (default float64)", dtype_words());
  add_settings(SettingGroup::training);
  add_output_options();
  group_ = kRarelyNeeded;
  add_own_options(true);
  add_settings(SettingGroup::rarely_needed);
  add_backend_options(*app_, group_);
  add("--dump-parameters", "", "weights and biases in the record too");
  add("--no-color", "", "plain progress bar (as NO_COLOR)");
  group_ = kNetworkFiles;
  add("--save", "FILE", "the trained network; predict and Python read it");
  add("--load", "FILE", "start from a saved network");
  add("--checkpoint", "FILE", "keep the state of the run; if it is there, go on with it");
  add("--every", "N", "epochs between two checkpoints (default 1)");
  group_ = kLearning;
  add_settings(SettingGroup::learning);
  group_ = kOptimisers;
  add("--list-optimisers", "", "optimisers, and schedules of the learning rate");
  add_settings(SettingGroup::optimisers);
  group_ = kSingleTrainers;
  add("--list-trainers", "", "trainers, and what each does");
  add_settings(SettingGroup::single_trainers);
  group_ = "";  // in no help
  add(kShellFileOption, "KIND", "");
  if (!program_.experiment.draws_boundary) add("--plot", "FILE", "");  // for the sake of a clear answer
  app_->footer(footer());
}

CommandLineParser::~CommandLineParser() = default;

void CommandLineParser::parse(int argc, const char* const* argv) {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) refuse_misplaced_value(argv[i]);
  try {
    app_->parse(argc, argv);
  } catch (const CLI::ArgumentMismatch& error) {
    throw UserError(option_of(error) + ": needs a value");
  } catch (const CLI::ParseError& error) {
    const std::string text = error.what();
    throw UserError(text.substr(0, text.find('\n')));
  }
  for (const OwnOption& own : program_.own_options) *own.value = text(own.name);
}

void CommandLineParser::refuse_leftovers() const {
  std::vector<std::string> extras = app_->remaining();
  std::erase(extras, "--");  // what follows it is never an option
  if (!extras.empty()) {
    const bool option = extras.front().starts_with("-");
    throw UserError(fmt::format("{}: unknown {}{}; --help lists what there is", printable(extras.front()),
                                option ? "option" : "argument", suggested_option(*app_, extras.front())));
  }
  for (const OwnOption& own : program_.own_options) {
    if (own.required && own.value->empty())
      throw UserError(own.name + ": is missing; --help shows the usage");
  }
}

bool CommandLineParser::given(std::string_view option) const {
  const CLI::Option* known = app_->get_option_no_throw(std::string(option));
  return known != nullptr && known->count() > 0;
}

std::string CommandLineParser::text(std::string_view option) const {
  return given(option) ? app_->get_option(std::string(option))->results().back() : "";
}

AddedBackends CommandLineParser::added_backends() const { return mlpbench::added_backends(*app_); }

/// Only for the pages about the options: a missing value is our message, after --help and its like have been
/// looked for.
void CommandLineParser::require_own_options() {
  for (const OwnOption& own : program_.own_options) app_->get_option(own.name)->required(own.required);
}

std::string CommandLineParser::help() {
  require_own_options();
  return help_page(*app_, given("--help-all"));
}

std::string CommandLineParser::shell_file() {
  require_own_options();
  return mlpbench::shell_file(*app_, text(kShellFileOption));
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

/// A flag where `type` is empty, unless it is a positional argument.
void CommandLineParser::add(std::string_view name, std::string_view type, const std::string& about,
                            const std::vector<std::string_view>& words) {
  const bool flag = type.empty() && name.starts_with("-");
  CLI::Option* option =
      flag ? app_->add_flag(std::string(name), about) : app_->add_option(std::string(name), about);
  option->group(group_)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  if (!flag) set_type(*option, type, words);
}

void CommandLineParser::add_own_options(bool rarely_needed) {
  for (const OwnOption& own : program_.own_options) {
    if (own.rarely_needed == rarely_needed) add(own.name, own.type, own.about, own.words);
  }
}

void CommandLineParser::add_settings(SettingGroup group) {
  for (const Setting& setting : all_settings()) {
    const bool offered =
        group != SettingGroup::data || !setting.value(program_.experiment.defaults).is_null();
    if (setting.group != group || !offered) continue;
    add(setting.name, setting.type,
        fmt::format(fmt::runtime(setting.about), setting.default_text(program_.experiment.defaults)),
        setting.words == nullptr ? std::vector<std::string_view>{} : setting.words());
  }
}

void CommandLineParser::add_output_options() {
  group_ = "Output";
  add("--json", "FILE", "the result record; - is stdout, instead of text");
  if (program_.experiment.draws_boundary) add("--plot", "FILE", "draw the decision boundary, .svg or .png");
  add("--quiet", "", "print only errors");
  add("--list-backends", "", "backends that run here, and why others do not");
  add("-h,--help", "", "print this help");
  add("--help-all", "", "print all options");
  add("--version", "", "version and build");
}

std::string CommandLineParser::footer() const {
  std::string text = "Examples:\n";
  for (const std::string& example : program_.examples) {
    text += fmt::format("  {} {}\n", program_.experiment.name, example);
  }
  return text +
         "\nExit codes: 0 done, 2 wrong usage, file or data, 4 wrong result, 5 a rank was\nlost; 129, 130, "
         "143 by a signal";
}

}  // namespace mlpbench
