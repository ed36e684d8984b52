#include "experiments/files.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "support/program_folder.h"

namespace mlpbench {
namespace {

namespace fs = std::filesystem;

/// The folder of the suite's files. Builds have the usual layout, whatever an installation is told to have.
fs::path suite_folder() {
  const fs::path programs = program_folder();
  for (const char* from_programs : {MLPBENCH_FILES_FROM_PROGRAMS, "../share/mlpbench"}) {
    const fs::path folder = (programs / from_programs).lexically_normal();
    std::error_code failure;
    if (fs::is_directory(folder, failure)) return folder;
  }
  return "share/mlpbench";
}

std::string path_in(const char* variable, const char* folder, std::string_view name) {
  const char* chosen = std::getenv(variable);
  const bool is_set = chosen != nullptr && *chosen != '\0';
  return (is_set ? fs::path(chosen) : suite_folder() / folder) / name;
}

}  // namespace

std::string data_path(std::string_view name) { return path_in("MLPBENCH_DATA_DIR", "data", name); }

std::string reference_path(std::string_view name) {
  return path_in("MLPBENCH_REFERENCE_DIR", "reference", name);
}

std::string peer_script_path(std::string_view name) { return path_in("MLPBENCH_PEERS_DIR", "peers", name); }

}  // namespace mlpbench
