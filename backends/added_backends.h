#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mlpbench {

/// The options that name backends besides the suite's, and the environment variable of the first.
inline constexpr const char *kBlasOption = "--blas", *kPluginOption = "--backend-plugin",
                            *kThreadsOption = "--library-threads", *kBlasVariable = "MLPBENCH_BLAS";

/// What they name.
struct AddedBackends {
  std::vector<std::string> blas;     ///< "NAME=FILE": products by the CBLAS library in FILE
  std::vector<std::string> plugins;  ///< files that were built as backends/modules/module.h says

  /// Above 1: openblas, mkl and blis once more, "openblas-t4", with so many threads in each product. Only
  /// trainers that run on one thread take them.
  std::size_t library_threads = 1;
};

/// Adds a backend for each NAME=FILE of `text`, "NAME=FILE[:NAME=FILE...]". Its products are those of the
/// CBLAS library in FILE, a path or a name that the dynamic loader knows. Nothing is opened yet. What was
/// added before, name and file, is passed over. UserError, which begins with `origin`, for another text, a
/// name that is taken, and one with other characters than letters, digits, '-', '_'.
void add_blas_libraries(std::string_view origin, std::string_view text);

/// Adds all, and opens them. UserError, one line that begins with the option, says why one cannot be used.
void add_backends(const AddedBackends& added);

}  // namespace mlpbench
