#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "experiments/cli/command_page.h"

namespace mlpbench {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// roff reads a backslash, and a dot or quote at the start of a line, as its own; "-" would become a hyphen.
std::string roff(const std::string& text) {
  const std::string safe = "\n" + replaced(replaced(text, "\\", "\\e"), "-", "\\-");
  return replaced(replaced(safe, "\n.", "\n\\&."), "\n'", "\n\\&'").substr(1);
}

/// One word of a macro's arguments.
std::string argument(const std::string& text) { return "\"" + replaced(roff(text), "\"", "\\(dq") + "\""; }

/// With a capital, unless it begins with a file's or a program's name, and a full stop.
std::string sentence(std::string text) {
  if (text.empty()) return text;
  const std::string word = text.substr(0, text.find(' '));
  const bool is_word = std::all_of(word.begin(), word.end(),
                                   [](unsigned char c) { return std::isalpha(c) || c == ',' || c == ':'; });
  if (is_word) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text.back() == '.' ? text : text + ".";
}

std::string roff_option(const OptionPage& option) {
  const bool typed = option.takes_value && !option.positional && !option.type.empty();
  std::string text =
      fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", roff(fmt::format("{}", fmt::join(option.names, ", "))),
                  typed ? " \\fI" + roff(option.type) + "\\fR" : "", roff(sentence(option.about)));
  if (!option.words.empty()) text += roff(fmt::format("One of {}.", fmt::join(option.words, ", "))) + "\n";
  return text;
}

/// `heading`: the macro of a group's heading, or nothing: of a command, which then also leaves --help out.
std::string roff_options(const CommandPage& page, const char* heading) {
  std::string text, group;
  for (const OptionPage& option : page.options) {
    if (heading != nullptr && option.group != group && option.group != "Options") {
      text += fmt::format("{} {}\n", heading, argument(option.group));
    }
    group = option.group;
    if (heading != nullptr || option.names.back() != "--help") text += roff_option(option);
  }
  return text;
}

/// "Exit codes: 0 ok" becomes a section "EXIT CODES"; lines stay as they are.
std::string roff_footer(const std::string& footer, const char* heading) {
  std::string text;
  for (std::size_t at = 0; at < footer.size();) {
    const std::size_t end = std::min(footer.find("\n\n", at), footer.size());
    std::string paragraph = footer.substr(at, end - at);
    at = footer.find_first_not_of('\n', end);
    if (at == std::string::npos) at = footer.size();
    const std::size_t colon = paragraph.find(':');
    if (colon == std::string::npos) continue;
    std::string title = paragraph.substr(0, colon);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const std::size_t begin = paragraph.find_first_not_of(" \n", colon + 1);
    if (begin == std::string::npos) continue;
    text += fmt::format("{} {}\n.nf\n{}\n.fi\n", heading, argument(title),
                        roff(replaced("\n" + paragraph.substr(begin), "\n  ", "\n").substr(1)));
  }
  return text;
}

/// The description without the name that it may begin with.
std::string about_of(const CommandPage& page) {
  const std::string prefix = page.name + ": ";
  return page.about.starts_with(prefix) ? page.about.substr(prefix.size()) : page.about;
}

std::string synopsis(const CommandPage& page) {
  std::string text = fmt::format(".SH SYNOPSIS\n.B {}\n", roff(page.name));
  if (!page.commands.empty()) text += "\\fICOMMAND\\fR\n";
  text += "[\\fIOPTION\\fR]...\n";
  for (const OptionPage& option : page.options) {
    if (option.positional) text += fmt::format("\\fI{}\\fR\n", roff(option.names.back()));
  }
  return text;
}

}  // namespace

std::string manual_page(const CommandPage& page, std::string_view version) {
  const std::string about = about_of(page);
  std::string name = about.substr(0, about.find_first_of(".\n"));
  if (!name.empty()) name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  std::string text =
      fmt::format(".TH {} 1 \"\" {} \"User Commands\"\n.SH NAME\n{} \\- {}\n", argument(page.name),
                  argument(fmt::format("mlpbench {}", version)), roff(page.name), roff(name));
  text += synopsis(page) + ".SH DESCRIPTION\n" + roff(sentence(about)) + "\n";
  if (!page.commands.empty()) text += ".SH COMMANDS\n";
  for (const CommandPage& command : page.commands) {
    std::string positional;
    for (const OptionPage& option : command.options) {
      if (option.positional) positional += " " + option.names.back();
    }
    text += fmt::format(".SS {}\n{}\n", argument(page.name + " " + command.name + positional),
                        roff(sentence(command.about)));
    text += roff_options(command, nullptr) + roff_footer(command.footer, ".PP\n.B");
  }
  text += ".SH OPTIONS\n" + roff_options(page, ".SS") + roff_footer(page.footer, ".SH");
  const char* other = page.name == "mlpbench" ? "bench_ops" : "mlpbench";
  return text + fmt::format(".SH SEE ALSO\n.BR {} (1),\nthe README of mlpbench, docs/how\\-we\\-measure.md\n",
                            other);
}

}  // namespace mlpbench
