// Completions and manual pages in the programs that read them, where these are installed.

#include "tests/cli/shell_files.h"
#include "tests/support/skip.h"

using namespace mlpbench::test;

namespace {

/// The words that fish offers at the end of a line, without their descriptions.
Words fish_offers(const std::string& program, const std::string& typed) {
  const TemporaryFolder folder;
  const std::string script = folder.write("completion", shell_file(program, "fish"));
  Words words;
  for (const std::string& line :
       lines_of(output_of({"fish", "--no-config", "-c",
                           "source " + script + "; complete -C '" + program + " " + typed + "'"}))) {
    words.insert(line.substr(0, line.find('\t')));
  }
  return words;
}

}  // namespace

TEST_CASE("fish completes options, values and lists") {
  if (!has_tool("fish")) return;
  CHECK(fish_offers("moons", "--dtype ") == Words{"float32", "float64"});
  CHECK(fish_offers("moons", "--dtyp") == Words{"--dtype"});
  CHECK(fish_offers("mlpbench", "run --exper") == Words{"--experiment"});
  CHECK(fish_offers("mlpbench", "run --dtype float32,") == Words{"float32,float32", "float32,float64"});
  CHECK(fish_offers("mlpbench", "doc") == Words{"doctor"});
  CHECK(fish_offers("mlpbench", "run --studies bo") == Words{"boundaries"});
  CHECK(fish_offers("bench_ops", "--benchmark_out_format=") ==
        Words{"--benchmark_out_format=csv", "--benchmark_out_format=json"});
  CHECK(fish_offers("mlpbench", "completion ") == Words{"bash", "fish", "zsh"});
}

TEST_CASE("shells and roff read their files without a complaint") {
  const TemporaryFolder folder;
  const bool zsh = has_tool("zsh"), fish = has_tool("fish"), groff = has_tool("groff");
  for (const std::string& program : programs()) {
    INFO(program);
    const auto file = [&](const char* kind) { return folder.write(kind, shell_file(program, kind)); };
    CHECK(output_of({"bash", "-n", file("bash")}).empty());
    if (zsh) CHECK(output_of({"zsh", "-f", "-n", file("zsh")}).empty());
    if (fish) CHECK(output_of({"fish", "-n", file("fish")}).empty());
    const std::string page = file("man");
    if (groff) CHECK(output_of({"groff", "-ww", "-man", "-z", "-Tutf8", page}).empty());
    const std::string text = read_file(page);
    for (const char* section : {".SH NAME\n", ".SH SYNOPSIS\n", ".SH DESCRIPTION\n", ".SH OPTIONS\n",
                                ".SH \"EXAMPLES\"\n", ".SH \"EXIT CODES\"\n", ".SH SEE ALSO\n"}) {
      INFO(section);
      CHECK(text.find(section) != std::string::npos);
    }
  }
}
