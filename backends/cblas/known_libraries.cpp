// Which libraries there are, and where they lie.

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "backends/cblas/library.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

constexpr const char* kVariable = "MLPBENCH_BLAS";

/// What all backends of the family do: the rows differ in the library alone.
std::string about(std::string_view library) {
  return "products by " + std::string(library) +
         " through CBLAS, elementwise work vectorised at the baseline";
}

void add(std::vector<std::unique_ptr<CblasLibrary>>& libraries, std::string_view name, std::string_view title,
         std::vector<std::string> files) {
  libraries.push_back(std::make_unique<CblasLibrary>(std::string(name), about(title), std::move(files)));
}

/// One "NAME=FILE".
void add_named(std::vector<std::unique_ptr<CblasLibrary>>& libraries, std::string_view text) {
  const auto refuse = [&](const std::string& why) {
    throw UserError(std::string(kVariable) + ": '" + printable(text) + "' " + why);
  };
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals + 1 == text.size()) refuse("is not NAME=FILE");
  const std::string_view name = text.substr(0, equals), file = text.substr(equals + 1);
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_allowed)) {
    refuse("needs a name of letters, digits, '-' and '_'");
  }
  for (const auto& library : libraries) {
    if (library->name() == name) refuse("has a name that is there already");
  }
  add(libraries, name, file, {std::string(file)});
}

std::vector<std::unique_ptr<CblasLibrary>> known_libraries() {
  std::vector<std::unique_ptr<CblasLibrary>> libraries;
  add(libraries, "openblas", "OpenBLAS", {"libopenblas.so.0", "libopenblas.so"});
  add(libraries, "mkl", "Intel MKL", {"libmkl_rt.so.2", "libmkl_rt.so.1", "libmkl_rt.so"});
  // The name libblas.so.3 is whatever alternative the system has chosen; the reference lies in a folder of its own.
  add(libraries, "netlib", "netlib's reference BLAS", {MLPBENCH_LIBRARY_FOLDER "/blas/libblas.so.3"});
  const char* const named = std::getenv(kVariable);
  for (std::string_view rest = named == nullptr ? "" : named; !rest.empty();) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    add_named(libraries, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return libraries;
}

}  // namespace

std::vector<std::unique_ptr<CblasLibrary>>& cblas_libraries() {
  static std::vector<std::unique_ptr<CblasLibrary>> libraries = known_libraries();
  return libraries;
}

CblasLibrary& openblas_library() { return *cblas_libraries().front(); }

}  // namespace mlpbench
