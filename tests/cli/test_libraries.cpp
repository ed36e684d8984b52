// Libraries of the CBLAS family: which file answers, and what is refused.

#include <filesystem>

#include "backends/registry.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/skip.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

Finished moons_with(const std::string& libraries, const std::string& backend) {
  return run("moons", {"--backend", backend, "--epochs", "1", "--quiet"},
             {.environment = {{"MLPBENCH_BLAS", libraries}}});
}

/// A library of the system that has no BLAS.
std::string library_without_blas() {
  for (const char* file : {"/usr/lib/x86_64-linux-gnu/libm.so.6", "/usr/lib/aarch64-linux-gnu/libm.so.6"}) {
    if (std::filesystem::exists(file)) return file;
  }
  return "";
}

/// The file of the suite's OpenBLAS, or empty.
std::string openblas_file() {
  for (const BackendEntry* entry : usable_backends()) {
    if (entry->name == "openblas") return entry->library().path;
  }
  return "";
}

}  // namespace

TEST_CASE("a library that cannot be used is refused in one line") {
  const TemporaryFolder folder;
  const std::string text = folder.write("text.so", "no library\n");
  struct Refused {
    std::string libraries, why;
  };
  for (const auto& [libraries, why] :
       {Refused{"own=" + text, "--backend own: cannot be opened: " + text},
        Refused{"own=" + folder.file("none.so"),
                "--backend own: cannot be opened: " + folder.file("none.so")},
        Refused{"own=" + library_without_blas(), "has no CBLAS: cblas_"},
        Refused{"openblas=" + text,
                "MLPBENCH_BLAS: 'openblas=" + text + "' has a name that is there already"},
        Refused{"o/n=" + text, "needs a name of letters, digits, '-' and '_'"},
        Refused{"own=", "MLPBENCH_BLAS: 'own=' is not NAME=FILE"}, Refused{text, "is not NAME=FILE"}}) {
    INFO(libraries);
    const Finished finished = moons_with(libraries, "own");
    INFO(finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.error_lines() == 1);
    CHECK(finished.err.find(why) != std::string::npos);
  }
}

TEST_CASE("a library named by its file is a backend, and another one loaded before it is refused") {
  const std::string file = openblas_file();
  if (file.empty()) return skip("OpenBLAS is not usable here");
  const Finished named = moons_with("own=" + file, "own");
  INFO(named.err);
  CHECK(named.exit_code == 0);
  const Finished preloaded =
      run("moons", {"--backend", "netlib", "--epochs", "1"}, {.environment = {{"LD_PRELOAD", file}}});
  INFO(preloaded.err);
  CHECK(preloaded.exit_code == 2);
  const bool refused = preloaded.err.find("another BLAS was loaded before it") != std::string::npos;
  CHECK((refused || preloaded.err.find("netlib was not found") != std::string::npos));
}

TEST_CASE("a program that uses no BLAS loads none") {
  const Finished maps = run("moons", {"--backend", "naive", "--epochs", "1", "--quiet"},
                            {.environment = {{"LD_DEBUG", "libs"}}});
  CHECK(maps.exit_code == 0);
  CHECK(maps.err.find("blas") == std::string::npos);
  CHECK(maps.err.find("libc.so") != std::string::npos);
}
