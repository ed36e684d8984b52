#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "experiments/cli/options.h"

namespace CLI {
class App;
}

namespace mlpbench {

/// The command line as text. Values are read after all of it is known, so that --help answers whatever else
/// is there.
struct RawOptions {
  std::string backend, dtype, trainer, threads;
  std::string workers, local_steps, sync_epochs, hogwild_form, members, ensemble_of;
  std::string target_loss, target_accuracy;
  std::string epochs, learning_rate, batch_size, hidden, seed, split_seed;
  std::string json, plot, shell_file;
  bool keep_incomplete_batch = false, force_parallel = false, dump_parameters = false;
  bool quiet = false, no_color = false;
  bool list_backends = false, list_trainers = false, help = false, help_all = false, version = false;
};

/// CLI11 finds the options and writes the help; the messages are ours, one line each. Made for one parse().
class CommandLineParser {
 public:
  /// `line` must outlive the parser.
  explicit CommandLineParser(const CommandLine& line);
  ~CommandLineParser();

  /// Fills `raw` and the values of the program's own options. Throws UserError for an option without its
  /// value or a flag with one.
  void parse(int argc, const char* const* argv);

  /// Throws UserError for unknown options and arguments, and for required ones that are missing. Apart from
  /// parse(), so that --help is answered first.
  void refuse_leftovers() const;

  bool given(const std::string& option) const;

  /// What --help asks for: a page that fits a screen, without the options that are rarely needed; with
  /// --help-all all of them.
  std::string help();

  /// What --shell-file asks for (experiments/cli/shell_file.h).
  std::string shell_file();

  RawOptions raw;

 private:
  void refuse_misplaced_value(std::string_view argument) const;
  void text(const std::string& name, const char* type, const std::string& about, std::string& value);
  void flag(const std::string& name, const std::string& about, bool& value);
  void add_own_options();
  void add_training_options();
  void add_output_options();
  void add_rare_options();
  void add_trainer_options();
  void add_hidden_options();
  void require_own_options();
  std::string footer() const;

  const CommandLine& line_;
  std::unique_ptr<CLI::App> app_;
  std::string group_;  ///< heading in the help of the options that are added next
};

}  // namespace mlpbench
