// CPUs before AVX2, emulated: a library either runs or is refused in one line, and never ends the process.
#include <csignal>
#include <set>

#include "backends/registry.h"
#include "support/child_process.h"
#include "support/illegal_instruction.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/skip.h"

using namespace mlpbench::test;

#if defined(__x86_64__)
TEST_CASE("what this CPU lacks is found without ending the process", "[cpu]") {
  int reached = 0;
  const auto before = signal(SIGILL, SIG_DFL);
  CHECK(mlpbench::runs_on_this_cpu([&] { reached = 1; }));
  CHECK(reached == 1);
  for (int time = 0; time < 2; ++time) {
    CHECK_FALSE(mlpbench::runs_on_this_cpu([&] {
      asm volatile("ud2");
      reached = 2;
    }));
  }
  CHECK(reached == 1);
  CHECK(signal(SIGILL, before) == SIG_DFL);
}

TEST_CASE("no backend ends the process on a CPU without AVX2", "[cpu][nightly]") {
  if (!has_tool("qemu-x86_64-static")) return;
  std::set<std::string> refused;
  for (const std::string cpu : {"qemu64", "Opteron_G1", "Nehalem", "SandyBridge"}) {
    for (const mlpbench::BackendEntry& backend : mlpbench::all_backends()) {
      const std::string name(backend.name);
      const std::string program = std::string(MLPBENCH_PROGRAM_DIR) + "/moons";
      const mlpbench::ChildResult child =
          mlpbench::run_child({"qemu-x86_64-static", "-cpu", cpu, program, "--epochs", "1", "--dtype",
                               "float32", "--backend", name},
                              "");
      CAPTURE(cpu, name, child.errors);
      CHECK((child.exit_code == 0 || child.exit_code == 2));
      if (child.exit_code == 2) {
        CHECK(child.errors.find("moons: --backend " + name + ": ") != std::string::npos);
        refused.insert(cpu + " " + name);
      }
    }
  }
  CHECK(refused.contains("SandyBridge avx2"));
  CHECK_FALSE(refused.contains("qemu64 naive"));
}
#endif
