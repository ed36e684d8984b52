#include "experiments/cli/command_page.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <sstream>

#include "support/error.h"
#include "support/option_values.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using Words = std::vector<std::string>;

/// a and b of a type "TEXT:{a,b}". CLI11 writes so what CLI::IsMember checks for, set_type() the words of
/// other options.
Words checked_words(const std::string& type) {
  Words words;
  const std::size_t begin = type.find('{'), end = type.find('}');
  if (begin == std::string::npos || end == std::string::npos) return words;
  for (std::size_t at = begin + 1; at <= end;) {
    const std::size_t stop = std::min(type.find(',', at), end);
    words.push_back(type.substr(at, stop - at));
    at = stop + 1;
  }
  return words;
}

OptionPage describe(const CLI::Option& option) {
  OptionPage page;
  page.positional = option.get_positional() && option.get_lnames().empty();
  if (page.positional) {
    page.names = {option.get_single_name()};
  } else {
    for (const std::string& name : option.get_snames()) page.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) page.names.push_back("--" + name);
  }
  page.about = option.get_description();
  std::replace(page.about.begin(), page.about.end(), '\n', ' ');
  page.group = option.get_group();
  page.takes_value = option.get_items_expected_max() > 0;
  if (!page.takes_value) return page;
  const std::string type = option.get_type_name();
  page.words = checked_words(type);
  // CLI11 writes what it checks behind the type: "UINT:INT in [1 - 10000]".
  page.type = type.substr(0, type.find_first_of(": "));
  return page;
}

/// Lines of at most 80 columns. What is cut off an option's description goes on below it; of another line it
/// is indented as the line is.
std::string narrow(const std::string& page) {
  constexpr std::size_t kWidth = 80, kDescriptions = 30;
  std::string text;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line); text += "\n") {
    const std::size_t begin = line.find_first_not_of(' '), gap = line.find("  ", begin);
    const bool option = begin == 2 && line[begin] == '-' && gap < kDescriptions;
    const std::size_t indent = option ? line.find_first_not_of(' ', gap) : std::min(begin, line.size());
    text += wrapped(line, kWidth, std::string(indent, ' '));
  }
  return text;
}

}  // namespace

void set_type(CLI::Option& option, std::string_view type, const std::vector<std::string_view>& words) {
  if (words.empty()) {
    option.type_name(std::string(type));
    return;
  }
  const bool many = option.get_expected_max() == CLI::detail::expected_max_vector_size;
  option.type_name(fmt::format("{}:{{{}}}", type, fmt::join(words, ",")))
      ->option_text(fmt::format("{}{}", type, many ? " ..." : ""));
}

void add_backend_options(CLI::App& app, const std::string& group) {
  const auto add = [&](const char* name, const char* type, const char* about) {
    app.add_option(std::string(name))
        ->description(about)
        ->type_name(type)
        ->group(group)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  };
  add(kBlasOption, "NAME=FILE", "CBLAS library as backend NAME; repeatable");
  add(kPluginOption, "FILE", "a backend of your own; repeatable");
  add(kThreadsOption, "N", "also openblas, mkl, blis with N threads each");
}

AddedBackends added_backends(const CLI::App& app) {
  const std::vector<std::string> threads = app.get_option(kThreadsOption)->results();
  return {app.get_option(kBlasOption)->results(), app.get_option(kPluginOption)->results(),
          threads.empty() ? 1 : parse_integer(kThreadsOption, threads.back(), 1, 1024)};
}

CLI::Option* add_help_all(CLI::App& app) {
  return app.set_help_all_flag("--help-all", "with those for your own backends, networks, data")
      ->configurable(false);
}

std::string help_page(CLI::App& app, bool all) {
  const auto is_rare = [](const CLI::Option* option) {
    const std::string& group = option->get_group();
    return group == kRarelyNeeded || group == kNetworkFiles || group == kLearning || group == kOptimisers ||
           group == kSingleTrainers || group == kOwnGroup;
  };
  std::vector<CLI::App*> shown = app.get_subcommands();
  shown.push_back(&app);
  for (CLI::App* page : all ? std::vector<CLI::App*>{} : shown) {
    for (CLI::Option* option : page->get_options(is_rare)) option->group("");
  }
  std::string text = app.help();
  for (std::size_t at = 0; (at = text.find("\n\n\n", at)) != std::string::npos;) text.erase(at, 1);
  return narrow(text);
}

std::string suggested_option(const CLI::App& app, std::string_view wrong) {
  if (!wrong.starts_with("--")) return "";
  std::vector<std::string> names;
  for (const OptionPage& option : describe(app).options) {
    for (const std::string& name : option.names) {
      if (name.starts_with("--")) names.push_back(name);
    }
  }
  return did_you_mean(wrong.substr(0, wrong.find('=')), names);
}

std::string shell_file(const CLI::App& app, std::string_view kind) {
  const CommandPage page = describe(app);
  if (kind == "bash") return bash_completion(page);
  if (kind == "zsh") return zsh_completion(page);
  if (kind == "fish") return fish_completion(page);
  if (kind == "man") return manual_page(page, MLPBENCH_VERSION);
  throw UserError(
      fmt::format("{}: '{}' is not one of bash, zsh, fish, man", kShellFileOption, printable(kind)));
}

std::string single_quoted(std::string_view text) {
  std::string safe = "'";
  for (const char c : text) safe += c == '\'' ? "'\\''" : std::string(1, c);
  return safe + "'";
}

std::string shell_quoted(std::string_view argument) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("_./,=:+@%-").find(static_cast<char>(c)) != std::string::npos;
  };
  const bool plain = !argument.empty() && std::all_of(argument.begin(), argument.end(), is_plain);
  if (plain) return std::string(argument);
  if (printable_path(argument) == argument) return single_quoted(argument);
  std::string escaped;  // printable() leaves its backslashes alone, and bash and zsh read \xNN in $'...'
  for (const char c : argument) escaped += c == '\\' || c == '\'' ? std::string("\\") + c : std::string(1, c);
  return "$'" + printable_path(escaped) + "'";
}

CommandPage describe(const CLI::App& app) {
  CommandPage page{app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  for (const CLI::Option* option : app.get_options([](const CLI::Option*) { return true; })) {
    if (!option->get_group().empty()) page.options.push_back(describe(*option));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_group().empty()) continue;
    page.commands.push_back(describe(*command));
    // CLI11 hands the end of the help down to commands that have none of their own.
    if (page.commands.back().footer == page.footer) page.commands.back().footer.clear();
  }
  return page;
}

}  // namespace mlpbench
