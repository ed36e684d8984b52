// What the system limits, threads and files among it, is one line and never a crash.

#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;

TEST_CASE("threads that the system does not grant are one line, whoever limits them") {
  for (const char* trainer : {"sync --force-parallel", "ensemble --members 64", "hogwild", "local-sgd"}) {
    for (const char* kibibytes : {"400000", "500000", "600000"}) {
      const Finished finished =
          run_after(std::string("ulimit -v ") + kibibytes, "digits",
                    std::string("--quiet --epochs 1 --threads 64 --trainer ") + trainer);
      INFO(trainer << ", " << kibibytes << ": " << finished.err);
      CHECK(finished.exit_code == 2);
      CHECK(finished.error_lines() == 1);
      CHECK(finished.err.starts_with("digits: --threads 64: the system grants "));
    }
  }
}

TEST_CASE("a full quota is one line, and the old record stays") {
  const TemporaryFolder folder;
  const std::string record = folder.write("record.json", "old");
  const Finished finished = run_after("ulimit -f 1", "digits", "--quiet --epochs 1 --json " + record);
  CHECK(finished.exit_code == 2);
  CHECK(finished.err == "digits: --json: cannot write '" + record + "': File too large\n");
  CHECK(read_file(record) == "old");
  CHECK(folder.names() == std::vector<std::string>{"record.json"});
}
