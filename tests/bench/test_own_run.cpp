// `mlpbench run`, bench_training and bench_ops on the user's own networks, shapes and data.

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/idx.h"

using namespace mlpbench::test;
using Arguments = std::vector<std::string>;

namespace {

std::string table_of_flowers() {
  std::string text = "x,y,kind\n";
  for (int i = 0; i < 60; ++i) {
    text += std::to_string(i % 7) + "," + std::to_string(i * i % 11) + "," + (i % 7 > 3 ? "a" : "b") + "\n";
  }
  return text;
}

std::string listed(const Arguments& arguments) {
  const Finished finished =
      run("mlpbench", joined({"list", "--backend", "naive", "--dtype", "float64"}, arguments));
  INFO(finished.err);
  CHECK(finished.exit_code == 0);
  return finished.out;
}

Arguments quick(const TemporaryFolder& folder, const Arguments& more) {
  return joined({"run", "--quick", "--studies", "none", "--rounds", "3", "--no-progress", "--output",
                 folder.file("results")},
                more);
}

nlohmann::json cases_in(const TemporaryFolder& folder) {
  return nlohmann::json::parse(read_file(folder.file("results/results.json"))).at("cases");
}

}  // namespace

TEST_CASE("--resume refuses data files that have changed", "[own_run]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("a.csv", table_of_flowers());
  const SmallImages small(60);
  const std::string images = folder.write("images", small.images),
                    labels = folder.write("labels", small.labels);
  for (const auto& [data, changed] :
       {std::pair{Arguments{"--csv", csv, "--target", "kind", "--task", "binary"}, csv},
        std::pair{Arguments{"--images", images, "--labels", labels}, labels}}) {
    const Arguments arguments =
        joined({"run", "--backend", "naive", "--studies", "none", "--rounds", "1000", "--precision",
                "0.000001", "--budget", "5", "--output", folder.path()},
               data);
    run_and_interrupt("mlpbench", arguments, 0.5, SIGINT);
    REQUIRE(std::filesystem::exists(folder.file("journal.jsonl")));
    std::string content = read_file(changed);
    char& label = content[content.size() - 2];
    label = label == 'b' ? 'a' : '\0';
    folder.write(std::filesystem::path(changed).filename(), content);
    const Finished refused = run("mlpbench", joined(arguments, {"--resume"}));
    INFO(refused.err);
    CHECK(refused.exit_code == 2);
    CHECK(refused.error_lines() == 1);
    CHECK(refused.err.find("journal.jsonl: is of another run: data, --") != std::string::npos);
  }
}

TEST_CASE("bad networks and data are one line and exit code 2", "[own_run]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("a.csv", table_of_flowers());
  const std::vector<std::pair<Arguments, std::string>> bad = {
      {{"--network", "784-0-10"}, "--network: '784-0-10' is not a network like"},
      {{"--network", "wide"}, "--network: 'wide' is not a network like"},
      {{"--network", "784"}, "--network: '784' is not a network like"},
      {{"--network", "784-1000000000-10"}, "of memory and this machine has"},
      {{"--network", "8-4-1", "--batch", "0"}, "--batch: '0' is not a whole number"},
      {{"--network", "8-4-1", "--batch", "1000000000000"}, "--batch: '1000000000000' is not"},
      {{"--network", "8-4-1", "--activation", "swish"}, "--activation: 'swish' is not one of"},
      {{"--network", "8-4-1", "--activation", "softmax"}, "--activation: softmax stands only at the end"},
      {{"--network", "8-4-1", "--loss", "hinge"}, "--loss: 'hinge' is not one of"},
      {{"--network", "8-4-1", "--loss", "softmax"}, "--network: nothing remains"},
      {{"--batch", "3"}, "--batch: needs --network or --csv or --images"},
      {{"--loss", "mse"}, "--loss: needs --network"},
      {{"--csv", csv}, "--csv: needs --target"},
      {{"--target", "kind"}, "--target: needs --csv"},
      {{"--missing", "mean"}, "--missing: needs --csv"},
      {{"--csv", csv, "--target", "kind", "--missing", "zero"}, "--missing: 'zero' is not one of"},
      {{"--csv", csv, "--target", "kind", "--drop", "none"}, "--drop: no column 'none'"},
      {{"--csv", "-", "--target", "kind"}, "--csv: stdin cannot be read again"},
      {{"--csv", csv, "--target", "none"}, "'none'"},
      {{"--csv", folder.file("none.csv"), "--target", "kind"}, "none.csv"},
      {{"--csv", csv, "--target", "kind", "--batch", "3,4"}, "--batch: a file takes one"},
      {{"--csv", csv, "--target", "kind", "--task", "sorting"}, "--task: 'sorting' is not one of"},
      {{"--csv", csv, "--target", "kind", "--hidden", "0"}, "--hidden: '0' is not"},
      {{"--csv", csv, "--target", "kind", "--epochs", "0"}, "--epochs: '0' is not"},
      {{"--csv", csv, "--target", "kind", "--hidden", "100000,100000,100000,100000"}, "of memory"},
      {{"--csv", folder.file("a#b.csv"), "--target", "kind"}, "has a #"},
      {{"--images", csv, "--labels", csv}, "a.csv: "},
      {{"--images", csv}, "--images: needs --labels"},
  };
  for (const auto& [arguments, words] : bad) {
    const Finished finished = run("mlpbench", joined({"run", "--list"}, arguments));
    INFO(finished.err << finished.out);
    CHECK(finished.exit_code == 2);
    CHECK(finished.error_lines() == 1);
    CHECK(finished.err.find(words) != std::string::npos);
    CHECK(finished.out.empty());
    CHECK(finished.peak_bytes < std::size_t{1} << 30);
  }
  for (const std::string program : {"bench_training", "bench_ops"}) {
    const Arguments arguments =
        program == "bench_ops" ? Arguments{"--shape", "512x784"} : Arguments{"--network", "784-0-10"};
    const Finished finished = run(program, arguments);
    INFO(finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.err.find(arguments[0] + ": '" + arguments[1] + "' is not a ") != std::string::npos);
  }
  CHECK(run("bench_ops", {"--shape", "1000000x1000000x1000000"}).err.find("of memory") != std::string::npos);
}

TEST_CASE("networks and data replace the suite's experiments, and stand beside those that are named",
          "[own_run]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("my data.csv", table_of_flowers());
  CHECK(listed({"--network", "8-4-1,5-3", "--batch", "1,32"}) ==
        "8-4-1@1/naive/float64\n8-4-1@32/naive/float64\n5-3@1/naive/float64\n5-3@32/naive/float64\n");
  CHECK(listed({"--network", "8-4-1", "--predict"}) == "8-4-1@256/naive/float64/predict\n");
  CHECK(listed({"--csv", csv, "--target", "kind", "--trainer", "own,sync", "--experiment", "moons"}) ==
        "moons/naive/float64\nmoons/naive/float64/sync\n"
        "my_data.csv/naive/float64\nmy_data.csv/naive/float64/sync\n");
  const Finished noted = run("mlpbench", {"list", "--network", "8-4-1", "--loss", "bce,softmax"});
  CHECK(noted.err == "mlpbench: note: 8-4-1@256-softmax is left out: a softmax of one output is always 1\n");
}

TEST_CASE("a configuration holds networks and data", "[own_run]") {
  const TemporaryFolder folder;
  const std::string csv = folder.write("my data.csv", table_of_flowers());
  std::string rows = ";a;b;place;day;kind\n";
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(i % 7), place = i % 3 == 0 ? "Rome" : "Oslo";
    rows += n + ";" + n + ",5;" + (i % 9 == 0 ? "NA" : n) + ";" + place + ";1.1.2024;" +
            (i % 2 == 0 ? "p" : "q") + "\n";
  }
  const std::string semicolons = folder.write("semicolons.csv", rows);
  const SmallImages small(60);
  const std::string images = folder.write("images", small.images),
                    labels = folder.write("labels", small.labels);
  for (const Arguments& arguments :
       {Arguments{"--network", "8-4-1,9-5-3", "--batch", "1,32", "--activation", "relu,tanh", "--loss",
                  "mse"},
        Arguments{"--network", "8-4-1", "--predict", "--trainer", "own", "--experiment", "moons"},
        Arguments{"--csv", csv, "--target", "kind", "--task", "binary", "--activation", "elu", "--hidden",
                  "8,4", "--epochs", "3", "--learning-rate", "0.125", "--batch", "7"},
        Arguments{"--csv", semicolons, "--target", "kind", "--delimiter", ";", "--decimal", ",", "--drop",
                  "day,@1", "--categorical", "place", "--missing", "median"},
        Arguments{"--images", images, "--labels", labels, "--test-images", images, "--test-labels",
                  labels}}) {
    const auto text_of = [](const Arguments& more) {
      const Finished finished = run("mlpbench", joined({"run", "--print-config"}, more));
      INFO(finished.err);
      CHECK(finished.exit_code == 0);
      return finished.out;
    };
    const std::string text = text_of(arguments), file = folder.write("run.toml", text);
    INFO(text);
    CHECK(text_of({"--config", file}) == text);
    CHECK(
        listed(arguments) ==
        run("mlpbench", {"run", "--list", "--backend", "naive", "--dtype", "float64", "--config", file}).out);
  }
  const std::string by_hand =
      folder.write("networks.toml", "network = [\"8-4-1\", \"5-3\"]\nbatch = [1, 32]\npredict = true\n");
  CHECK(run("mlpbench", {"run", "--list", "--backend", "naive", "--dtype", "float64", "--config", by_hand})
            .out ==
        "8-4-1@1/naive/float64/predict\n8-4-1@32/naive/float64/predict\n"
        "5-3@1/naive/float64/predict\n5-3@32/naive/float64/predict\n");
}

TEST_CASE("a run measures networks, inference and data, and says their memory", "[own_run]") {
  const TemporaryFolder folder;
  const Arguments arguments = {"--network", "28-16-1",   "--batch",
                               "1,32",      "--csv",     folder.write("flowers.csv", table_of_flowers()),
                               "--target",  "kind",      "--epochs",
                               "3",         "--trainer", "own,predict"};
  const Finished finished = run("mlpbench", quick(folder, arguments));
  INFO(finished.out << finished.err);
  REQUIRE(finished.exit_code == 0);
  CHECK(finished.out.find("28-16-1@32: 28-16-1, ") != std::string::npos);
  std::size_t inference = 0;
  for (const auto& entry : cases_in(folder)) {
    INFO(entry.at("name").get<std::string>());
    if (!entry.at("unavailable").is_null()) continue;
    CHECK(entry.at("wrong").is_null());
    CHECK(entry.at("epoch_seconds").size() == 3);
    CHECK(entry.at("parity").at("with") == "naive");
    CHECK(entry.at("peak_bytes") > 100);
    const bool predicts = entry.at("trainer") == "predict", csv = entry.at("experiment") == "flowers.csv";
    inference += predicts ? 1 : 0;
    if (csv && !predicts) CHECK(entry.at("record").at("batch_size") == 32);
    if (entry.at("experiment") == "28-16-1@32") {
      CHECK(entry.at("samples_per_epoch") == 32);
      const double products = 2.0 * 32 * (28 * 16 + 16);
      CHECK(entry.at("flop_per_epoch") ==
            (predicts ? products : 2.0 * products + 2.0 * 32 * 16 + 2 * (29 * 16 + 17)));
    }
  }
  CHECK(inference >= 6);
  const std::string report = read_file(folder.file("results/report.md"));
  CHECK(report.find("28-16-1@1, predict") != std::string::npos);
  CHECK(read_file(folder.file("results/report.html")).find("peak memory") != std::string::npos);
  CHECK(report.find("made-up accuracy") != std::string::npos);
}

TEST_CASE("the studies of seeds and curves take your own data, and leave made-up numbers out", "[own_run]") {
  const TemporaryFolder folder;
  const Finished finished = run("mlpbench", {"run",
                                             "--quick",
                                             "--studies",
                                             "over_seeds,curves",
                                             "--rounds",
                                             "2",
                                             "--backend",
                                             "naive",
                                             "--dtype",
                                             "float64",
                                             "--network",
                                             "8-4-1",
                                             "--csv",
                                             folder.write("flowers.csv", table_of_flowers()),
                                             "--target",
                                             "kind",
                                             "--epochs",
                                             "3",
                                             "--no-progress",
                                             "--output",
                                             folder.file("results")});
  INFO(finished.out << finished.err);
  REQUIRE(finished.exit_code == 0);
  const auto json = nlohmann::json::parse(read_file(folder.file("results/results.json")));
  for (const auto& entry : json.at("cases")) {
    CHECK(entry.at("over_seeds").is_null() == (entry.at("experiment") != "flowers.csv"));
  }
  CHECK_FALSE(json.at("curves").empty());
  for (const auto& curve : json.at("curves")) CHECK(curve.at("experiment") == "flowers.csv");
}

TEST_CASE("bench_training and bench_ops time the user's steps and products", "[own_run]") {
  const auto rows = [](const std::string& program, const Arguments& arguments) {
    const Finished finished = run(program, joined({"--benchmark_list_tests"}, arguments));
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    std::string text;
    for (std::size_t at = 0, end; (end = finished.out.find('\n', at)) != std::string::npos; at = end + 1) {
      const std::string line = finished.out.substr(at, end - at);
      if (line.ends_with("/float32/naive")) text += line + "\n";
    }
    return text;
  };
  CHECK(rows("bench_training", {"--network", "8-4-1,5-3", "--batch", "1,32"}) ==
        "step/8-4-1@1/float32/naive\nstep/8-4-1@32/float32/naive\n"
        "step/5-3@1/float32/naive\nstep/5-3@32/float32/naive\n");
  const std::string products = rows("bench_ops", {"--shape", "6x5x4,3x2x1,6x5x4"});
  for (const char* row : {"dense_forward/relu/6x5x4/", "dense_forward/softmax/3x2x1/",
                          "weight_gradient/-/6x5x4/", "input_delta/tanh/3x2x1/"}) {
    INFO(row << products);
    CHECK(products.find(row) != std::string::npos);
  }
  CHECK(products.find("update/") == std::string::npos);
  for (const auto& [program, option, value] :
       {std::tuple{"bench_training", "--network", "8-4-1"}, {"bench_ops", "--shape", "6x5x4"}}) {
    const Finished finished =
        run(program, {option, value, "--benchmark_min_time=0.0001", "--benchmark_repetitions=1"});
    INFO(finished.out << finished.err);
    CHECK(finished.exit_code == 0);
  }
}

TEST_CASE("--help of run leaves networks and data to --help-all, and says so", "[own_run]") {
  const std::string some = run("mlpbench", {"run", "--help"}).out,
                    all = run("mlpbench", {"run", "--help-all"}).out;
  CHECK(some.find("--network") == std::string::npos);
  CHECK(some.find("--help-all") != std::string::npos);
  for (const char* option : {"--network", "--batch", "--activation", "--loss", "--predict", "--csv",
                             "--target", "--images", "--hidden", "--experiment"}) {
    CHECK(all.find(option) != std::string::npos);
  }
}
