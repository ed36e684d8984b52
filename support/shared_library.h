#pragma once

#include <string>

namespace mlpbench {

/// The file that a function or a variable was loaded from, links resolved; empty where the loader does not know it.
std::string file_of_address(const void* address);

/// The last error of dlopen() and its kind as one line.
std::string loader_error();

/// Sets the variables that OpenMP and MKL read while they are loaded: one thread a library. The suite owns all parallelism.
void give_libraries_one_thread();

}  // namespace mlpbench
