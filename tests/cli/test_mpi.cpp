// Programs that a launcher of MPI starts as ranks: one of them prints and writes, and all end together.

#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "support/child_process.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/skip.h"

using namespace mlpbench::test;
using mlpbench::ChildResult;
using nlohmann::json;
using Arguments = std::vector<std::string>;

namespace {

constexpr const char* kMpi[] = {"openmpi", "mpich"};

/// False, after skip(), without the module or its launcher.
bool has_mpi(const std::string& mpi) {
  const std::string module = std::string(MLPBENCH_PROGRAM_DIR) + "/../lib/mlpbench/ranks_" + mpi + ".so";
  if (!std::filesystem::exists(module)) {
    skip("this build has no ranks of " + mpi);
    return false;
  }
  return has_tool("mpirun." + mpi);
}

/// mpirun -n SIZE PROGRAM ARGUMENTS, with more ranks than CPUs, as root too.
ChildResult run_ranks(const std::string& mpi, int size, const std::string& program,
                      const Arguments& arguments) {
  for (const char* name :
       {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "OMPI_MCA_rmaps_base_oversubscribe"})
    ::setenv(name, "1", 1);
  ::setenv("OMPI_MCA_hwloc_base_binding_policy", "none", 1);
  return mlpbench::run_child(
      joined({"mpirun." + mpi, "-n", std::to_string(size), std::string(MLPBENCH_PROGRAM_DIR) + "/" + program},
             arguments),
      "");
}

std::size_t count(const std::string& text, const std::string& word) {
  std::size_t found = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("ranks train to the bits of one, and one of them prints and writes") {
  const TemporaryFolder folder;
  const Arguments options = {"--trainer",         "sync",  "--epochs", "2", "--force-parallel",
                             "--dump-parameters", "--json"};
  REQUIRE(run("digits", joined(options, {folder.file("alone.json")})).exit_code == 0);
  const json alone = json::parse(read_file(folder.file("alone.json")));
  CHECK(alone.at("ranks").is_null());
  for (const std::string mpi : kMpi) {
    if (!has_mpi(mpi)) continue;
    const std::string file = folder.file(mpi + ".json");
    const ChildResult ended = run_ranks(mpi, 3, "digits", joined(options, {file}));
    INFO(mpi << ": " << ended.errors);
    REQUIRE(ended.exit_code == 0);
    CHECK(count(ended.output, "Test Accuracy") == 1);
    CHECK(count(ended.output, "3 ranks of 1 thread") == 1);
    const json record = json::parse(read_file(file));
    CHECK(record.at("parameters") == alone.at("parameters"));
    CHECK(record.at("loss_per_epoch") == alone.at("loss_per_epoch"));
    CHECK(record.at("ranks") == 3);
    CHECK(record.at("ranks_used") == 3);
    CHECK(record.at("bytes_sent") > 0);
  }
}

TEST_CASE("what all ranks find wrong is said once, and so is what a rank finds alone") {
  for (const std::string mpi : kMpi) {
    if (!has_mpi(mpi)) continue;
    const ChildResult wrong = run_ranks(mpi, 3, "moons", {"--epochs", "0"});
    CHECK(wrong.exit_code == 2);
    CHECK(count(wrong.errors, "moons: --epochs: '0' is not") == 1);
    const ChildResult hogwild = run_ranks(mpi, 2, "moons", {"--trainer", "hogwild"});
    CHECK(hogwild.exit_code == 2);
    CHECK(count(hogwild.errors, "--trainer hogwild: its threads share weights in one memory") == 1);
    // The trainer is serial: the first rank fails while the other waits for it.
    const ChildResult diverged = run_ranks(mpi, 2, "digits", {"--learning-rate", "1e300", "--epochs", "1"});
    CHECK(diverged.exit_code == 4);
    CHECK(count(diverged.errors, "digits: rank 0 of 2: training diverged") == 1);
  }
}

TEST_CASE("ranks of other options are found out at the start") {
  if (!has_mpi("openmpi")) return;
  const std::string moons = std::string(MLPBENCH_PROGRAM_DIR) + "/moons";
  const ChildResult ended =
      run_ranks("openmpi", 1, "moons",
                {"--trainer", "sync", ":", "-n", "1", moons, "--trainer", "sync", "--epochs", "11"});
  CHECK(ended.exit_code == 2);
  CHECK(count(ended.errors, "rank 1 has another run than rank 0: --epochs is 10 there and 11 here") == 1);
}

TEST_CASE("a serial trainer trains on one rank, and the others have no work") {
  if (!has_mpi("openmpi")) return;
  const ChildResult ended = run_ranks("openmpi", 3, "moons", {});
  CHECK(ended.exit_code == 0);
  CHECK(count(ended.output, "1 of 3 ranks trained: the trainer is serial") == 1);
}

TEST_CASE("shards have the same bits on any number of ranks") {
  const TemporaryFolder folder;
  const Arguments options = {"--trainer", "sync", "--samples",         "5000",  "--shards", "8",
                             "--epochs",  "2",    "--dump-parameters", "--json"};
  REQUIRE(run("teacher", joined(options, {folder.file("alone.json")})).exit_code == 0);
  const json alone = json::parse(read_file(folder.file("alone.json")));
  CHECK(alone.at("shards") == 8);
  for (const std::string mpi : kMpi) {
    if (!has_mpi(mpi)) continue;
    for (const int size : {2, 3, 8}) {
      const std::string file = folder.file(mpi + std::to_string(size));
      const ChildResult ended = run_ranks(mpi, size, "teacher", joined(options, {file}));
      INFO(mpi << ", " << size << " ranks: " << ended.errors);
      REQUIRE(ended.exit_code == 0);
      const json record = json::parse(read_file(file));
      CHECK(record.at("parameters") == alone.at("parameters"));
      CHECK(record.at("dataset") == alone.at("dataset"));
    }
  }
  const Finished whole = run("moons", {"--trainer", "sync", "--shards", "4"});
  CHECK(whole.exit_code == 2);
  CHECK(whole.err == "moons: --shards: moons reads its data whole; teacher and mnist can be cut\n");
}

TEST_CASE("a checkpoint goes on with another number of ranks") {
  if (!has_mpi("openmpi")) return;
  const TemporaryFolder folder;
  const Arguments options = {"--trainer",   "local-sgd", "--workers",         "5",
                             "--optimiser", "adam",      "--dump-parameters", "--json"};
  REQUIRE(run("moons", joined(options, {folder.file("alone.json"), "--epochs", "6"})).exit_code == 0);
  const std::string kept = folder.file("kept");
  // The settings of a checkpoint's run are those of the whole run, which a signal ends after an epoch or
  // more.
  const Arguments with = joined(options, {folder.file("rest.json"), "--epochs", "6", "--checkpoint", kept});
  REQUIRE(run_ranks("openmpi", 2, "moons", with).exit_code == 0);
  REQUIRE(run_ranks("openmpi", 3, "moons", with).exit_code == 0);  // restores the end of the run
  const json alone = json::parse(read_file(folder.file("alone.json"))),
             rest = json::parse(read_file(folder.file("rest.json")));
  CHECK(rest.at("parameters") == alone.at("parameters"));
}
