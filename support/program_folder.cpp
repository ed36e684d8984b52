#include "support/program_folder.h"

#include <system_error>

namespace mlpbench {

std::filesystem::path program_folder() {
  std::error_code failure;
  return std::filesystem::read_symlink("/proc/self/exe", failure).parent_path();
}

std::filesystem::path folder_of_suite(const char* configured, const char* usual, const char* otherwise) {
  const std::filesystem::path programs = program_folder();
  for (const char* from_programs : {configured, usual}) {
    const std::filesystem::path folder = (programs / from_programs).lexically_normal();
    std::error_code failure;
    if (std::filesystem::is_directory(folder, failure)) return folder;
  }
  return otherwise;
}

}  // namespace mlpbench
