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

/// What a library that programs open at run time says of itself. It is checked before anything else of it is
/// read or called.
struct ModuleHeader {
  char magic[16];
  int interface;  ///< raised with every change of what the module offers
  int compiler_abi = __GXX_ABI_VERSION;
  std::size_t sizes[4] = {};  ///< of types that both sides use
};

/// The variable `symbol` of the library `file`, which begins with a ModuleHeader and has those of `ours`. The
/// library is never unloaded. UserError, "FILE: why", in the words of a `kind` such as "backend".
const void* open_module(const std::string& file, const char* symbol, const ModuleHeader& ours,
                        const std::string& kind);

/// Sets the variables that OpenMP and BLAS libraries read while they are loaded: how many threads each has,
/// none of them pinned. One but for the rows that ask for more (--library-threads): the suite owns all
/// parallelism.
void give_libraries_threads(std::size_t threads);

}  // namespace mlpbench
