#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "experiments/cli/command_page.h"

namespace mlpbench {
namespace {

/// A backslash before each of `characters`.
std::string escaped(const std::string& text, std::string_view characters) {
  std::string safe;
  for (const char c : text) safe.append(characters.find(c) != characters.npos ? "\\" : "").push_back(c);
  return safe;
}

/// Within '[...]' and ':' of zsh's _arguments.
std::string zsh_safe(const std::string& text) { return escaped(text, "[]:\\"); }

/// fish knows "\'" within single quotes.
std::string fish_quoted(const std::string& text) { return "'" + escaped(text, "'\\") + "'"; }

std::string heading(const CommandPage& page, std::string_view shell) {
  return fmt::format("# Completions of {0} for {1}, made from its options.\n", page.name, shell);
}

// bash

/// What bash offers for the value of `option`.
std::string bash_value(const OptionPage& option) {
  if (!option.words.empty()) return fmt::format("words='{}'", fmt::join(option.words, " "));
  if (option.takes_folder()) return "kind=directory";
  return option.takes_file() ? "kind=file" : "return";
}

/// Branches of "case $command,$previous".
std::string bash_branches(const CommandPage& page, const std::string& command) {
  std::string text, positional;
  std::vector<std::string> names;
  for (const OptionPage& option : page.options) {
    if (option.positional) {
      positional = bash_value(option);
      continue;
    }
    names.insert(names.end(), option.names.begin(), option.names.end());
    if (!option.takes_value) continue;
    for (const std::string& name : option.names) {
      text += fmt::format("    {},{}) {} ;;\n", command, name, bash_value(option));
    }
  }
  for (const CommandPage& sub : page.commands) names.push_back(sub.name);
  const std::string otherwise = fmt::format("words='{}'", fmt::join(names, " "));
  return text + (positional.empty()
                     ? fmt::format("    {},*) {} ;;\n", command, otherwise)
                     : fmt::format("    {},*) if [[ $current == -* ]]; then {}; else {}; fi ;;\n", command,
                                   otherwise, positional));
}

// zsh

std::string zsh_value(const OptionPage& option) {
  std::string action;
  if (!option.words.empty() && option.takes_list()) {
    action = fmt::format("_values -s , value {}", fmt::join(option.words, " "));
  } else if (!option.words.empty()) {
    action = fmt::format("({})", fmt::join(option.words, " "));
  } else if (option.takes_folder()) {
    action = "_files -/";
  } else if (option.takes_file()) {
    action = "_files";
  }
  return fmt::format(":{}:{}", zsh_safe(option.positional ? option.names.back() : option.type), action);
}

/// The arguments of _arguments, each on a line of its own.
std::string zsh_arguments(const CommandPage& page) {
  std::string text;
  for (const OptionPage& option : page.options) {
    const std::string value = option.takes_value ? zsh_value(option) : "";
    if (option.positional) text += " \\\n    " + single_quoted(value);
    if (option.positional) continue;
    // Of several names one is enough.
    const std::string others =
        option.names.size() > 1 ? fmt::format("({})", fmt::join(option.names, " ")) : "";
    for (const std::string& name : option.names) {
      const bool equals = option.takes_value && name.starts_with("--");
      text += " \\\n    " + single_quoted(fmt::format("{}{}{}[{}]{}", others, name, equals ? "=" : "",
                                                      zsh_safe(option.about), value));
    }
  }
  return text;
}

std::string zsh_commands(const CommandPage& page) {
  std::string text = "  local -a commands=(\n";
  for (const CommandPage& sub : page.commands) {
    text += "    " + single_quoted(sub.name + ":" + zsh_safe(sub.about)) + "\n";
  }
  text += "  )\n  local curcontext=$curcontext state line\n  _arguments -C" + zsh_arguments(page) +
          " \\\n    '1:command:->command' '*::argument:->argument'\n  case $state in\n"
          "  command) _describe command commands ;;\n  argument) case $line[1] in\n";
  for (const CommandPage& sub : page.commands) {
    text += fmt::format("  {}) _arguments{} ;;\n", sub.name, zsh_arguments(sub));
  }
  return text + "  esac ;;\n  esac\n";
}

// fish

std::string fish_value(const OptionPage& option) {
  const std::string words = fmt::format("{}", fmt::join(option.words, " "));
  if (!option.words.empty() && option.takes_list())
    return fmt::format(" -x -a '(__fish_append , {})'", words);
  if (!option.words.empty()) return fmt::format(" -x -a '{}'", words);
  if (option.takes_folder()) return " -x -a '(__fish_complete_directories)'";
  return option.takes_file() ? " -r -F" : " -x";
}

/// `condition`: when the options of `page` are offered, as an argument of `complete`.
std::string fish_lines(const CommandPage& page, const std::string& program, const std::string& condition) {
  const std::string complete = "complete -c " + program + condition;
  std::string text;
  for (const OptionPage& option : page.options) {
    if (option.positional) {
      text += complete + (option.words.empty() ? " -F" : fish_value(option)) + "\n";
      continue;
    }
    text += complete;
    for (const std::string& name : option.names) {
      text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
    text += (option.takes_value ? fish_value(option) : "") + " -d " + fish_quoted(option.about) + "\n";
  }
  return text;
}

}  // namespace

std::string bash_completion(const CommandPage& page) {
  std::vector<std::string> commands;
  std::string branches;
  for (const CommandPage& sub : page.commands) {
    commands.push_back(sub.name);
    branches += bash_branches(sub, sub.name);
  }
  branches += bash_branches(page, "");
  const std::string find_command = commands.empty()
                                       ? ""
                                       : fmt::format(R"(  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case $word in {}) command=$word; break ;; esac
  done
)",
                                                     fmt::join(commands, " | "));
  return heading(page, "bash") + fmt::format(R"(_{0}() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}}
  local command='' words='' kind='' prefix='' word
  COMPREPLY=()
  # bash takes "--name=value" apart into three words.
  if [[ $current == = ]]; then
    current=''
  elif [[ $previous == = ]]; then
    previous=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
{1}  case $command,$previous in
{2}  esac
  if [[ -n $kind ]]; then
    mapfile -t COMPREPLY < <(compgen -A "$kind" -- "$current")
    return
  fi
  # Of "a,b" only what is behind the comma is completed.
  [[ $current != *,* ]] || prefix=${{current%,*}},
  mapfile -t COMPREPLY < <(compgen -P "$prefix" -W "$words" -- "${{current##*,}}")
}}
complete -o filenames -F _{0} {0}
)",
                                             page.name, find_command, branches);
}

std::string zsh_completion(const CommandPage& page) {
  const std::string body =
      page.commands.empty() ? "  _arguments" + zsh_arguments(page) + "\n" : zsh_commands(page);
  // In a folder of $fpath the file is the function's body, run at once; sourced, it only defines it.
  return fmt::format("#compdef {0}\n", page.name) + heading(page, "zsh") +
         fmt::format(
             "_{0}() {{\n{1}}}\nif [[ $funcstack[1] == _{0} ]]; then _{0} \"$@\"; else compdef _{0} {0}; "
             "fi\n",
             page.name, body);
}

std::string fish_completion(const CommandPage& page) {
  std::string text = heading(page, "fish");
  const auto is_positional = [](const OptionPage& option) { return option.positional; };
  if (std::none_of(page.options.begin(), page.options.end(), is_positional))
    text += fmt::format("complete -c {} -f\n", page.name);
  const std::string first = page.commands.empty() ? "" : " -n __fish_use_subcommand";
  text += fish_lines(page, page.name, first);
  for (const CommandPage& sub : page.commands) {
    text += fmt::format("complete -c {}{} -a {} -d {}\n", page.name, first, sub.name, fish_quoted(sub.about));
    text += fish_lines(sub, page.name, fmt::format(" -n '__fish_seen_subcommand_from {}'", sub.name));
  }
  return text;
}

}  // namespace mlpbench
