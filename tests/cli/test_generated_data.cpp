#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using nlohmann::json;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kOwnMemory = false;  // a sanitizer keeps as much again, and more
#else
constexpr bool kOwnMemory = true;
#endif

namespace {

void require_refused(const std::string& program, const std::vector<std::string>& arguments,
                     const std::string& expected) {
  const Finished result = run(program, arguments);
  INFO(result.err);
  CHECK(result.exit_code == 2);
  CHECK(result.error_lines() == 1);
  CHECK(result.err.find(expected) != std::string::npos);
}

}  // namespace

TEST_CASE("--samples makes as many as asked for, and the record says so") {
  for (const std::string program : {"moons", "teacher"}) {
    const Finished result = run(program, {"--samples", "2003", "--epochs", "1", "--json", "-"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const json record = json::parse(result.out);
    CHECK(record.at("samples") == 2003);
    CHECK(record.at("dataset").at("training_rows") == 1602);
    CHECK(record.at("dataset").at("test_rows") == 401);
  }
  const json noisy = json::parse(run("teacher", {"--label-noise", "0.3", "--json", "-"}).out);
  const json clean = json::parse(run("teacher", {"--label-noise", "0", "--json", "-"}).out);
  CHECK(noisy.at("label_noise") == 0.3);
  CHECK(clean.at("label_noise").is_null());
  CHECK(noisy.at("test_accuracy") < clean.at("test_accuracy"));
}

TEST_CASE("a number of samples or a noise that cannot be is refused") {
  for (const std::string program : {"moons", "teacher"}) {
    for (const std::string value : {"0", "1", "-5", "1e6", "", "1000000000000000000000"}) {
      require_refused(program, {"--samples", value}, "--samples: '" + value + "' is not a whole number");
    }
    require_refused(program, {"--samples", "30"}, "--batch-size 32: the training data has 24 samples");
    require_refused(program, {"--samples", "10000000000"}, "--samples: the data set needs about");
  }
  for (const std::string value : {"0.5", "-0.1", "nan", "", "5%"}) {
    require_refused("teacher", {"--label-noise", value}, "--label-noise: '" + value + "' is not a number");
  }
  require_refused("moons", {"--label-noise", "0.1"}, "--label-noise: unknown option");
  require_refused("digits", {"--samples", "100"}, "--samples: unknown option");
}

TEST_CASE("a million samples of 28 features train in float32 within 1 GiB") {
  const Finished result =
      run("teacher", {"--samples", "1000000", "--dtype", "float32", "--epochs", "1", "--batch-size", "1024"});
  INFO(result.err);
  CHECK(result.exit_code == 0);
  INFO(result.peak_bytes / 1024 << " KiB");
  CHECK(result.peak_bytes > std::size_t{200} << 20);  // the data alone: it was measured at all
  if (kOwnMemory) CHECK(result.peak_bytes < std::size_t{1} << 30);
}
