#include "backends/modules/loader.h"

#include <filesystem>
#include <memory>

#include "backends/modules/module.h"
#include "support/error.h"
#include "support/program_folder.h"
#include "support/shared_library.h"

namespace mlpbench {
namespace {

namespace fs = std::filesystem;

/// The one backend of the first usable module, or why there is none.
BackendEntry open_first(std::string_view name, const std::vector<ModuleFile>& files, std::string& reason) {
  const fs::path folder =
      folder_of_suite(MLPBENCH_MODULES_FROM_PROGRAMS, "../lib/mlpbench", MLPBENCH_MODULE_FOLDER);
  for (const ModuleFile& file : files) {
    if (const std::string missing = missing_feature(file.isa); !missing.empty()) {
      reason = "this CPU lacks " + missing;
      continue;
    }
    std::vector<BackendEntry> entries = load_module((folder / file.name).string());
    if (entries.size() != 1 || entries.front().name != name)
      throw UserError(file.name + " has other backends");
    BackendEntry& entry = entries.front();
    entry.flags = file.flags;
    reason = entry.refusal ? entry.refusal() : "";
    return std::move(entry);
  }
  return {};
}

}  // namespace

std::vector<BackendEntry> load_module(const std::string& file) {
  give_libraries_threads(1);
  const auto* module = static_cast<const ModuleDescription*>(
      open_module(file, "mlpbench_module", ModuleDescription().header, "backend"));
  std::vector<BackendEntry> entries;
  module->entries(entries);
  return entries;
}

void open_when_asked(BackendEntry& entry, std::vector<ModuleFile> files) {
  entry.refusal = [&entry, files = std::move(files), opened = false, reason = std::string()]() mutable {
    if (opened) return reason;
    opened = true;
    try {
      BackendEntry found = open_first(entry.name, files, reason);
      if (!reason.empty()) return reason;
      const std::string_view name = entry.name;
      found.refusal = std::move(entry.refusal);  // this function, which goes on
      entry = std::move(found);
      entry.name = name;
    } catch (const UserError& error) {
      reason = error.what();
    }
    return reason;
  };
}

}  // namespace mlpbench
