// Files that people have, as train_csv reads them or says what to do.
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/child_process.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/reference.h"

using namespace mlpbench::test;
using mlpbench::run_child;
using nlohmann::json;
using Arguments = std::vector<std::string>;

namespace {

/// `rows` lines "i % 7, i % 5, target" under `header`.
template <typename F>
std::string rows_of(std::size_t rows, F target_of, const std::string& header = "a,b,y") {
  std::string text = header + "\n";
  for (std::size_t i = 0; i < rows; ++i) {
    text += std::to_string(i % 7) + "," + std::to_string(i % 5) + "," + target_of(i) + "\n";
  }
  return text;
}

const char* of_three(std::size_t i, const char* first, const char* second, const char* third) {
  return i % 3 == 0 ? first : i % 3 == 1 ? second : third;
}

/// A file of a text, and train_csv on it for two epochs.
class File {
 public:
  explicit File(const std::string& text, const std::string& name = "f.csv") : path_(folder_.write(name, text)) {}

  Finished train(const Arguments& more = {}) const {
    return run("train_csv", joined({path_, "--target", "y", "--epochs", "2"}, more));
  }

  json record(const Arguments& more = {}) const {
    const Finished finished = train(joined({"--json", "-"}, more));
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    return json::parse(finished.out);
  }

  /// The one line of a refusal, without the path.
  std::string refusal(const Arguments& more = {}) const {
    const Finished finished = train(joined({"--quiet"}, more));
    INFO(finished.out << finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.error_lines() == 1);
    const std::size_t at = finished.err.find(path_);
    return at == std::string::npos ? finished.err : finished.err.substr(at + path_.size());
  }

  const std::string& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("published tables become the numbers of scikit-learn, bit for bit", "[csv]") {
  for (const json& entry : reference("tables").at("cases")) {
    Arguments arguments = entry.at("arguments");
    arguments.front() = MLPBENCH_REFERENCE_DIR "/tables/" + arguments.front();
    const Finished finished = run("train_csv", joined(arguments, {"--json", "-", "--epochs", "1"}));
    INFO(entry.at("arguments").dump() << finished.err);
    REQUIRE(finished.exit_code == 0);
    const json record = json::parse(finished.out);
    CHECK(record.at("dataset_sha256") == entry.at("dataset_sha256"));
    CHECK(record.value("class_names", json::array()) == entry.at("class_names"));
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
    const Finished finished = run("train_csv", joined({written.path(), "--target", "quality", "--epochs", "1",
                                                       "--json", "-"},
                                                      options));
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
    tested[row] =
        File(rows_of(60, shifted)).record({"--task", "regression", "--split-seed", "7"}).at("loss_per_epoch") ==
        first;
    if (tested[row]) one = row;
  }
  REQUIRE(std::count(tested.begin(), tested.end(), true) == 12);

  const auto text_of = [&](const auto& target_of) {
    const Finished finished = File(rows_of(60, target_of)).train({"--task", "regression", "--split-seed", "7"});
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
  for (int i = 0; i < 40; ++i) text += std::string(i % 2 == 0 ? "p" : "q") + ",1," + std::to_string(i % 5 - 2) + "e300\n";
  CHECK(File(text).refusal() ==
        ": column 3 (huge): has no finite variance (values too large, infinite or NaN)\n");
  const std::string huge = rows_of(40, [](std::size_t i) { return std::to_string(i) + ".5e300"; });
  CHECK(File(huge).refusal() == ": column 3 (y): has no finite variance (values too large, infinite or NaN)\n");
}

TEST_CASE("--task multiclass takes every cell as a name", "[csv]") {
  const auto names = [](const std::string& text) { return File(text).record({"--task", "multiclass"})["class_names"]; };
  CHECK(names(rows_of(60, [](std::size_t i) { return of_three(i, "9007199254740992", "9007199254740993", "7"); })) ==
        json{"7", "9007199254740992", "9007199254740993"});
  CHECK(names(rows_of(60, [](std::size_t i) { return of_three(i, "100", "1E2", "01"); })) ==
        json{"01", "100", "1E2"});
  const File big(rows_of(60, [](std::size_t i) { return of_three(i, "9007199254740992", "9007199254740993", "7"); }));
  CHECK(has(big.refusal(), "row 2, column 3 (y): '9007199254740992' is not below 2^53"));
  const Finished merged = File(rows_of(60, [](std::size_t i) { return of_three(i, "01", "1", "2"); })).train();
  CHECK(has(merged.err, "note: '01' and '1' are one class, by value; --task multiclass compares text\n"));
}

TEST_CASE("INF and nan among names are names; a hint leads to something that works", "[csv]") {
  const File pax(rows_of(60, [](std::size_t i) { return of_three(i, "ADT", "INF", "nan"); }));
  CHECK(pax.record()["class_names"] == json{"ADT", "INF", "nan"});
  const File empty(rows_of(60, [](std::size_t i) { return i == 4 ? "" : i % 2 == 0 ? "0.5" : "1.5"; }));
  CHECK(empty.refusal() == ": row 6, column 3 (y): the cell is empty; --missing drop leaves such rows out\n");
  CHECK(empty.refusal({"--task", "multiclass"}) == empty.refusal());
  CHECK(empty.record({"--missing", "drop"})["dataset"]["training_rows"] == 47);
  const File mixed(rows_of(60, [](std::size_t i) { return i == 4 ? "?" : i % 2 == 0 ? "0.5" : "1.5"; }));
  CHECK(mixed.refusal() == ": row 6, column 3 (y): '?' is not a number; --task multiclass takes all cells as class "
                           "names, --missing drop leaves such rows out\n");
  CHECK(mixed.record({"--missing", "drop"})["dataset"]["training_rows"] == 47);
  CHECK(mixed.record({"--task", "multiclass"})["class_names"] == json{"0.5", "1.5", "?"});
}

TEST_CASE("names of classes are whole in the record, and apart in the table", "[csv]") {
  const std::string same = "The quick survey answer that goes on for more than sixty bytes before it differs: ";
  const File file(rows_of(60, [&](std::size_t i) { return same + of_three(i, "low", "mid", "high"); }));
  CHECK(file.record()["class_names"] == json{same + "high", same + "low", same + "mid"});
  const Finished shown = file.train();
  for (const char* end : {"differs: high ", "differs: low ", "differs: mid "}) CHECK(has(shown.out, end));
  const File middle(rows_of(60, [&](std::size_t i) {
    return std::string(50, 'a') + (i % 2 == 0 ? "x" : "y") + std::string(50, 'b');
  }));
  const std::string table = middle.train().out;
  CHECK(has(table, "\n0: aaaa"));
  CHECK(has(table, "\n1: aaaa"));
  const File broken(rows_of(60, [](std::size_t i) { return i % 2 == 0 ? "\"a\nb\"" : "a\xE2\x80\xAE"; }));
  CHECK(broken.record()["class_names"] == json{"a\nb", "a\xE2\x80\xAE"});
}

TEST_CASE("names in Latin-1 stay apart, and a note says that the file is not UTF-8", "[csv]") {
  const File file(rows_of(60, [](std::size_t i) { return i % 2 == 0 ? "M\xFCller" : "M\xF6ller"; }));
  const Finished finished = file.train();
  CHECK(has(finished.err, "f.csv: row 2 is not UTF-8"));
  CHECK(has(finished.out, "\nM\\xF6ller "));
  CHECK(has(finished.out, "\nM\\xFCller "));
  CHECK(file.record()["class_names"] == json{"M\\xF6ller", "M\\xFCller"});
}

TEST_CASE("no control character of a file or an option reaches the terminal", "[csv]") {
  const std::string names = "a,b,kind\x1B[31m\xC2\x9B\xE2\x80\xAE";
  const File file(rows_of(60, [](std::size_t i) { return i % 2 == 0 ? "x\x1B[32m" : "y\x9B" "31m"; }, names));
  const std::string target = names.substr(4);
  for (const Arguments& more : {Arguments{}, {"--backend", "all"}, {"--trainer", "all"}, {"--delimiter", "\x1B"},
                                {"--drop", "c\x1B"}, {"--categorical", "\x9B"}, {"--missing", "\xC2\x9B"}}) {
    const Finished finished =
        run("train_csv", joined({file.path(), "--target", target, "--epochs", "1"}, more));
    const std::string text = finished.out + finished.err;
    INFO(text);
    for (const char* bad : {"\x1B", "\xC2\x9B", "\x9B", "\xE2\x80\xAE"}) CHECK_FALSE(has(text, bad));
    CHECK(finished.exit_code == (more.empty() || more[1] == "all" ? 0 : 2));
  }
  const Finished all = run("train_csv", {file.path(), "--target", target, "--epochs", "1", "--backend", "all"});
  CHECK(has(all.out, "--target $'kind\\x1B[31m\\xC2\\x9B\\xE2\\x80\\xAE'"));
}

TEST_CASE("columns line up whatever the letters of their names", "[csv]") {
  const File file(rows_of(60, [](std::size_t i) {
    return of_three(i, "\xE6\xA1\x9C\xE3\x81\xAE\xE8\x8A\xB1", "e\xCC\x81", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC");
  }));
  const std::string out = file.train().out;
  INFO(out);
  CHECK(has(out, "true \\ predicted  e\xCC\x81  \xE6\xA1\x9C\xE3\x81\xAE\xE8\x8A\xB1  "));
  CHECK(has(out, "\n----------------  -  ------  ----------------\n"));
  CHECK(has(out, "\n\xE6\xA1\x9C\xE3\x81\xAE\xE8\x8A\xB1            "));
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
  const std::string file = folder.write("-f.csv", text), program = std::string(MLPBENCH_PROGRAM_DIR) + "/train_csv";
  const json expected = json::parse(run("train_csv", {file, "--target", "y", "--epochs", "1", "--json", "-"}).out);
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
  const mlpbench::ChildResult packed = run_child({"bash", "-c", "gzip -c " + file + " | " + program + " - --target y"}, "");
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

TEST_CASE("a thousand classes print the twenty worst, and the record has them all", "[csv]") {
  const File file(rows_of(3000, [](std::size_t i) { return "c" + std::to_string(i * 7 % 1000); }));
  const Finished finished = file.train({"--epochs", "1"});
  CHECK(finished.out.size() < 4000);
  CHECK(has(finished.out, "The 20 of 1000 classes with the most wrong rows"));
  CHECK(file.record({"--epochs", "1"})["confusion_matrix"].size() == 1000);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // which take terabytes of addresses
TEST_CASE("memory is asked for before it is taken", "[csv]") {
  // 1000 classes of 100,000 rows: 1.6 GB.
  const File file(rows_of(100'000, [](std::size_t i) { return "c" + std::to_string(i % 1000); }));
  const std::string program = std::string(MLPBENCH_PROGRAM_DIR) + "/train_csv";
  const mlpbench::ChildResult child =
      run_child({"bash", "-c", "ulimit -v 1500000; " + program + " " + file.path() + " --target y --quiet"}, "");
  INFO(child.errors);
  CHECK(child.exit_code == 2);
  CHECK(has(child.errors, "f.csv: the data set needs about 1.61 GB of memory and ulimit -v leaves "));
}
#endif
