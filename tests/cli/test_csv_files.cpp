// Files that people have, as train_csv reads them or says what to do.
#include "support/child_process.h"
#include "tests/cli/csv_file.h"
#include "tests/support/reference.h"

using namespace mlpbench::test;
using mlpbench::run_child;
using nlohmann::json;
using Arguments = std::vector<std::string>;

TEST_CASE("published tables become the numbers of scikit-learn, bit for bit", "[csv]") {
  for (const json& entry : reference("tables").at("cases")) {
    Arguments arguments = entry.at("arguments");
    arguments.front() = MLPBENCH_REFERENCE_DIR "/tables/" + arguments.front();
    const Finished finished = run("train_csv", joined(arguments, {"--json", "-", "--epochs", "1"}));
    INFO(entry.at("arguments").dump() << finished.err);
    REQUIRE(finished.exit_code == 0);
    const json record = json::parse(finished.out);
    CHECK(record.at("dataset_sha256") == entry.at("dataset_sha256"));
    CHECK((record.at("class_names").is_null() ? json::array() : record.at("class_names")) ==
          entry.at("class_names"));
    CHECK(record.at("dataset").at("features") == entry.at("features").size());
    CHECK(record.at("dataset").at("training_rows") == entry.at("training_rows"));
    CHECK(record.at("dataset").at("test_rows") == entry.at("test_rows"));
  }
}

TEST_CASE("semicolons, tabs and decimal commas are another spelling of the same numbers", "[csv]") {
  const std::string published = read_file(MLPBENCH_REFERENCE_DIR "/tables/winequality-red.csv");
  const auto with = [&](char delimiter, char decimal) {
    std::string text = published;
    for (char& c : text) c = c == ';' ? delimiter : c == '.' ? decimal : c;
    return text;
  };
  const auto error_of = [](const File& file) {
    return run("train_csv", {file.path(), "--target", "quality"}).err;
  };
  CHECK(has(error_of(File(with(';', '.'))), "the header has 11 ';' and 0 ',': --delimiter ';'"));
  CHECK(has(error_of(File(with('\t', '.'))), "the header has 11 tab and 0 ',': --delimiter tab"));
  const auto sha = [](const std::string& text, const Arguments& options) {
    const File written(text);
    const Finished finished =
        run("train_csv",
            joined({written.path(), "--target", "quality", "--epochs", "1", "--json", "-"}, options));
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    return json::parse(finished.out).at("dataset_sha256");
  };
  const json expected = reference("tables").at("cases").at(1).at("dataset_sha256");
  CHECK(sha(with(',', '.'), {}) == expected);
  CHECK(sha(with(';', ','), {"--delimiter", ";", "--decimal", ","}) == expected);
  CHECK(sha(with('\t', '.'), {"--delimiter", "tab"}) == expected);
  CHECK(sha("sep=;\n" + published, {}) == expected);
  const File file(with(';', ','));
  const Finished refused = run("train_csv", {file.path(), "--target", "quality", "--delimiter", ";"});
  CHECK(has(refused.err, "is not a number; --decimal , reads a decimal comma"));
}

TEST_CASE("R^2 of equal test targets is undefined, and beyond float64 it is said so", "[csv]") {
  // Of 60 rows twelve are test rows, the same for every file.
  const File plain(rows_of(60, [](std::size_t i) { return std::to_string(i) + ".5"; }));
  const json record = plain.record({"--task", "regression", "--split-seed", "7"});
  std::vector<bool> tested(60);
  // The test rows are found by what they do: their value changes the record's test data and not the training.
  const json first = record.at("loss_per_epoch");
  std::size_t one = 60;
  for (std::size_t row = 0; row < 60; ++row) {
    const auto shifted = [&](std::size_t i) { return std::to_string(i) + (i == row ? ".25" : ".5"); };
    tested[row] = File(rows_of(60, shifted))
                      .record({"--task", "regression", "--split-seed", "7"})
                      .at("loss_per_epoch") == first;
    if (tested[row]) one = row;
  }
  REQUIRE(std::count(tested.begin(), tested.end(), true) == 12);

  const auto text_of = [&](const auto& target_of) {
    const Finished finished =
        File(rows_of(60, target_of)).train({"--task", "regression", "--split-seed", "7"});
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    return finished.out;
  };
  // The mean of twelve equal numbers is not always that number.
  const std::string equal =
      text_of([&](std::size_t i) { return tested[i] ? std::string("5.1") : std::to_string(i) + ".5"; });
  CHECK(has(equal, "Test R^2: undefined, the test targets are all equal\n"));
  const std::string beyond =
      text_of([&](std::size_t i) { return i == one ? std::string("1e200") : std::to_string(i) + ".5"; });
  CHECK(has(beyond, "Test MSE: beyond float64 (a test target of 1e+200)\n"));
  CHECK(has(beyond, "Test R^2: beyond float64 (a test target of 1e+200)\n"));
}

TEST_CASE("a column is named by its place in the file, the target by its own", "[csv]") {
  std::string text = "y,a,huge\n";
  for (int i = 0; i < 40; ++i)
    text += std::string(i % 2 == 0 ? "p" : "q") + ",1," + std::to_string(i % 5 - 2) + "e300\n";
  CHECK(File(text).refusal() ==
        ": column 3 (huge): has no finite variance (values too large, infinite or NaN)\n");
  const std::string huge = rows_of(40, [](std::size_t i) { return std::to_string(i) + ".5e300"; });
  CHECK(File(huge).refusal() ==
        ": column 3 (y): has no finite variance (values too large, infinite or NaN)\n");
}

TEST_CASE("a test row beyond float32 is named, not called a divergence", "[csv]") {
  const std::string text = rows_of(60, [](std::size_t i) { return i % 2 == 0 ? "p" : "q"; });
  bool found = false;
  for (std::size_t row = 0; row < 12 && !found; ++row) {
    // One value of a column that is constant else: in a training row it has a variance.
    std::string changed = "a,b,y\n";
    for (std::size_t i = 0; i < 60; ++i) {
      changed += std::to_string(i % 7) + (i == row ? ",1e39," : ",3,") + (i % 2 == 0 ? "p" : "q") + "\n";
    }
    const Finished finished = File(changed).train({"--dtype", "float32", "--quiet"});
    if (finished.exit_code == 0) continue;
    found = true;
    CHECK(finished.exit_code == 2);
    CHECK(has(finished.err, "row " + std::to_string(row + 2) +
                                ", column 2 (b): is beyond float32 once it is standardised (1e+39)"));
  }
  CHECK(found);
}

TEST_CASE("stdin, pipes and names that begin with a dash are read", "[csv]") {
  const TemporaryFolder folder;
  const std::string text = rows_of(60, [](std::size_t i) { return i % 2 == 0 ? "p" : "q"; });
  const std::string file = folder.write("-f.csv", text),
                    program = std::string(MLPBENCH_PROGRAM_DIR) + "/train_csv";
  const json expected =
      json::parse(run("train_csv", {file, "--target", "y", "--epochs", "1", "--json", "-"}).out);
  const auto same = [&](const mlpbench::ChildResult& child) {
    INFO(child.errors);
    REQUIRE(child.exit_code == 0);
    CHECK(json::parse(child.output)["dataset_sha256"] == expected["dataset_sha256"]);
  };
  const std::string options = " --target y --epochs 1 --json -";
  same(run_child({program, "-", "--target", "y", "--epochs", "1", "--json", "-"}, text));
  same(run_child({"bash", "-c", "cd " + folder.path() + "; " + program + options + " -- -f.csv"}, ""));
  same(run_child({"bash", "-c", program + " <(sleep 0.2; cat " + file + ")" + options}, ""));
  same(run_child({"bash", "-c", "gzip -c " + file + " | gzip -dc | " + program + " -" + options}, ""));
  const mlpbench::ChildResult empty = run_child({program, "-", "--target", "y"}, "");
  CHECK(empty.errors == "train_csv: stdin: the file is empty\n");
  const mlpbench::ChildResult packed =
      run_child({"bash", "-c", "gzip -c " + file + " | " + program + " - --target y"}, "");
  CHECK(has(packed.errors, "stdin: is compressed (gzip)"));
}

TEST_CASE("a class without a training row, and a name that no training row has, are notes", "[csv]") {
  const auto noted = [](const std::string& target, const std::string& text, const Arguments& more) {
    for (std::size_t row = 0; row < 12; ++row) {
      std::string lines = "a,b,y\n";
      for (std::size_t i = 0; i < 60; ++i) {
        const std::string kind = of_three(i, "p", "q", "r"), name = i % 2 == 0 ? "u" : "v";
        lines += std::to_string(i % 7) + "," + (i == row && target == "b" ? "rare" : name) + "," +
                 (i == row && target == "y" ? "rare" : kind) + "\n";
      }
      if (has(File(lines).train(joined({"--categorical", "b"}, more)).err, text)) return true;
    }
    return false;
  };
  CHECK(noted("y", "note: no training row has the class 'rare': the network cannot learn it\n", {}));
  CHECK(noted("b", ", column 2 (b): no training row has this name; 1 test cell of this kind: all 0\n", {}));
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which take terabytes of addresses
TEST_CASE("memory is asked for before it is taken", "[csv]") {
  const std::string program = std::string(MLPBENCH_PROGRAM_DIR) + "/train_csv";
  const auto train = [&](std::size_t rows, const std::string& kilobytes) {
    const File file(rows_of(rows, [](std::size_t i) { return "c" + std::to_string(i % 1000); }));
    return run_child({"bash", "-c",
                      "ulimit -v " + kilobytes + "; " + program + " " + file.path() +
                          " --target y --quiet --epochs 1 --batch-size 1000"},
                     "");
  };
  // 1000 classes of 400,000 rows: a network's output for the test set is 640 MB.
  const mlpbench::ChildResult refused = train(400'000, "700000");
  INFO(refused.errors);
  CHECK(refused.exit_code == 2);
  CHECK(has(refused.errors,
            "the network: its output for the test set needs about 640 MB of memory and ulimit -v leaves "));
  // One-hot numbers of 100,000 rows would be 0.8 GB, and twice that with a batch's.
  const mlpbench::ChildResult trained = train(100'000, "1000000");
  INFO(trained.errors);
  CHECK(trained.exit_code == 0);
}
#endif
