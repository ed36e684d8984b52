#pragma once

#include <cstddef>
#include <string>

namespace mlpbench {

/// `path` with its links resolved; as it is where there is no such file.
std::string real_path(const std::string& path);

/// The file that a function or a variable was loaded from, links resolved; empty where the loader does not
/// know it.
std::string file_of_address(const void* address);

/// The last error of dlopen() and its kind as one line.
std::string loader_error();

/// Sets the variables that OpenMP and BLAS libraries read while they are loaded: how many threads each has,
/// none of them pinned. One but for the rows that ask for more (--library-threads): the suite owns all
/// parallelism.
void give_libraries_threads(std::size_t threads);

}  // namespace mlpbench
