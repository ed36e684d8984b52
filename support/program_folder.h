#pragma once

#include <filesystem>

namespace mlpbench {

/// The folder that holds this program's file, links resolved; empty where the system does not say.
std::filesystem::path program_folder();

/// Where the suite keeps something, relative to program_folder(): `configured` as the build was told, else
/// `usual`, which builds have whatever an installation is told to have, else `otherwise` as it is.
std::filesystem::path folder_of_suite(const char* configured, const char* usual, const char* otherwise);

}  // namespace mlpbench
