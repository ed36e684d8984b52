// What needs gnuplot.

#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/skip.h"

using namespace mlpbench::test;

TEST_CASE("the picture of the decision boundary is written whole") {
  if (!has_tool("gnuplot")) return;
  const TemporaryFolder folder;
  CHECK(run("moons", {"--plot", folder.file("a.png"), "--quiet"}).exit_code == 0);
  CHECK(read_file(folder.file("a.png")).starts_with("\x89PNG"));
  CHECK(run("planar", {"--epochs", "100", "--dtype", "float32", "--plot", folder.file("a.svg"), "--quiet"})
            .exit_code == 0);
  const std::string svg = read_file(folder.file("a.svg"));
  CHECK(svg.find("<svg") != std::string::npos);
  CHECK(svg.find("planar") != std::string::npos);
  CHECK(svg.find("float32") != std::string::npos);
  CHECK(svg.find("</svg>") != std::string::npos);
  CHECK(folder.names() == std::vector<std::string>{"a.png", "a.svg"});
}
