#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "backends/added_backends.h"
#include "experiments/cli/options.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace mlpbench {

/// CLI11 finds the options and writes the help; the messages are ours, one line each. Made for one parse().
/// Values are text. They are read after all of the command line is known, so that --help always answers.
class CommandLineParser {
 public:
  /// `program` must outlive the parser.
  explicit CommandLineParser(const Program& program);
  ~CommandLineParser();

  /// Fills the values of the program's own options. Throws UserError for an option without its value or a
  /// flag with one.
  void parse(int argc, const char* const* argv);

  /// Throws UserError for unknown options and arguments, and for required ones that are missing. Apart from
  /// parse(), so that --help is answered first.
  void refuse_leftovers() const;

  bool given(std::string_view option) const;

  /// The text of an option that was given, its last; else empty.
  std::string text(std::string_view option) const;

  AddedBackends added_backends() const;

  /// What --help asks for: a page that fits a screen, without the options that are rarely needed; with
  /// --help-all all of them.
  std::string help();

  /// What --shell-file asks for (experiments/cli/command_page.h).
  std::string shell_file();

 private:
  void refuse_misplaced_value(std::string_view argument) const;
  void add(std::string_view name, std::string_view type, const std::string& about,
           const std::vector<std::string_view>& words = {});
  void add_own_options(bool rarely_needed);
  void add_settings(SettingGroup group);
  void add_output_options();
  void require_own_options();
  std::string footer() const;

  const Program& program_;
  std::unique_ptr<CLI::App> app_;
  std::string group_;  ///< heading in the help of the options that are added next
};

}  // namespace mlpbench
