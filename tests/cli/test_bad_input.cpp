#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using Arguments = std::vector<std::string>;

namespace {

/// Every mistake of a user: exit code 2, nothing on stdout, one line on stderr that begins with the program's
/// name and says `expected`.
void require_refused(const Finished& result, const std::string& program, const Arguments& expected) {
  INFO("stderr: " << result.err << "stdout: " << result.out);
  CHECK(result.exit_code == 2);
  CHECK(result.out.empty());
  CHECK(result.error_lines() == 1);
  CHECK(result.err.starts_with(program + ": "));
  for (const std::string& text : expected) {
    INFO("expected: " << text);
    CHECK(result.err.find(text) != std::string::npos);
  }
}

void require_refused(const std::string& program, const Arguments& arguments, const Arguments& expected,
                     const ChildOptions& options = {}) {
  INFO(program << " " << Catch::StringMaker<Arguments>::convert(arguments));
  require_refused(run(program, arguments, options), program, expected);
}

}  // namespace

TEST_CASE("a wrong option is one line and exit code 2") {
  struct Case {
    Arguments arguments, expected;
  };
  const std::vector<Case> cases = {
      {{"--epoch", "5"}, {"--epoch", "unknown option; did you mean --epochs?", "--help"}},
      {{"-x"}, {"-x", "unknown option"}},
      {{"--backends=avx2"}, {"--backends=avx2", "unknown option"}},
      {{"extra"}, {"extra", "unknown argument"}},
      {{"--epochs", "5", "more"}, {"more", "unknown argument"}},
      {{"two\nlines"}, {"two\\x0Alines"}},
      {{"--epochs"}, {"--epochs", "needs a value"}},
      {{"--epochs="}, {"--epochs", "needs a value"}},
      {{"--quiet=3"}, {"--quiet", "no value"}},
      {{"--backend", "fastest"}, {"--backend", "'fastest'", "naive"}},
      {{"--backend", ""}, {"--backend", "''", "naive"}},
      {{"--trainer", "adam"}, {"--trainer", "'adam'", "full-batch", "mini-batch"}},
      {{"--dtype", "float16"}, {"--dtype", "'float16'", "float64", "float32"}},
      {{"--seed", "-1"}, {"--seed", "'-1'", "4294967295"}},
      {{"--seed", "4294967296"}, {"--seed", "'4294967296'", "4294967295"}},
      {{"--seed", "1.5"}, {"--seed", "'1.5'"}},
      {{"--split-seed", "-1"}, {"--split-seed", "'-1'", "4294967295"}},
      {{"--split-seed", "99999999999999999999"}, {"--split-seed", "4294967295"}},
      {{"--batch-size", "100000"}, {"--batch-size", "100000", "800"}},
      {{"--hidden", "100000,100000,100000"}, {"--hidden", "memory"}},
  };
  for (const Case& c : cases) require_refused("moons", c.arguments, c.expected);
}

TEST_CASE("a count that is not a positive whole number is refused") {
  for (const std::string option : {"--epochs", "--batch-size", "--threads", "--hidden"}) {
    for (const std::string value : {"0", "-1", "2.5", "1e3", "abc", "", " 5", "5 ", "0x10", "nan", "inf",
                                    "99999999999999999999999", "+5", "5;6"}) {
      require_refused("moons", {option, value}, {option + ": '" + value + "' is not"});
    }
  }
  for (const std::string value : {",", "4,", ",4", "4,,4", "4,0", "4 4", "4,-1", "100001"}) {
    require_refused("moons", {"--hidden", value}, {"--hidden: '" + value + "' is not a list"});
  }
}

TEST_CASE("a learning rate that is not a finite positive number is refused") {
  for (const std::string value :
       {"nan", "abc", "1e999", "0", "-1", "inf", "", "0.1x", "1e-999", "-0.0", "0x1p3"}) {
    require_refused("moons", {"--learning-rate", value},
                    {"--learning-rate: '" + value + "' is not", "above 0"});
  }
  // A number in float64, and zero or infinite in the run's precision.
  for (const std::string value : {"1e-60", "1e60"}) {
    require_refused("moons", {"--dtype", "float32", "--learning-rate", value}, {"--learning-rate"});
  }
}

TEST_CASE("a backend that this machine lacks is an error that names the feature") {
  const ChildOptions baseline{.environment = {{"MLPBENCH_MAX_ISA", "baseline"}}};
  const std::string simd(simd_backend()), other = simd == "neon" ? "avx2" : "neon";
  require_refused("moons", {"--backend", simd},
                  {"--backend " + simd, simd == "neon" ? "lacks NEON" : "lacks AVX2"}, baseline);
  require_refused("moons", {"--backend", other},
                  {"--backend " + other, simd == "neon" ? "it is for x86_64" : "it is for aarch64"},
                  baseline);
  require_refused("moons", {"--backend", "unknown"}, {"naive"}, baseline);

  const Finished listed = run("moons", {"--list-backends"}, baseline);
  CHECK(listed.exit_code == 0);
  CHECK(listed.out.find("avx512") != std::string::npos);
  CHECK(listed.out.find("unavailable: ") != std::string::npos);
  if (simd == "avx2") {
    require_refused("moons", {"--backend", "avx512"}, {"--backend avx512", "AVX-512"},
                    {.environment = {{"MLPBENCH_MAX_ISA", "avx2"}}});
  }

  require_refused("moons", {}, {"MLPBENCH_MAX_ISA", "'sse9'", simd == "neon" ? "neon" : "avx512"},
                  {.environment = {{"MLPBENCH_MAX_ISA", "sse9"}}});
}

TEST_CASE("an output file that cannot be written is found before training") {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "content");
  // So many epochs that training would not end.
  const Arguments forever = {"--epochs", "1000000000"};
  const auto refused = [&](const std::string& path, const Arguments& expected) {
    require_refused("moons", joined(forever, {"--json", path}), joined({"--json"}, expected));
  };
  refused(folder.file("missing/record.json"), {"missing", "No such file"});
  refused(file + "/record.json", {"file", "not a folder"});
  refused(folder.file(""), {"is a folder"});
  refused("/proc/record.json", {"/proc/record.json"});
  refused("", {"not a file name"});
  refused("--quiet", {"'--quiet'", "not a file name"});
  CHECK(folder.names() == Arguments{"file"});
  CHECK(read_file(file) == "content");
}

TEST_CASE("--plot says what is missing before training") {
  const TemporaryFolder folder;
  const std::string png = folder.file("a.png");
  const Arguments forever = {"--epochs", "1000000000"};
  require_refused("breast_cancer", {"--plot", png}, {"--plot", "planar", "moons"});
  require_refused("moons", joined(forever, {"--plot", folder.file("a.pdf")}),
                  {"--plot", "a.pdf", ".svg", ".png"});
  require_refused("moons", joined(forever, {"--plot", folder.file("none/a.png")}), {"--plot", "none"});
  require_refused("moons", joined(forever, {"--plot", png, "--backend", "all"}), {"--plot", "--backend all"});
  require_refused("moons", joined(forever, {"--plot", png}), {"--plot", "gnuplot", "not installed"},
                  {.environment = {{"PATH", "/nonexistent"}}});
  CHECK(folder.names().empty());
}

TEST_CASE("missing data files are one line that names the file") {
  const ChildOptions options{.environment = {{"MLPBENCH_DATA_DIR", "/nonexistent"}}};
  require_refused("breast_cancer", {}, {"/nonexistent/breast_cancer.csv"}, options);
  require_refused("digits", {}, {"/nonexistent/digits.csv"}, options);
}

TEST_CASE("divergence stops the run, names the epoch and is exit code 4") {
  const TemporaryFolder folder;
  const std::string json = folder.file("record.json");
  for (const char* dtype : {"float64", "float32"}) {
    const Finished result = run("regression", {"--learning-rate", "1e6", "--dtype", dtype, "--json", json});
    INFO(result.err);
    CHECK(result.exit_code == 4);
    CHECK(result.out.empty());
    CHECK(result.error_lines() == 1);
    CHECK(result.err.find("epoch ") != std::string::npos);
  }
  const Finished all = run("regression", {"--learning-rate", "1e6", "--backend", "all", "--json", json});
  CHECK(all.exit_code == 4);
  CHECK(all.error_lines() == 1);
  CHECK(folder.names().empty());
}
