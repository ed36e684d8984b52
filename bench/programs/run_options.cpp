#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>

#include "bench/programs/run.h"
#include "experiments/cli/command_page.h"
#include "experiments/cli/program_main.h"
#include "support/error.h"
#include "support/input_file.h"
#include "support/option_values.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;

/// "1", "1,2", "1-4"; ascending, each once.
std::vector<std::size_t> parse_counts(std::string_view option, const std::vector<std::string>& texts) {
  std::set<std::size_t> counts;
  for (const std::string& text : texts) {
    const std::size_t dash = std::min(text.find('-'), text.size());
    const auto low = parse_integer(option, text.substr(0, dash), 1, kMaxThreads);
    const auto high =
        dash == text.size() ? low : parse_integer(option, text.substr(dash + 1), low, kMaxThreads);
    for (std::size_t count = low; count <= high; ++count) counts.insert(count);
  }
  return {counts.begin(), counts.end()};
}

/// "--no-progress" -> "MLPBENCH_NO_PROGRESS"
std::string variable_of(const CLI::Option& option) {
  std::string name = "MLPBENCH_" + option.get_single_name();
  for (char& letter : name) {
    letter = letter == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  return name;
}

void set(CLI::Option& option, const std::vector<std::string>& values, const std::string& origin,
         Origins& origins) {
  try {
    for (const std::string& value : values) option.add_result(value);
    option.run_callback();
  } catch (const CLI::ParseError& error) {
    throw UserError(printable(origin, 200) + ": " + printable(error.what(), 200));
  }
  origins[option.get_name()] = origin;
}

std::vector<CLI::ConfigItem> items_of(const std::string& path) {
  InputFile file(path);
  if (file.size() > kMaxConfigBytes) throw file.error("is longer than 1 MiB");
  std::string text(file.size(), '\0');
  file.read(std::as_writable_bytes(std::span(text)));
  std::istringstream lines(text);
  std::vector<CLI::ConfigItem> items = CLI::ConfigTOML().from_config(lines);
  std::set<std::string> names;
  for (const CLI::ConfigItem& item : items) {
    const std::string name = item.fullname();
    if (!names.insert(name).second) throw file.error("has '" + printable(name) + "' twice");
  }
  return items;
}

}  // namespace

void SelectionOptions::add_to(CLI::App& app) {
  const auto add_list = [&app](const char* name, std::vector<std::string>& values, const char* about,
                               const std::vector<std::string_view>& words) {
    CLI::Option* option = app.add_option(name, values, about)->delimiter(',')->group("Cases");
    set_type(*option, words.empty() ? "N[,...]" : "NAME[,...]", words);
  };
  add_list("--experiment", selection_.experiments, "only these experiments", names_of(all_experiments()));
  add_list("--backend", selection_.backends, "only these backends", names_of(all_backends()));
  add_backend_options(app, kOwnGroup);
  app_ = &app;
  add_list("--trainer", selection_.trainers, "these (own: each experiment's own); all",
           names_of(all_trainers()));
  add_list("--dtype", selection_.dtypes, "only float64 or float32", dtype_words());
  add_list("--threads", threads_, "of the parallel trainers (1); 1,2 or 1-4", {});
  add_list("--ranks", ranks_, "MPI processes that share a training (1); 1,2 or 1-4", {});
  app.add_option("--hostfile", selection_.hostfile, "machines of --ranks, as mpirun reads it")
      ->type_name("FILE")
      ->check(CLI::ExistingFile.description(""))
      ->group(kRarelyNeeded);
  const Setting& mode = find_setting("--subnormals");
  const std::string about = fmt::format(fmt::runtime(mode.about), mode.default_text({}));
  CLI::Option* subnormals = app.add_option("--subnormals", subnormals_, about)->group(kRarelyNeeded);
  set_type(*subnormals, mode.type, mode.words());
  app.add_option("--filter", selection_.filter, "only cases whose name has a match (see --list)")
      ->type_name("REGEX")
      ->group("Cases");
  PeerOptions& peers = selection_.peer_options;
  add_list("--peers", peers.supplied, "other programs, as rows: docs/peers.md", names_of(supplied_peers()));
  app.add_option("--peer", peers.commands, "one more, which speaks the protocol of docs/peers.md; repeatable")
      ->type_name("NAME=COMMAND")
      ->allow_extra_args(false)
      ->group(kOwnGroup);
  app.add_option("--peer-python", peers.python,
                 "of --peers (python3, or Debian's where that lacks the library)")
      ->type_name("PATH")
      ->group(kOwnGroup);
  app.add_option("--peer-timeout", peers.seconds, "a peer that does not answer for so long is ended (120)")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.001, 1e6).description(""))
      ->group(kOwnGroup);
  own_.add_networks(app, kOwnGroup);
  app.add_flag("--predict", predict_, "inference alone, batch by batch: --trainer predict")->group(kOwnGroup);
  own_.add_data(app, kOwnGroup);
}

Selection SelectionOptions::selection() const {
  Selection selection = selection_;
  selection.added = added_backends(*app_);
  add_backends(selection.added);
  if (!threads_.empty()) selection.threads = parse_counts("--threads", threads_);
  if (!ranks_.empty()) selection.ranks = parse_counts("--ranks", ranks_);
  if (!selection.hostfile.empty() && selection.ranks == std::vector<std::size_t>{1})
    throw UserError("--hostfile: is of --ranks, which is 1");
  if (!subnormals_.empty()) {
    Settings settings;
    find_setting("--subnormals").read("--subnormals", subnormals_, settings);
    selection.subnormals = settings.subnormals;
  }
  // What a quoted line of TOML could not hold; names have letters, digits, '_', '-' and '/'.
  const std::size_t odd = selection.filter.find_first_of("#'\n");
  if (odd != std::string::npos) {
    throw UserError("--filter: no case has a " + printable(selection.filter.substr(odd, 1)) + " in its name");
  }
  selection.own_options = own_.given();
  for (const auto& [name, values] : selection.own_options) {
    for (const std::string& value : values) {
      const std::size_t at = value.find_first_of("#'\"\\\n");
      if (at == std::string::npos) continue;
      throw UserError(fmt::format("--{}: '{}' has a {}, which no file of --config can hold", name,
                                  printable(value), printable(value.substr(at, 1))));
    }
  }
  std::vector<std::string> notes;
  selection.own = own_.experiments(notes);
  for (const std::string& note : notes) report("mlpbench", "note: " + note);
  if (predict_) selection.trainers.emplace_back(kPredict);
  selection.peers = peers_of(selection.peer_options);
  return selection;
}

Origins complete_options(CLI::App& command) {
  Origins origins;
  for (CLI::Option* option : command.get_options()) {
    if (option == command.get_help_ptr() || option == command.get_help_all_ptr()) continue;
    if (option->count() > 0) continue;
    const std::string variable = variable_of(*option);
    const char* value = std::getenv(variable.c_str());
    if (value != nullptr && *value != '\0') set(*option, {value}, variable, origins);
  }
  const CLI::Option& config = *command.get_option("--config");
  const std::string path = config.count() > 0 ? config.as<std::string>() : "";
  if (path.empty()) return origins;
  for (const CLI::ConfigItem& item : items_of(path)) {
    CLI::Option* option = item.parents.empty() ? command.get_option_no_throw("--" + item.name) : nullptr;
    if (option == nullptr || !option->get_configurable()) {
      throw UserError(printable_path(path) + ": '" + printable(item.fullname()) + "' is no option of a run");
    }
    if (option->count() == 0) set(*option, item.inputs, path, origins);
  }
  return origins;
}

std::string configuration_text(const RunOptions& options) {
  const Selection& selection = options.selection;
  std::string text;
  const auto add_list = [&text](const char* key, const std::vector<std::string>& names) {
    if (!names.empty()) text += fmt::format("{} = [\"{}\"]\n", key, fmt::join(names, "\", \""));
  };
  add_list("experiment", selection.experiments);
  for (const auto& [name, values] : selection.own_options) add_list(name.c_str(), values);
  add_list("backend", selection.backends);
  add_list("blas", selection.added.blas);
  add_list("backend-plugin", selection.added.plugins);
  if (selection.added.library_threads > 1) {
    text += fmt::format("library-threads = {}\n", selection.added.library_threads);
  }
  add_list("trainer", selection.trainers);
  add_list("dtype", selection.dtypes);
  text += fmt::format("threads = [{}]\n", fmt::join(selection.threads, ", "));
  if (selection.ranks != std::vector<std::size_t>{1})
    text += fmt::format("ranks = [{}]\n", fmt::join(selection.ranks, ", "));
  if (!selection.hostfile.empty()) text += fmt::format("hostfile = '{}'\n", selection.hostfile);
  if (selection.subnormals == Subnormals::keep) text += "subnormals = \"keep\"\n";
  // Between apostrophes TOML has no escapes, which a regular expression would need.
  if (!selection.filter.empty()) text += fmt::format("filter = '{}'\n", selection.filter);
  if (!options.measure.base.empty()) text += fmt::format("base = \"{}\"\n", options.measure.base);
  const PeerOptions& peers = selection.peer_options;
  add_list("peers", peers.supplied);
  if (!peers.commands.empty()) text += fmt::format("peer = ['{}']\n", fmt::join(peers.commands, "', '"));
  if (!peers.python.empty()) text += fmt::format("peer-python = '{}'\n", peers.python);
  if (!selection.peers.empty()) text += fmt::format("peer-timeout = {}\n", peers.seconds);
  add_list("studies", options.studies.empty() ? std::vector<std::string>{"none"} : options.studies);
  return text + fmt::format("seeds = {}\nrounds = {}\nprecision = {}\nbudget = {}\nquick = {}\n",
                            options.seeds, options.measure.rounds, options.measure.precision,
                            options.measure.budget_seconds, options.quick);
}

}  // namespace mlpbench
