#pragma once

#include <string>
#include <vector>

#include "backends/registry.h"

namespace mlpbench {

/// One of the files that a backend of the suite may be in.
struct ModuleFile {
  Isa isa;           ///< that all of it is compiled for
  std::string name;  ///< of the file, without a folder
  std::string_view flags;
};

/// The backends of the module `file`, a path. UserError, one line, for a file that is no shared library, no
/// module, or of another interface of the suite.
std::vector<BackendEntry> load_module(const std::string& file);

/// Lets `entry`, which has a name and stays where it is, open a module when it is first asked whether it can
/// be used. Of `files`, in the order of preference, it opens the first whose instruction set this CPU has. It
/// is looked for in ../lib/mlpbench, beside the folder of the program, where a build and an installation have
/// it. A program that does not ask loads nothing.
void open_when_asked(BackendEntry& entry, std::vector<ModuleFile> files);

}  // namespace mlpbench
