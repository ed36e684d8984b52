// What a user's own data may make of a run, its page and the terminal.
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using Arguments = std::vector<std::string>;

namespace {

Arguments quick(const TemporaryFolder& folder, const Arguments& more) {
  return joined({"run", "--quick", "--studies", "none", "--rounds", "3", "--no-progress", "--output",
                 folder.file("results")},
                more);
}

}  // namespace

TEST_CASE("a run of an experiment that diverges says so, and goes on with the others", "[own_names]") {
  const TemporaryFolder folder;
  std::string text = "a,y\n";
  for (int i = 0; i < 40; ++i) text += std::to_string(i) + "," + std::to_string(i % 7) + ".5\n";
  const Finished finished =
      run("mlpbench",
          quick(folder, {"--csv", folder.write("a.csv", text), "--target", "y", "--learning-rate", "1e308",
                         "--experiment", "moons", "--backend", "naive", "--dtype", "float64"}));
  INFO(finished.err << finished.out);
  CHECK(finished.exit_code == 4);
  CHECK(finished.out.find("diverged") != std::string::npos);
  CHECK(finished.err.find("memory") == std::string::npos);
}

TEST_CASE("names of a user's own columns reach no terminal as control characters", "[own_names]") {
  const TemporaryFolder folder;
  std::string text = "a,kind\xC2\x9B\n";
  for (int i = 0; i < 40; ++i) text += std::to_string(i) + (i % 2 == 0 ? ",x\xE2\x80\xAE\n" : ",y\x9B\n");
  const Finished finished =
      run("mlpbench", quick(folder, {"--csv", folder.write("a.csv", text), "--target", "kind\xC2\x9B",
                                     "--backend", "naive", "--dtype", "float64"}));
  INFO(finished.err << finished.out);
  CHECK(finished.exit_code == 0);
  const std::string all = finished.err + finished.out + read_file(folder.file("results/report.md")) +
                          read_file(folder.file("results/report.html"));
  for (const char* bad : {"\xC2\x9B", "y\x9B", "\xE2\x80\xAE"}) CHECK(all.find(bad) == std::string::npos);
  for (const char* option : {"--studies", "--seeds", "--rounds", "--threads", "--filter"}) {
    const Finished refused = run("mlpbench", {"run", option, "\xC2\x9B\x1B[31m"});
    INFO(refused.err);
    CHECK(refused.exit_code == 2);
    for (const char* bad : {"\xC2\x9B", "\x1B"}) CHECK(refused.err.find(bad) == std::string::npos);
  }
  const std::string toml = folder.write("run.toml", "\"x\xC2\x9B\" = 1\nrounds = \"\x1B[31m\"\n");
  CHECK(run("mlpbench", {"run", "--config", toml}).err.find('\x1B') == std::string::npos);
}
