#include "experiments/cli/command_page.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "experiments/experiment.h"

namespace mlpbench {
namespace {

using Words = std::vector<std::string>;

template <typename Entries>
Words names_of(const Entries& entries) {
  Words words;
  for (const auto& entry : entries) words.emplace_back(entry.name);
  return words;
}

Words activations() {
  Words words;
  for (const Activation activation : hidden_activations()) words.emplace_back(to_string(activation));
  return words;
}

/// What options of this name take, in all programs.
Words registered_words(std::string_view option) {
  if (option == "--backend") return names_of(all_backends());
  if (option == "--trainer" || option == "--ensemble-of") return names_of(all_trainers());
  if (option == "--experiment") return names_of(all_experiments());
  if (option == "--dtype") return {"float64", "float32"};
  if (option == "--hogwild-form") return {"strict", "fast"};
  if (option == "--task") return {"binary", "multiclass", "regression"};
  if (option == "--activation") return activations();
  return {};
}

/// "a,b" of a type "TEXT:{a,b}", which is how CLI11 writes what CLI::IsMember checks for.
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
  if (page.words.empty()) page.words = registered_words(page.names.back());
  // "NAME|all": a name of the registry, or the word itself.
  if (const std::size_t bar = type.find('|'); bar != std::string::npos && !page.words.empty()) {
    page.words.push_back(type.substr(bar + 1));
  }
  // CLI11 writes what it checks behind the type: "UINT:INT in [1 - 10000]".
  page.type = type.substr(0, type.find_first_of(": "));
  return page;
}

}  // namespace

bool CommandPage::has_positional() const {
  return std::any_of(options.begin(), options.end(), [](const OptionPage& o) { return o.positional; });
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
