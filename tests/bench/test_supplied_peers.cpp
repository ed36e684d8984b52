// The supplied workers that Debian's packages serve: NumPy and scikit-learn.

#include <nlohmann/json.hpp>

#include "bench/peers/supplied.h"
#include "experiments/experiment.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/skip.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

/// Of a short run of naive and the peer; empty, after skip(), where the peer is not installed.
nlohmann::json cases_with(const std::string& peer, const std::string& dtypes,
                          const std::vector<std::string>& more = {}) {
  const std::string missing = peers_of({{peer}, {}}).front()->unusable_reason(DType::float64);
  if (missing.find("not installed") != std::string::npos ||
      missing.find("No such file") != std::string::npos) {
    skip(missing);
    return {};
  }
  const TemporaryFolder folder;
  std::vector<std::string> command = {"run",       "--backend",   "naive",   "--peers",  peer,
                                      "--studies", "none",        "--quick", "--rounds", "1",
                                      "--output",  folder.path(), "--dtype", dtypes};
  command.insert(command.end(), more.begin(), more.end());
  const Finished ran = run("mlpbench", command);
  INFO(ran.out << ran.err);
  REQUIRE(ran.exit_code == 0);
  return nlohmann::json::parse(read_file(folder.file("results.json"))).at("cases");
}

}  // namespace

TEST_CASE("NumPy trains every experiment to the numbers of the reference", "[supplied]") {
  std::size_t rows = 0;
  for (const nlohmann::json& row : cases_with("numpy", "float64,float32")) {
    if (row.at("kind") != "peer") continue;
    INFO(row.dump());
    ++rows;
    CHECK(row.at("name").get<std::string>().find("/numpy/float") != std::string::npos);
    CHECK(row.at("wrong").is_null());
    const Experiment& experiment = find_experiment(row.at("experiment").get<std::string>());
    CHECK(row.at("parity").at("with") == (experiment.has_numpy_program ? "NumPy" : "naive"));
    CHECK(row.at("parity").at("largest") < (row.at("dtype") == "float64" ? 1e-12 : 2e-5));
    CHECK(row.at("epoch_seconds").size() == 1);
    CHECK(row.at("record").at("library").get<std::string>().starts_with("NumPy "));
    CHECK(row.at("record").at("library_file").get<std::string>().find("python") != std::string::npos);
    CHECK(row.at("record").at("blas_threads") == 1);
  }
  CHECK((rows == 2 * all_experiments().size() || any_skipped()));
}

TEST_CASE("scikit-learn learns every experiment as well as serial training", "[supplied]") {
  std::size_t rows = 0;
  for (const nlohmann::json& row : cases_with("sklearn", "float32")) {
    if (row.at("kind") != "peer") continue;
    INFO(row.dump());
    ++rows;
    CHECK(row.at("wrong").is_null());
    CHECK(row.at("parity").at("with").is_null());
    CHECK(row.at("parity").at("why_none") ==
          "scikit-learn draws its own initial weights and order of the batches");
    CHECK(row.at("epoch_seconds").size() == 1);
    CHECK(row.at("record").at("library").get<std::string>().starts_with("scikit-learn "));
  }
  CHECK((rows == all_experiments().size() || any_skipped()));
}

TEST_CASE("peers take a step of the user's own network", "[supplied]") {
  const std::vector<std::string> network = {"--network", "28-16-1", "--batch", "32"};
  for (const char* const peer : {"numpy", "sklearn"}) {
    for (const nlohmann::json& row : cases_with(peer, "float32", network)) {
      if (row.at("kind") != "peer") continue;
      INFO(row.dump());
      CHECK(row.at("wrong").is_null());
      CHECK(row.at("epoch_seconds").size() == 1);
      const nlohmann::json& why = row.at("parity").at("why_none");
      CHECK(why.is_null() == (row.at("backend") == "numpy"));
      if (!why.is_null()) CHECK(why.get<std::string>().find("made-up numbers") != std::string::npos);
    }
  }
}
