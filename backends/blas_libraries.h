#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mlpbench {

/// The environment variable and the option that name libraries.
inline constexpr const char *kBlasVariable = "MLPBENCH_BLAS", *kBlasOption = "--blas";

/// Adds a backend for each NAME=FILE of `text`, "NAME=FILE[:NAME=FILE...]": its products are those of the
/// CBLAS library in FILE, a path or a name that the dynamic loader knows. Nothing is opened yet. What was
/// added before, name and file, is passed over. UserError, which begins with `origin`, for another text, a
/// name that is taken, and one with other characters than letters, digits, '-', '_'.
void add_blas_libraries(std::string_view origin, std::string_view text);

/// The same for the values of kBlasOption, and opens every library. UserError says why one cannot be used.
void add_usable_blas_libraries(std::span<const std::string> texts);

}  // namespace mlpbench
