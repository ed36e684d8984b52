// What a backend in a shared library of its own offers. It is a module of the suite (eigen, libxsmm, onednn),
// or a plug-in built outside of it with the installed package. Programs open the file at run time
// (backends/modules/loader.h).
//
//   #include "backends/modules/module.h"
//   static void entries(std::vector<mlpbench::BackendEntry>& all) { all.push_back({.name = "mine", ...}); }
//   MLPBENCH_BACKEND_MODULE(entries)
#pragma once

#include "backends/registry.h"
#include "support/shared_library.h"

namespace mlpbench {

/// Raised with every change of Backend, BackendEntry or what they are made of.
inline constexpr int kModuleInterface = 4;

/// The symbol `mlpbench_module` of a module.
struct ModuleDescription {
  ModuleHeader header = {.magic = "mlpbench module",
                         .interface = kModuleInterface,
                         .sizes = {sizeof(BackendEntry), sizeof(Workspace<double>),
                                   sizeof(Parameters<double>), sizeof(NetworkSpec)}};

  /// Appends the backends of this module. What the entries point at lives until the program ends. Throws
  /// nothing: a backend that cannot run here says why in BackendEntry::refusal.
  void (*entries)(std::vector<BackendEntry>& all) = nullptr;
};

}  // namespace mlpbench

/// Exports the function `entries_of_module` as those of this module. Once in a module, outside of any
/// namespace.
#define MLPBENCH_BACKEND_MODULE(entries_of_module)                                             \
  extern "C" [[gnu::visibility("default")]] const mlpbench::ModuleDescription mlpbench_module; \
  const mlpbench::ModuleDescription mlpbench_module = {.entries = entries_of_module};
