#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;

namespace {

/// As many epochs as take two seconds here, so that the bar has time to appear.
const std::string& epochs() {
  static const std::string count = [] {
    constexpr std::size_t kTried = 500;
    const Finished tried =
        run("moons", {"--backend", "naive", "--epochs", std::to_string(kTried), "--json", "-"});
    const double seconds = nlohmann::json::parse(tried.out).at("train_seconds").get<double>();
    return std::to_string(static_cast<std::size_t>(2.0 / seconds * kTried) + 1);
  }();
  return count;
}

std::vector<std::string> long_and_loud() { return {"--backend", "naive", "--epochs", epochs()}; }

std::string on_terminal(const std::vector<std::string>& more, const ChildOptions& options) {
  const Finished result = run_on_terminal("moons", joined(long_and_loud(), more), options);
  CHECK(result.exit_code == 0);
  return result.err;
}

ChildOptions terminal(const std::string& type) { return {.environment = {{"TERM", type}}}; }

}  // namespace

TEST_CASE("a terminal shows a progress bar, which is wiped in the end") {
  const std::string shown = on_terminal({}, terminal("xterm"));
  INFO(shown);
  CHECK(shown.find("moons naive [") != std::string::npos);
  CHECK(shown.find("/" + epochs() + " epochs") != std::string::npos);
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
  CHECK(run("moons", long_and_loud()).err.empty());
}
