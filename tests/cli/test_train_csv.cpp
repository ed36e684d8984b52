#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using nlohmann::json;
using Arguments = std::vector<std::string>;

namespace {

/// `rows` lines "x1,x2,target" with the target that `target_of(row)` returns.
template <typename F>
std::string table(std::size_t rows, F target_of) {
  std::string text = "x1,x2,target\n";
  for (std::size_t i = 0; i < rows; ++i) {
    text +=
        std::to_string(i % 7) + "," + std::to_string(static_cast<int>(i % 5) - 2) + "," + target_of(i) + "\n";
  }
  return text;
}

std::string by_parity(std::size_t i) { return i % 7 > 3 ? "yes" : "no"; }

struct Case {
  std::string content;
  Arguments arguments, expected;
};

}  // namespace

TEST_CASE("train_csv: a bad file or target is one line that says where, and exit code 2") {
  const TemporaryFolder folder;
  const std::vector<Case> cases = {
      {"", {}, {"data.csv"}},
      {"x1,x2,target\n", {}, {"data.csv", "no rows"}},
      {"x1,x2,target\n1,2,a\n1,2\n", {}, {"data.csv", "row 3"}},
      {"x1,x2,target\n1,2,a\n1,2,b,3\n", {}, {"row 3"}},
      {"x1,x2,target\n1,2,a\n1,text,b\n", {}, {"row 3", "column 2", "x2", "text"}},
      {"x1,x2,target\n1,2,a\n1,,b\n", {}, {"row 3", "column 2", "empty"}},
      {"x1,x2,target\n1,nan,a\n1,2,b\n", {}, {"row 2", "column 2", "nan"}},
      {"x1,x2,target\n1,1e999,a\n1,2,b\n", {}, {"row 2", "column 2", "1e999"}},
      {"x1,x2,target\n1,2,a\n1,2,\n", {}, {"row 3", "column 3", "empty"}},
      {"x1,x2,label\n1,2,a\n", {}, {"'target'", "x1, x2, label"}},
      {table(20, [](std::size_t) { return "same"; }), {}, {"target"}},
      {table(20, [](std::size_t) { return "1.5"; }), {}, {"same target"}},
      {table(20, [](std::size_t i) { return i == 4 ? "?" : std::to_string(i) + ".5"; }),
       {},
       {"row 6", "column 3", "'?'", "--task multiclass"}},
      {table(20, [](std::size_t i) { return i == 4 ? "nan" : "2"; }), {}, {"row 6", "column 3", "nan"}},
      {table(20, [](std::size_t i) { return std::to_string(i % 3); }), {"--task", "binary"}, {"3 classes"}},
      {table(20, by_parity), {"--task", "regression"}, {"row 2", "column 3", "'no'"}},
      {table(20, by_parity), {"--task", "clustering"}, {"--task", "'clustering'", "regression"}},
      {table(20, by_parity), {"--activation", "softmax"}, {"--activation", "'softmax'", "relu"}},
      {table(20, by_parity), {"--batch-size", "17"}, {"--batch-size", "17", "16"}},
      {"x1,target\n1,yes\n2,no\n", {}, {"data.csv", "2 rows are too few"}},
      {"target\na\nb\n", {}, {"data.csv"}},
  };
  for (const Case& c : cases) {
    const std::string file = folder.write("data.csv", c.content);
    const Finished result = run("train_csv", joined({file, "--target", "target"}, c.arguments));
    INFO(c.content << "stderr: " << result.err << "stdout: " << result.out);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(result.err.starts_with("train_csv: "));
    // A note about the task may stand before the error.
    const std::size_t notes = result.err.find("note: ") != std::string::npos;
    CHECK(result.error_lines() == 1 + notes);
    for (const std::string& text : c.expected) {
      INFO("expected: " << text);
      CHECK(result.err.find(text) != std::string::npos);
    }
  }
}

TEST_CASE("train_csv: missing arguments and unreadable files") {
  const TemporaryFolder folder;
  const auto refused = [](const Arguments& arguments, const std::string& expected) {
    const Finished result = run("train_csv", arguments);
    INFO(result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.error_lines() == 1);
    CHECK(result.err.find(expected) != std::string::npos);
  };
  refused({}, "FILE: is missing");
  refused({folder.file("a.csv")}, "--target: is missing");
  refused({folder.file("a.csv"), "--target", "t"}, "a.csv: ");
  refused({folder.file(""), "--target", "t"}, ": ");
  refused({"a.csv", "b.csv", "--target", "t"}, "b.csv: unknown argument");
}

TEST_CASE("train_csv: the task follows from the target, and a note says so") {
  const TemporaryFolder folder;
  const auto activation_for = [&](const std::string& content, const Arguments& arguments, bool noted) {
    const std::string file = folder.write("data.csv", content);
    const Finished result =
        run("train_csv", joined({file, "--target", "target", "--epochs", "2", "--json", "-"}, arguments));
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK((result.err.find("--task says otherwise") != std::string::npos) == noted);
    return json::parse(result.out)["activations"].back().get<std::string>();
  };
  CHECK(activation_for(table(30, by_parity), {}, true) == "sigmoid");
  CHECK(activation_for(table(30, [](std::size_t i) { return std::to_string(i % 2); }), {}, true) ==
        "sigmoid");
  CHECK(activation_for(table(30, [](std::size_t i) { return std::to_string(i % 3); }), {}, true) ==
        "softmax");
  CHECK(activation_for(table(30, [](std::size_t i) { return "c" + std::to_string(i % 4); }), {}, true) ==
        "softmax");
  CHECK(activation_for(table(30, [](std::size_t i) { return std::to_string(i % 3) + ".5"; }), {}, true) ==
        "identity");
  CHECK(activation_for(table(30, [](std::size_t i) { return std::to_string(i); }), {}, true) == "identity");
  CHECK(activation_for(table(30, [](std::size_t i) { return std::to_string(i % 3); }),
                       {"--task", "regression"}, false) == "identity");
  CHECK(activation_for(table(30, [](std::size_t i) { return std::to_string(i); }), {"--task", "multiclass"},
                       false) == "softmax");
}

TEST_CASE("train_csv: a classification prints accuracy and the confusion matrix by class name") {
  const TemporaryFolder folder;
  const std::string file = folder.write("data.csv", table(200, by_parity));
  const Finished result =
      run("train_csv", {file, "--target", "target", "--json", folder.file("record.json")});
  INFO(result.out << result.err);
  REQUIRE(result.exit_code == 0);
  CHECK(result.out.find("Epoch 0 - Loss: ") != std::string::npos);
  CHECK(result.out.find("Test Accuracy: 100.00% of 40 rows") != std::string::npos);
  CHECK(result.out.find("true \\ predicted") != std::string::npos);
  CHECK(result.out.find("\nyes ") != std::string::npos);
  const json record = json::parse(read_file(folder.file("record.json")));
  CHECK(record["class_names"] == json({"no", "yes"}));
  CHECK(record["experiment"] == "train_csv");
  CHECK(record["keep_incomplete_batch"] == true);
}

TEST_CASE("train_csv: a regression reports in the units of the file") {
  const TemporaryFolder folder;
  // y = 1000 + 50 x1, without noise.
  const std::string file = folder.write(
      "data.csv", table(200, [](std::size_t i) { return std::to_string(1000 + 50 * (i % 7)) + ".5"; }));
  const Finished result =
      run("train_csv", {file, "--target", "target", "--epochs", "300", "--json", folder.file("record.json")});
  INFO(result.out << result.err);
  REQUIRE(result.exit_code == 0);
  const json record = json::parse(read_file(folder.file("record.json")));
  CHECK(record["extra"]["r_squared"].get<double>() > 0.99);
  CHECK(record["extra"]["target_mean"].get<double>() == Approx(1150.0).margin(20.0));
  // Standardised outputs would lie within a few units of 0, and their error below 0.001.
  for (const json& output : record["test_output"])
    CHECK(output.get<double>() == Approx(1150.0).margin(200.0));
  const double variance = 10000.0;
  CHECK(record["test_mse"].get<double>() ==
        Approx((1.0 - record["extra"]["r_squared"].get<double>()) * variance).epsilon(0.5));
  CHECK(result.out.find("Test R^2: 0.99") != std::string::npos);
}

TEST_CASE("train_csv: test rows do not leak into the scaling") {
  const TemporaryFolder folder;
  const std::string content = table(50, by_parity);
  const Arguments arguments = {"--target", "target", "--epochs", "3", "--json", "-", "--task", "binary"};
  // Row 0 of the data is changed beyond all measure; whether it is a test row shows in the loss.
  std::string changed = content;
  const std::string first = "0,-2,no\n";
  changed.replace(changed.find(first), first.size(), "90000,-2,no\n");
  std::size_t unchanged = 0;
  for (int seed = 0; seed < 12; ++seed) {
    const Arguments seeded = joined(arguments, {"--split-seed", std::to_string(seed)});
    const json a = json::parse(run("train_csv", joined({folder.write("a.csv", content)}, seeded)).out);
    const json b = json::parse(run("train_csv", joined({folder.write("b.csv", changed)}, seeded)).out);
    unchanged += a["loss_per_epoch"] == b["loss_per_epoch"];
  }
  // In about a fifth of the splits row 0 is a test row: then training has not seen the change.
  CHECK(unchanged >= 1);
  CHECK(unchanged < 12);
}

TEST_CASE("train_csv: a small file is trained in one batch, and every row takes part") {
  const TemporaryFolder folder;
  const std::string file = folder.write("data.csv", table(20, by_parity));
  const json record = json::parse(
      run("train_csv", {file, "--target", "target", "--json", "-", "--epochs", "4", "--task", "binary"}).out);
  CHECK(record["batch_size"] == 16);
  CHECK(record["samples_trained"] == 64);
}
