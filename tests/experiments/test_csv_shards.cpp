// A CSV file that is cut into shards: all ranks together have what one process has, and each its part alone.

#include <fmt/format.h>

#include <algorithm>

#include "core/matrix.h"
#include "experiments/csv_problem.h"
#include "experiments/notebook.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

namespace mlpbench::test {
namespace {

/// More than a block: numbers with gaps, names with quotes and line breaks, and a target of each kind.
std::string text_of_rows(std::size_t rows = 60000) {
  constexpr const char* kNames[] = {"red", "\"deep\nblue\"", "\"light, green\"",
                                    "\"so-called \"\"grey\"\"\""};
  std::string text = "number,name,class,amount\r\n";
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t mixed = i * 2654435761u % 1000;
    text += (mixed % 7 == 0 ? "NA" : fmt::format("{}", static_cast<double>(mixed) / 7.0)) + "," +
            kNames[mixed % 4] + fmt::format(",{},{}\n", mixed > 400 ? "yes" : "no", mixed * mixed % 91);
  }
  return text;
}

CsvQuestion question_of(const std::string& file, const std::string& target) {
  CsvQuestion question{.file = file, .target = target};
  question.categorical = target == "class" ? "name" : "name,class";
  question.missing = "mean";
  if (target == "amount") question.task = "regression";
  return question;
}

Problem problem_of(const CsvQuestion& question, std::size_t shards, std::size_t rank, std::size_t ranks) {
  const Experiment experiment = csv_experiment(std::make_shared<CsvQuestion>(question));
  Settings settings = experiment.defaults;
  settings.trainer = "sync";
  settings.shards = shards;
  settings.rank = rank;
  settings.ranks = ranks;
  return build_problem(experiment, settings);
}

bool same_rows(const Dataset& part, const Dataset& all, std::size_t first) {
  for (std::size_t i = 0; i < part.samples(); ++i) {
    if (!std::equal(part.X.row(i), part.X.row(i) + part.features(), all.X.row(first + i))) return false;
    for (std::size_t k = 0; k < part.outputs(); ++k) {
      if (part.Y(i, k) != all.Y(first + i, k)) return false;
    }
  }
  return true;
}

/// The first four fifths of the rows, encoded and scaled from the whole table at once.
Matrix<double> from_whole_table(const CsvQuestion& question) {
  const CsvTable table = read_csv(question.file);
  const std::size_t target = table.column(question.target);
  const ColumnRules rules = rules_of(question);
  std::vector<std::size_t> rows =
      usable_rows(table, target, rules, std::vector<bool>(table.rows(), true)).rows;
  rows.resize(rows.size() - (rows.size() + 4) / 5);
  TableEncoding encoding = learn_columns(table, target, rules, rows);
  EncodedCells cells;
  Matrix<double> X = encode(encoding, table, rows, cells);
  learn_scaling(encoding, table, X);
  return X;
}

TEST_CASE("the shards of a CSV file are the rows of the whole, on any number of ranks") {
  const TemporaryFolder folder;
  const std::string file = folder.write("rows.csv", text_of_rows());
  REQUIRE(text_of_rows().size() > 3 * kCsvBlockBytes / 2);
  for (const char* target : {"class", "amount"}) {
    const CsvQuestion question = question_of(file, target);
    const Problem alone = problem_of(question, 8, 0, 1);
    const Matrix<double> whole = from_whole_table(question);
    REQUIRE(alone.train.samples() == 48000);
    REQUIRE(whole.rows() == 48000);
    REQUIRE(whole.cols() == alone.train.features());
    for (std::size_t i = 0; i < whole.rows(); ++i)
      REQUIRE(std::equal(whole.row(i), whole.row(i) + whole.cols(), alone.train.X.row(i)));
    for (const std::size_t ranks : {2u, 3u, 8u}) {
      std::size_t first = 0;
      for (std::size_t rank = 0; rank < ranks; ++rank) {
        const Problem part = problem_of(question, 8, rank, ranks);
        INFO(target << ", rank " << rank << " of " << ranks);
        CHECK(same_rows(part.train, alone.train, first));
        CHECK(same_rows(part.test, alone.test, 0));
        CHECK(part.test.samples() == 12000);
        CHECK(std::ranges::equal(part.initial.all(), alone.initial.all()));
        CHECK(part.target_mean == alone.target_mean);
        CHECK(part.data_sha256 == alone.data_sha256);
        first += part.train.samples();
      }
      CHECK(first == 48000);
    }
  }
}

TEST_CASE("a file in shards is refused in the words of a whole file, with row and column") {
  const TemporaryFolder folder;
  const std::string good = text_of_rows();
  const auto error_of = [&](const std::string& text, std::size_t shards) -> std::string {
    try {
      problem_of(question_of(folder.write("bad.csv", text), "class"), shards, 0, 1);
    } catch (const UserError& error) {
      return error.what();
    }
    return "none";
  };
  for (const char* end : {"1.5x,red,yes,1\n", "1,red,yes\n", "1,red,yes,1,2\n", "1,\"red,yes,1\n",
                          "1,r\"ed,yes,1\n", "1,red,yes,1\r2\n", "\n1,red,yes,1\n", "1,\"red\"x,yes,1\n"}) {
    const std::string whole = error_of(good + end, 0);
    INFO(whole);
    CHECK(whole.find("row ") != std::string::npos);
    CHECK(error_of(good + end, 8) == whole);
  }
  CHECK(error_of("", 8) == error_of("", 0));
  CHECK(error_of("number,name,class,amount\n", 8) == error_of("number,name,class,amount\n", 0));
  CHECK(error_of(text_of_rows(5), 8).find("--shards 8: the training data has 4 samples") !=
        std::string::npos);
}

TEST_CASE("what a rank cannot learn from passes over a CSV file is refused in a line") {
  const TemporaryFolder folder;
  CsvQuestion question = question_of(folder.write("rows.csv", text_of_rows(100)), "class");
  question.missing = "median";
  CHECK_THROWS_WITH(problem_of(question, 8, 0, 1),
                    "--missing median: sorts all values of a column, of which a rank has only its --shards");
  question.missing = "mean";
  question.file = "-";
  CHECK_THROWS_WITH(problem_of(question, 8, 0, 1),
                    "--shards: passes over the file six times, and stdin comes once");
}

TEST_CASE("a rank's memory is that of its shards of a CSV file") {
  const TemporaryFolder folder;
  const auto peak_of = [&](std::size_t rows, std::size_t shards, std::size_t ranks) {
    std::string text = "x,y\n";
    for (std::size_t i = 0; i < rows; ++i) text += fmt::format("0.{:09},{}\n", i, i % 2);
    const CsvQuestion question{.file = folder.write("rows.csv", text), .target = "y"};
    const std::size_t before = BufferBytes::now();
    BufferBytes::restart_peak();
    const Problem problem = problem_of(question, shards, ranks / 2, ranks);
    CHECK(problem.test.samples() == kTestRowsWithShards);
    return BufferBytes::peak() - before;
  };
  const std::size_t alone = peak_of(330000, 8, 1), eighth = peak_of(330000, 8, 8);
  CHECK(eighth < alone / 2);
  CHECK(peak_of(660000, 16, 16) < eighth * 11 / 10);  // twice the data on twice the ranks
}

}  // namespace
}  // namespace mlpbench::test
