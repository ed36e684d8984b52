#include "backends/modules/loader.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>

#include "backends/modules/module.h"
#include "support/error.h"
#include "support/program_folder.h"
#include "support/shared_library.h"
#include "support/text.h"

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
  const auto refuse = [&](const std::string& why) { throw UserError(printable_path(file) + ": " + why); };
  std::error_code failure;
  if (!fs::is_regular_file(file, failure)) refuse("there is no such file");
  give_libraries_threads(1);
  // A path without a slash would be looked for among the system's libraries.
  void* const handle = ::dlopen(fs::absolute(file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) refuse("cannot be opened as a backend: " + loader_error());
  const ModuleDescription ours;
  const auto* module = static_cast<const ModuleDescription*>(::dlsym(handle, "mlpbench_module"));
  if (module == nullptr || std::memcmp(module->magic, ours.magic, sizeof ours.magic) != 0) {
    refuse("is no backend of mlpbench: the symbol mlpbench_module is missing");
  }
  if (module->interface != ours.interface) {
    refuse("was built for interface " + std::to_string(module->interface) +
           " of backends, this program has " + std::to_string(ours.interface));
  }
  if (!std::ranges::equal(module->sizes, ours.sizes) || module->compiler_abi != ours.compiler_abi) {
    refuse("was built by another compiler or standard library than this program");
  }
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
