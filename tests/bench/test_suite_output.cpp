// Where the rows of bench_ops go: names, formats, files, readers that leave.

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;

namespace {

/// A row that takes a moment.
std::vector<std::string> one_row(const std::vector<std::string>& more) {
  return joined({"--benchmark_filter=^update/-/12/float32/naive$", "--benchmark_min_time=0.0001s",
                 "--benchmark_repetitions=2"},
                more);
}

}  // namespace

TEST_CASE("names end in the backend, so that a filter may") {
  const Finished listed =
      run("bench_ops", {"--benchmark_filter=/12/float32/naive$", "--benchmark_list_tests"});
  CHECK(listed.out.find("update/-/12/float32/naive\n") != std::string::npos);
  CHECK(listed.out.find("_time") == std::string::npos);
  const Finished others = run("bench_ops", {"--benchmark_filter=-naive$", "--benchmark_list_tests"});
  CHECK(others.exit_code == 0);
  CHECK(others.out.find("/naive\n") == std::string::npos);
  CHECK(run("bench_ops", {"--benchmark_filter=("}).err ==
        "bench_ops: --benchmark_filter: '(' is no regular expression\n");
  CHECK(run("bench_ops", {"--benchmark_filter=^none$"}).err ==
        "bench_ops: --benchmark_filter: no row's name matches '^none$'\n");
}

TEST_CASE("rows without numbers may come first in CSV") {
  const Finished finished = run(
      "bench_ops",
      {"--benchmark_filter=^update/-/12/float32/(avx512|naive)$", "--benchmark_min_time=0.0001",
       "--benchmark_repetitions=1", "--benchmark_format=csv", "--benchmark_enable_random_interleaving=false"},
      {.environment = {{"MLPBENCH_MAX_ISA", "baseline"}}});
  INFO(finished.err);
  CHECK(finished.exit_code == 0);
  CHECK(finished.out.find("unavailable: ") < finished.out.find("/naive/"));
}

TEST_CASE("only aggregates make a table too") {
  const Finished finished = run("bench_ops", one_row({"--benchmark_report_aggregates_only=true"}));
  CHECK(finished.exit_code == 0);
  CHECK(std::count(finished.out.begin(), finished.out.end(), '\n') == 2);
  CHECK(finished.out.find("\nupdate/-/12/float32/naive ") != std::string::npos);
  CHECK(finished.err.find("built as DEBUG") == std::string::npos);
}

TEST_CASE("an output file is replaced whole, at the end, or not at all") {
  const TemporaryFolder folder;
  const std::string file = folder.write("rows.json", "old");
  const Finished full = run("bench_ops", one_row({"--benchmark_out=/dev/full"}));
  CHECK(full.exit_code == 2);
  CHECK(
      full.err.ends_with("bench_ops: --benchmark_out: cannot write '/dev/full': No space left on device\n"));
  const Interrupted killed =
      run_and_interrupt("bench_ops", {"--benchmark_filter=^update", "--benchmark_out=" + file}, 1.0, SIGINT);
  CHECK(killed.finished.exit_code == 130);
  CHECK(killed.seconds < 1.0);
  CHECK(read_file(file) == "old");
  CHECK(run("bench_ops", one_row({"--benchmark_out=" + file})).exit_code == 0);
  CHECK(nlohmann::json::parse(read_file(file)).at("benchmarks").size() >= 2);
  CHECK(run("bench_ops", one_row({"--benchmark_out=" + file, "--benchmark_out_format=csv"})).exit_code == 0);
  CHECK(read_file(file).find("\n\"update/-/12/float32/naive/") != std::string::npos);
}

TEST_CASE("a reader that leaves is no error of the programs of rows") {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--benchmark_list_tests"},
                                                    one_row({}), one_row({"--benchmark_format=json"})}) {
    const Finished finished = run_into_head("bench_ops", arguments, 1);
    CHECK(finished.exit_code == 0);
    CHECK(finished.err.find("cannot write") == std::string::npos);
  }
}
