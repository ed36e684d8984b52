// Names of columns and classes: as they are in the record, apart and harmless on a terminal.
#include "tests/cli/csv_file.h"

using namespace mlpbench::test;
using nlohmann::json;
using Arguments = std::vector<std::string>;

TEST_CASE("--task multiclass takes every cell as a name", "[csv]") {
  const auto names = [](const std::string& text) {
    return File(text).record({"--task", "multiclass"})["class_names"];
  };
  CHECK(names(rows_of(60, [](std::size_t i) {
          return of_three(i, "9007199254740992", "9007199254740993", "7");
        })) == json{"7", "9007199254740992", "9007199254740993"});
  CHECK(names(rows_of(60, [](std::size_t i) { return of_three(i, "100", "1E2", "01"); })) ==
        json{"01", "100", "1E2"});
  const File big(
      rows_of(60, [](std::size_t i) { return of_three(i, "9007199254740992", "9007199254740993", "7"); }));
  CHECK(has(big.refusal(), "row 2, column 3 (y): '9007199254740992' is not below 2^53"));
  const Finished merged =
      File(rows_of(60, [](std::size_t i) { return of_three(i, "01", "1", "2"); })).train();
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
  CHECK(mixed.refusal() ==
        ": row 6, column 3 (y): '?' is not a number; --task multiclass takes all cells as class "
        "names, --missing drop leaves such rows out\n");
  CHECK(mixed.record({"--missing", "drop"})["dataset"]["training_rows"] == 47);
  CHECK(mixed.record({"--task", "multiclass"})["class_names"] == json{"0.5", "1.5", "?"});
}

TEST_CASE("names of classes are whole in the record, and apart in the table", "[csv]") {
  const std::string same =
      "The quick survey answer that goes on for more than sixty bytes before it differs: ";
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
  const File file(rows_of(
      60,
      [](std::size_t i) {
        return i % 2 == 0 ? "x\x1B[32m"
                          : "y\x9B"
                            "31m";
      },
      names));
  const std::string target = names.substr(4);
  for (const Arguments& more : {Arguments{},
                                {"--backend", "all"},
                                {"--trainer", "all"},
                                {"--delimiter", "\x1B"},
                                {"--drop", "c\x1B"},
                                {"--categorical", "\x9B"},
                                {"--missing", "\xC2\x9B"}}) {
    const Finished finished =
        run("train_csv", joined({file.path(), "--target", target, "--epochs", "1"}, more));
    const std::string text = finished.out + finished.err;
    INFO(text);
    for (const char* bad : {"\x1B", "\xC2\x9B", "\x9B", "\xE2\x80\xAE"}) CHECK_FALSE(has(text, bad));
    CHECK(finished.exit_code == (more.empty() || more[1] == "all" ? 0 : 2));
  }
  const Finished all =
      run("train_csv", {file.path(), "--target", target, "--epochs", "1", "--backend", "all"});
  CHECK(has(all.out, "--target $'kind\\x1B[31m\\xC2\\x9B\\xE2\\x80\\xAE'"));
}

TEST_CASE("columns line up for all letters of their names", "[csv]") {
  const File file(rows_of(60, [](std::size_t i) {
    return of_three(i, "\xE6\xA1\x9C\xE3\x81\xAE\xE8\x8A\xB1", "e\xCC\x81",
                    "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x94\xAC");
  }));
  const std::string out = file.train().out;
  INFO(out);
  CHECK(has(out, "true \\ predicted  e\xCC\x81  \xE6\xA1\x9C\xE3\x81\xAE\xE8\x8A\xB1  "));
  CHECK(has(out, "\n----------------  -  ------  ----------------\n"));
  CHECK(has(out, "\n\xE6\xA1\x9C\xE3\x81\xAE\xE8\x8A\xB1            "));
}

TEST_CASE("a thousand classes print the twenty worst, and the record has them all", "[csv]") {
  const File file(rows_of(3000, [](std::size_t i) { return "c" + std::to_string(i * 7 % 1000); }));
  const Finished finished = file.train({"--epochs", "1"});
  CHECK(finished.out.size() < 4000);
  CHECK(has(finished.out, "The 20 of 1000 classes with the most wrong rows"));
  CHECK(file.record({"--epochs", "1"})["confusion_matrix"].size() == 1000);
}
