// Libraries of the CBLAS family: which file answers, and what is refused.

#include <sched.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

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

/// One line on stderr that has `why` in it, nothing on stdout, exit code 2.
void check_refused(const Finished& finished, const std::string& why) {
  INFO(finished.err);
  CHECK(finished.exit_code == 2);
  CHECK(finished.out.empty());
  CHECK(finished.error_lines() == 1);
  CHECK(finished.err.find(why) != std::string::npos);
}

/// A library of the system that has no BLAS.
std::string library_without_blas() {
  for (const char* file : {"/usr/lib/x86_64-linux-gnu/libm.so.6", "/usr/lib/aarch64-linux-gnu/libm.so.6"}) {
    if (std::filesystem::exists(file)) return file;
  }
  return "";
}

/// The backend of that name, or null.
const BackendEntry* usable(std::string_view name) {
  for (const BackendEntry* entry : usable_backends()) {
    if (entry->name == name) return entry;
  }
  return nullptr;
}

/// The file of the suite's OpenBLAS, or empty.
std::string openblas_file() {
  const BackendEntry* const openblas = usable("openblas");
  return openblas == nullptr ? "" : openblas->library().path;
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
                "--backend own: cannot be opened: " + folder.file("none.so") + " does not exist"},
        Refused{"own=" + library_without_blas(), "has no CBLAS: cblas_"},
        Refused{"openblas=" + text, "MLPBENCH_BLAS: 'openblas=" + text +
                                        "' cannot be added: backend 'openblas' is there already"},
        Refused{"o/n=" + text, "needs a name of letters, digits, '-' and '_'"},
        Refused{"own=", "MLPBENCH_BLAS: 'own=' is not NAME=FILE"}, Refused{text, "is not NAME=FILE"}}) {
    INFO(libraries);
    check_refused(moons_with(libraries, "own"), why);
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

TEST_CASE("--blas refuses the same in every program, before anything runs") {
  const TemporaryFolder folder;
  const std::string text = folder.write("text.so", "no library\n"), none = folder.file("none.so");
  struct Refused {
    std::string value, why;
  };
  const std::vector<Refused> refused = {
      {"own=" + none, "--blas: 'own=" + none + "' cannot be opened: " + none + " does not exist"},
      {"own=" + folder.path(),
       "--blas: 'own=" + folder.path() + "' cannot be opened: " + folder.path() + " is no file"},
      {"own=" + text, "cannot be opened: " + text},
      {"own=" + library_without_blas(), "has no CBLAS: cblas_"},
      {"naive=" + text, "--blas: 'naive=" + text + "' cannot be added: backend 'naive' is there already"},
      {"blas=" + text, "backend 'blas' is there already"},
      {"all=" + text, "backend 'all' is there already"},
      {"=" + text, "needs a name of letters, digits, '-' and '_'"},
      {text, "--blas: '" + text + "' is not NAME=FILE"}};
  const std::vector<std::vector<std::string>> commands = {{"moons", "--epochs", "1"},
                                                          {"moons", "--list-backends"},
                                                          {"mlpbench", "list"},
                                                          {"mlpbench", "run", "--list"},
                                                          {"mlpbench", "doctor"},
                                                          {"bench_ops", "--benchmark_list_tests"},
                                                          {"bench_training", "--benchmark_list_tests"}};
  for (const auto& [value, why] : refused) {
    INFO(value);
    check_refused(run("moons", {"--epochs", "1", "--blas", value}), why);
  }
  for (std::vector<std::string> command : commands) {
    INFO(command[0] << " " << command[1]);
    command.insert(command.end(), {"--blas", refused[0].value});
    check_refused(run(command[0], {command.begin() + 1, command.end()}), refused[0].why);
  }
}

TEST_CASE("--blas adds libraries to every program and table, as MLPBENCH_BLAS does") {
  const std::string file = openblas_file();
  if (file.empty()) return skip("OpenBLAS is not usable here");
  const std::vector<std::string> two = {"--blas", "one=" + file, "--blas", "two=" + file};
  const auto listed = [&](const std::string& program, std::vector<std::string> arguments,
                          const std::string& row) {
    INFO(program << ", " << row);
    arguments.insert(arguments.end(), two.begin(), two.end());
    // What the variable adds is not an error when the option names it again.
    const Finished finished = run(program, arguments, {.environment = {{"MLPBENCH_BLAS", "one=" + file}}});
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    CHECK(finished.out.find(row) != std::string::npos);
  };
  listed("moons", {"--list-backends"}, "\ntwo  ");
  listed("moons", {"--backend", "two", "--epochs", "1"}, "(two, OpenBLAS ");
  listed("mlpbench", {"list", "--experiment", "moons"}, "moons/two/float32\n");
  listed("mlpbench", {"run", "--list", "--backend", "one,two"}, "moons/one/float64\n");
  listed("mlpbench", {"run", "--print-config"}, "blas = [\"one=" + file + "\", \"two=" + file + "\"]\n");
  listed("bench_ops", {"--benchmark_list_tests", "--benchmark_filter=float32/two"}, "/float32/two");
  const Finished variable =
      run("mlpbench", {"list", "--experiment", "moons"}, {.environment = {{"MLPBENCH_BLAS", "one=" + file}}});
  CHECK(variable.out.find("moons/one/float32\n") != std::string::npos);
}

TEST_CASE("a library with 64-bit integers is refused") {
  const std::vector<std::string> names = {"libblas64.so.3", "libopenblas64.so.0", "libblis64.so.4"};
  std::size_t tried = 0;
  for (const std::string& name : names) {
    const Finished finished = run("moons", {"--epochs", "1", "--blas", "own=" + name});
    if (finished.err.find("cannot be opened") != std::string::npos) continue;
    check_refused(finished, "has 64-bit integers (ILP64); LP64 is needed");
    ++tried;
  }
  if (tried == 0) skip("no library with 64-bit integers is installed");
}

TEST_CASE("BLIS runs the kernels of this CPU's best instruction set, unless the user has chosen others") {
  const auto row = [](const std::string& chosen) {
    const Finished finished =
        run("moons", {"--backend", "blis", "--epochs", "1"}, {.environment = {{"BLIS_ARCH_TYPE", chosen}}});
    return finished.exit_code == 0 ? finished.out : "";
  };
  const BackendEntry* const blis = usable("blis");
  if (blis == nullptr) return skip("BLIS is not usable here");
  CHECK(blis->library().version.starts_with("BLIS "));
  CHECK(blis->library().threads == 1);
  CHECK(blis->isa() == best_isa());
  if (best_isa() == Isa::baseline || architecture() != "x86_64") return;
  // Number 3 is haswell in all versions, which is what BLIS itself takes on a CPU that it does not know.
  CHECK(row("3").find("(blis, " + blis->library().version + " haswell (AVX2") != std::string::npos);
}

TEST_CASE("MKL, whose parts have global symbols, is opened behind the others") {
  const BackendEntry* const mkl = usable("mkl");
  if (mkl == nullptr) return skip("MKL is not usable here");
  CHECK(mkl->library().version.starts_with("MKL 20"));
  CHECK(mkl->library().threads == 1);
  const std::string file = openblas_file();
  const Finished finished =
      run("moons", {"--list-backends", "--blas", "first=" + mkl->library().path, "--blas", "last=" + file});
  INFO(finished.out << finished.err);
  CHECK(finished.exit_code == 0);
  CHECK(finished.out.find("another BLAS was loaded") == std::string::npos);
  CHECK(finished.out.find("\nlast  ") != std::string::npos);
}

TEST_CASE("a library with threads of its own is a row beside the one without") {
  if (openblas_file().empty()) return skip("OpenBLAS is not usable here");
  if (std::thread::hardware_concurrency() < 2)
    return skip("OpenBLAS takes no more threads than there are cores");
  const std::vector<std::string> two = {"--library-threads", "2", "--epochs", "2", "--backend"};
  const auto moons = [&](std::vector<std::string> more) {
    more.insert(more.begin(), two.begin(), two.end());
    return run("moons", more);
  };
  for (const BackendEntry& backend : all_backends()) {
    const std::string name(backend.name);
    if ((name != "openblas" && name != "mkl") || !unusable_reason(backend).empty()) continue;
    const Finished record = moons({name + "-t2", "--quiet", "--json", "-"});
    INFO(record.err);
    REQUIRE(record.exit_code == 0);
    CHECK(record.out.find("\"backend\": \"" + name + "-t2\"") != std::string::npos);
    CHECK(record.out.find("\"blas_threads\": 2") != std::string::npos);
    CHECK(record.out.find(backend.library().path) != std::string::npos);
    const Finished alone = moons({name, "--quiet", "--json", "-"});
    CHECK(alone.out.find("\"blas_threads\": 1") != std::string::npos);
  }
  const Finished shared = moons({"openblas-t2", "--trainer", "sync", "--threads", "2"});
  CHECK(shared.exit_code == 2);
  CHECK(shared.err.find("has threads of its own") != std::string::npos);
  check_refused(run("moons", {"--library-threads", "none"}), "--library-threads: 'none' is not");
}

TEST_CASE("libraries that are opened pin no thread") {
  cpu_set_t before, after;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  static_cast<void>(usable_backends());
  REQUIRE(sched_getaffinity(0, sizeof after, &after) == 0);
  CHECK(CPU_COUNT(&after) == CPU_COUNT(&before));
  const char* const bound = std::getenv("OMP_PROC_BIND");
  CHECK((bound == nullptr || std::string(bound) == "FALSE"));
}
