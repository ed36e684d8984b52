#include "experiments/files.h"

#include <cstdlib>
#include <filesystem>

#include "support/program_folder.h"

namespace mlpbench {
namespace {

namespace fs = std::filesystem;

std::string path_in(const char* variable, const char* folder, std::string_view name) {
  const char* chosen = std::getenv(variable);
  const bool is_set = chosen != nullptr && *chosen != '\0';
  return (is_set ? fs::path(chosen)
                 : folder_of_suite(MLPBENCH_FILES_FROM_PROGRAMS, "../share/mlpbench", "share/mlpbench") /
                       folder) /
         name;
}

}  // namespace

std::string data_path(std::string_view name) { return path_in("MLPBENCH_DATA_DIR", "data", name); }

std::string reference_path(std::string_view name) {
  return path_in("MLPBENCH_REFERENCE_DIR", "reference", name);
}

std::string peer_script_path(std::string_view name) { return path_in("MLPBENCH_PEERS_DIR", "peers", name); }

}  // namespace mlpbench
