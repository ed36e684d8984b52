#include "bench/programs/configuration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <set>
#include <sstream>

#include "bench/programs/run_options.h"
#include "support/input_file.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr std::size_t kMaxConfigBytes = std::size_t{1} << 20;

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

Origins complete_options(CLI::App& command) {
  Origins origins;
  for (CLI::Option* option : command.get_options()) {
    if (option == command.get_help_ptr() || option->count() > 0) continue;
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
      throw UserError(printable(path, 200) + ": '" + printable(item.fullname()) + "' is no option of a run");
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
  add_list("backend", selection.backends);
  add_list("blas", selection.blas);
  add_list("trainer", selection.trainers);
  add_list("dtype", selection.dtypes);
  text += fmt::format("threads = [{}]\n", fmt::join(selection.threads, ", "));
  // Between apostrophes TOML has no escapes, which a regular expression would need.
  if (!selection.filter.empty()) text += fmt::format("filter = '{}'\n", selection.filter);
  add_list("studies", options.studies.empty() ? std::vector<std::string>{"none"} : options.studies);
  return text + fmt::format("seeds = {}\nrounds = {}\nprecision = {}\nbudget = {}\nquick = {}\n",
                            options.seeds, options.measure.rounds, options.measure.precision,
                            options.measure.budget_seconds, options.quick);
}

}  // namespace mlpbench
