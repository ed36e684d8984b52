// Completions and manual pages, as the programs print them; test_shell_tools.cpp tries them in shells.

#include <algorithm>
#include <regex>

#include "tests/cli/shell_files.h"

using namespace mlpbench::test;

namespace {

/// The words that bash offers at the end of `typed`, words as bash takes a line apart.
Words bash_offers(const std::string& program, const std::string& typed) {
  const TemporaryFolder folder;
  const std::string script = folder.write("completion", shell_file(program, "bash"));
  return lines_of(output_of({"bash", "-c",
                             ". " + script + "; COMP_WORDS=(" + program + " " + typed +
                                 "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); cd " + folder.path() + "; _" +
                                 program + "; printf '%s\\n' \"${COMPREPLY[@]}\""}));
}

/// The names of the options that a help page lists.
std::vector<std::string> options_of_help(const std::string& help) {
  const std::regex option("\n  (-h,)?--([a-z0-9_-]+)");
  std::vector<std::string> names;
  for (std::sregex_iterator at(help.begin(), help.end(), option), end; at != end; ++at) {
    names.push_back((*at)[2]);
  }
  return names;
}

/// The help with everything: of an experiment's program that of --help-all.
std::string whole_help(const std::string& program) {
  const std::string help = run(program, {"--help"}).out;
  return help.find("--help-all") == std::string::npos ? help : run(program, {"--help-all"}).out;
}

std::vector<std::string> commands_of_mlpbench() {
  const std::string help = run("mlpbench", {"--help"}).out;
  const std::size_t begin = help.find("Subcommands:\n"), end = help.find("\n\n", begin);
  REQUIRE(end != std::string::npos);
  const std::string list = help.substr(begin, end - begin);
  const std::regex command("\n  ([a-z]+)");
  std::vector<std::string> names;
  for (std::sregex_iterator at(list.begin(), list.end(), command), none; at != none; ++at) {
    names.push_back((*at)[1]);
  }
  return names;
}

}  // namespace

TEST_CASE("every option of the help is in every completion and in the manual page") {
  for (const std::string& program : programs()) {
    std::vector<std::string> options = options_of_help(whole_help(program));
    if (program == "mlpbench") {
      for (const std::string& command : commands_of_mlpbench()) {
        const std::vector<std::string> more = options_of_help(run(program, {command, "--help"}).out);
        options.insert(options.end(), more.begin(), more.end());
      }
    }
    CHECK(options.size() >= 8);
    const std::string bash = shell_file(program, "bash"), zsh = shell_file(program, "zsh"),
                      fish = shell_file(program, "fish"), man = shell_file(program, "man");
    for (const std::string& name : options) {
      INFO(program << " --" << name);
      CHECK(bash.find("--" + name) != std::string::npos);
      CHECK(zsh.find("--" + name) != std::string::npos);
      CHECK(fish.find(" -l " + name + " ") != std::string::npos);
      CHECK(man.find("\\-\\-" + std::regex_replace(name, std::regex("-"), "\\-")) != std::string::npos);
    }
    // What is hidden from the help is nowhere else either.
    for (const std::string& file : {bash, zsh, fish}) CHECK(file.find("shell-file") == std::string::npos);
  }
}

TEST_CASE("every help page fits a screen, and says examples and exit codes") {
  std::vector<std::vector<std::string>> pages;
  for (const std::string& program : programs()) pages.push_back({program});
  for (const std::string& command : commands_of_mlpbench()) pages.push_back({"mlpbench", command});
  CHECK(pages.size() >= 18);
  for (const std::vector<std::string>& page : pages) {
    const std::string help = run(page[0], joined({page.begin() + 1, page.end()}, {"--help"})).out;
    INFO(help);
    CHECK(std::count(help.begin(), help.end(), '\n') <= 40);
    for (const std::string& line : lines_of(help)) CHECK(line.size() <= 80);
    CHECK(help.find("\n\n\n") == std::string::npos);
    if (page.size() > 1) continue;  // of mlpbench's commands some have nothing to add
    CHECK(help.find("Examples:\n") != std::string::npos);
    CHECK(help.find("Exit codes: 0 ") != std::string::npos);
  }
}

TEST_CASE("--help leaves out what is rarely needed, --help-all does not") {
  for (const std::string program : {"moons", "train_csv"}) {
    const std::vector<std::string> some = options_of_help(run(program, {"--help"}).out),
                                   all = options_of_help(run(program, {"--help-all"}).out);
    const auto has = [](const std::vector<std::string>& names, const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const std::string& name : some) CHECK(has(all, name));
    for (const char* rare : {"split-seed", "keep-incomplete-batch", "dump-parameters", "no-color",
                             "force-parallel", "local-steps", "hogwild-form", "members"}) {
      INFO(rare);
      CHECK(has(all, rare));
      CHECK_FALSE(has(some, rare));
    }
  }
}

TEST_CASE("bash completes options, values, values after '=' and in lists, files") {
  CHECK(bash_offers("moons", "--dt") == Words{"--dtype"});
  CHECK(bash_offers("moons", "--dtype ''") == Words{"float32", "float64"});
  CHECK(bash_offers("moons", "--dtype =") == Words{"float32", "float64"});
  CHECK(bash_offers("moons", "--dtype = float3") == Words{"float32"});
  CHECK(bash_offers("moons", "--epochs ''") == Words{""});
  Words backends, trainers;
  for (const mlpbench::BackendEntry& entry : mlpbench::all_backends()) backends.emplace(entry.name);
  for (const mlpbench::TrainerEntry& entry : mlpbench::all_trainers()) trainers.emplace(entry.name);
  CHECK(bash_offers("mlpbench", "run --backend ''") == backends);
  trainers.insert("all");
  CHECK(bash_offers("moons", "--trainer ''") == trainers);
  backends.insert("all");
  CHECK(bash_offers("moons", "--backend ''") == backends);
  CHECK(bash_offers("train_csv", "--task m") == Words{"multiclass"});
  CHECK(bash_offers("moons", "--json c") == Words{"completion"});  // the file of bash_offers()
  CHECK(bash_offers("train_csv", "c") == Words{"completion"});
  CHECK(bash_offers("mlpbench", "run --output c") == Words{""});  // no folder

  CHECK(bash_offers("mlpbench", "do") == Words{"doctor"});
  CHECK(bash_offers("mlpbench", "completion ''") == Words{"bash", "fish", "zsh"});
  CHECK(bash_offers("mlpbench", "run --exp") == Words{"--experiment"});
  CHECK(bash_offers("mlpbench", "run --backend naive,avx2") == Words{"naive,avx2"});
  CHECK(bash_offers("mlpbench", "compare --junit = x --stri") == Words{"--strict"});
  CHECK(bash_offers("mlpbench", "compare c") == Words{"completion"});
  CHECK(bash_offers("mlpbench", "--exp") == Words{""});
  CHECK(bash_offers("mlpbench", "run --studies curves,r") == Words{"curves,roofline"});
  CHECK(bash_offers("bench_ops", "--benchmark_out_format = ''") == Words{"csv", "json"});
  CHECK(bash_offers("bench_training", "--benchmark_l") == Words{"--benchmark_list_tests"});
}

TEST_CASE("mlpbench completion prints the scripts of all programs; another shell is refused") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const Finished finished = run("mlpbench", {"completion", shell});
    CHECK(finished.exit_code == 0);
    for (const std::string& program : programs()) {
      CHECK(finished.out.find(shell_file(program, shell)) != std::string::npos);
    }
  }
  const auto refused = [](const Finished& finished) {
    INFO(finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.error_lines() == 1);
    CHECK(finished.err.find("tcsh") != std::string::npos);
  };
  refused(run("mlpbench", {"completion", "tcsh"}));
  refused(run("mlpbench", {"--shell-file", "tcsh"}));
  refused(run("moons", {"--shell-file", "tcsh"}));
}
