#pragma once

#include <filesystem>

namespace mlpbench {

/// The folder that holds this program's file, links resolved; empty where the system does not say.
std::filesystem::path program_folder();

/// Where the suite keeps something, relative to program_folder(). It is the first that exists of
/// `configured`, as the build was told, and `usual`, the layout of every build folder. Else it is
/// `otherwise`.
std::filesystem::path folder_of_suite(const char* configured, const char* usual, const char* otherwise);

}  // namespace mlpbench
