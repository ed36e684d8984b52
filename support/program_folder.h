#pragma once

#include <filesystem>

namespace mlpbench {

/// The folder that holds this program's file, links resolved; empty where the system does not say.
std::filesystem::path program_folder();

}  // namespace mlpbench
