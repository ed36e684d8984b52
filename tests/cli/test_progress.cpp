#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;

namespace {

/// Seconds of training, so that the bar has time to appear.
const std::vector<std::string> kLongAndLoud = {"--backend", "naive", "--epochs", "3000"};

std::string on_terminal(const std::vector<std::string>& more, const ChildOptions& options) {
  const Finished result = run_on_terminal("moons", joined(kLongAndLoud, more), options);
  CHECK(result.exit_code == 0);
  return result.err;
}

ChildOptions terminal(const std::string& type) { return {.environment = {{"TERM", type}}}; }

}  // namespace

TEST_CASE("a terminal shows a progress bar, which is wiped in the end") {
  const std::string shown = on_terminal({}, terminal("xterm"));
  INFO(shown);
  CHECK(shown.find("moons naive [") != std::string::npos);
  CHECK(shown.find("/3000 epochs") != std::string::npos);
  CHECK(shown.find(" left") != std::string::npos);
  CHECK(shown.find("\x1b[36m") != std::string::npos);
  CHECK(shown.ends_with("\r\x1b[K"));
  CHECK(shown.find('\n') == std::string::npos);
}

TEST_CASE("NO_COLOR and --no-color take the colour from the bar") {
  ChildOptions no_color = terminal("xterm");
  no_color.environment.emplace_back("NO_COLOR", "1");
  for (const std::string& shown :
       {on_terminal({}, no_color), on_terminal({"--no-color"}, terminal("xterm"))}) {
    CHECK(shown.find("moons naive [") != std::string::npos);
    CHECK(shown.find("\x1b[36m") == std::string::npos);
  }
}

TEST_CASE("no bar with --quiet, on a dumb terminal, or in a pipe") {
  CHECK(on_terminal({"--quiet"}, terminal("xterm")).empty());
  CHECK(on_terminal({}, terminal("dumb")).empty());
  CHECK(run("moons", kLongAndLoud).err.empty());
}
