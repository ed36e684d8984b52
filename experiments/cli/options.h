#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/experiment.h"

namespace mlpbench {

/// What the user asked of one experiment program, checked. Every value is in its range, the backend runs
/// here, and the output files can be written.
struct Options {
  std::string backend;  ///< a usable backend name, or "all"
  DType dtype = DType::float64;
  Settings settings;              ///< the experiment's defaults with the user's changes
  bool all_trainers = false;      ///< --trainer all; settings.trainer is then the experiment's own
  bool batch_size_given = false;  ///< by the user, so that it must not be adapted to the data
  std::string json;               ///< file of the record, "-" for stdout, or empty
  std::string plot;               ///< file of the picture, or empty
  std::string save, load;         ///< files of the trained and of the initial parameters, or empty
  std::string checkpoint;         ///< file of the run's state, or empty
  std::size_t every = 1;          ///< epochs between two checkpoints
  bool dump_parameters = false;
  bool quiet = false;
  bool color = true;               ///< --no-color and NO_COLOR switch it off
  std::vector<std::string> notes;  ///< lines for stderr: options that were given and change nothing

  Communicator* ranks = nullptr;  ///< null: one

  bool all_backends() const { return backend == "all"; }
  bool json_on_stdout() const { return json == "-"; }
};

/// An option or, without dashes, a positional argument that only one program has. Its text goes to `value`.
struct OwnOption {
  std::string name;  ///< "--target", "FILE"
  std::string type;  ///< "COLUMN"; empty for a positional argument
  std::string about;
  std::string* value;
  bool required = false;
  std::vector<std::string_view> words = {};  ///< the texts that it takes, where they can be listed
  std::string in_run = {};                   ///< its name in `mlpbench run`, where that is another
  bool rarely_needed = false;                ///< not in the page of --help
};

/// What run_program() runs: an experiment of the suite, or one of the user's files.
struct Program {
  Experiment experiment;
  std::vector<OwnOption> own_options = {};
  std::vector<std::string> examples = {};  ///< for the help, without the program's name
};

/// Reads the command line. Returns nothing when --help, --version, --list-backends or --list-trainers was
/// asked for and has been answered on stdout. Throws UserError, "--option: what is wrong and what it
/// accepts", for anything that could not be done, files that could not be written included. All of it is
/// found before any work starts.
std::optional<Options> parse_options(const Program& program, int argc, const char* const* argv);

}  // namespace mlpbench
