// Backends in files of their own: plug-ins, and what is refused.

#include <string>

#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench::test;

namespace {

Finished moons_with(const std::string& plugin, const std::string& backend) {
  return run("moons",
             {"--backend-plugin", plugin, "--backend", backend, "--epochs", "2", "--quiet", "--json", "-"});
}

}  // namespace

TEST_CASE("a backend that was built elsewhere is a row of every program") {
  const Finished alone = moons_with(MLPBENCH_TEST_PLUGIN, "plugin");
  INFO(alone.err);
  CHECK(alone.exit_code == 0);
  CHECK(alone.out.find("\"backend\": \"plugin\"") != std::string::npos);
  const Finished all =
      run("moons", {"--backend-plugin", MLPBENCH_TEST_PLUGIN, "--backend", "all", "--epochs", "2"});
  INFO(all.out);
  CHECK(all.exit_code == 0);
  CHECK(all.out.find("\nplugin ") != std::string::npos);
  const Finished cases =
      run("mlpbench", {"list", "--backend-plugin", MLPBENCH_TEST_PLUGIN, "--backend", "plugin"});
  CHECK(cases.exit_code == 0);
  CHECK(cases.out.find("moons/plugin/float64\n") != std::string::npos);
}

TEST_CASE("a file that is no plug-in, or one of another interface, is refused in one line") {
  const TemporaryFolder folder;
  struct Refused {
    std::string file, why;
  };
  for (const auto& [file, why] :
       {Refused{folder.file("none.so"), "there is no such file"},
        Refused{folder.file(std::string(200, 'n') + ".so"), "there is no such file"},
        Refused{folder.write("text.so", "no library\n"), "cannot be opened as a backend"},
        Refused{MLPBENCH_OLD_PLUGIN, "was built for interface 0 of backends, this program has"},
        Refused{MLPBENCH_NO_PLUGIN, "is no backend of mlpbench: the symbol mlpbench_module is missing"}}) {
    INFO(file);
    const Finished finished = moons_with(file, "plugin");
    INFO(finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.error_lines() == 1);
    CHECK(finished.err.find("--backend-plugin: " + file) != std::string::npos);
    CHECK(finished.err.find(why) != std::string::npos);
  }
}

TEST_CASE("a plug-in has a name of its own") {
  const Finished twice = run("moons", {"--backend-plugin", MLPBENCH_TEST_PLUGIN, "--backend-plugin",
                                       MLPBENCH_OTHER_PLUGIN, "--epochs", "1"});
  INFO(twice.err);
  CHECK(twice.exit_code == 2);
  CHECK(twice.err.find("backend 'plugin' is there already") != std::string::npos);
}
