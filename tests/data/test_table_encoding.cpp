// From the cells of a table to features.
#include <cmath>
#include <string>
#include <vector>

#include "core/data/table_encoding.h"
#include "support/error.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

using Names = std::vector<std::string>;
using Rows = std::vector<std::size_t>;

constexpr const char* kText =
    "age,city,y\n"
    "1,Rome,a\n"
    "NA,Oslo,b\n"
    "4,?,a\n"
    "9,Rome,b\n"
    "?,Lima,a\n"
    "10,Oslo,\n";

std::vector<bool> all_known(const CsvTable& table) { return std::vector<bool>(table.rows(), true); }

ColumnRules rules(MissingRule missing) { return {{"city"}, missing}; }

std::vector<double> flat(const Matrix<double>& X) {
  std::vector<double> all;
  for (std::size_t i = 0; i < X.rows(); ++i) all.insert(all.end(), X.row(i), X.row(i) + X.cols());
  return all;
}

/// Why the table cannot be used, without the file.
std::string refusal(const std::string& text, const ColumnRules& rules, const CsvFormat& format = {}) {
  const CsvTable table = parse_csv("f", text, format);
  try {
    usable_rows(table, table.columns() - 1, rules, all_known(table));
  } catch (const UserError& error) {
    return std::string(error.what()).substr(3);
  }
  return "";
}

}  // namespace

TEST_CASE("table: rows without a target or, when they are dropped, without a cell", "[data][table]") {
  const CsvTable table = parse_csv("f", kText);
  std::vector<bool> known = all_known(table);
  known[5] = false;
  const UsableRows dropped = usable_rows(table, 2, rules(MissingRule::drop), known);
  REQUIRE(dropped.rows == Rows{0, 3});
  REQUIRE(dropped.without_target == 1);
  REQUIRE(missing_text(dropped.missing) == "2 in age, 1 in city");
  REQUIRE(usable_rows(table, 2, rules(MissingRule::mean), known).rows == Rows{0, 1, 2, 3, 4});
  REQUIRE(missing_text(std::vector<MissingCells>(7, {"x", 3})) ==
          "3 in x, 3 in x, 3 in x, 3 in x, 3 in x and 2 more columns");
}

TEST_CASE("table: a cell that is no feature says which option takes it", "[data][table]") {
  const auto cell = [](const std::string& text, const CsvFormat& format = {}) {
    const std::string d(1, format.delimiter == '\0' ? ',' : format.delimiter);
    return refusal("a" + d + "y\n1" + d + "x\n" + text + d + "x\n", {}, format);
  };
  const std::string place = "row 3, column 1 (a): ";
  const std::string missing = "; --missing drop, mean or median takes it for a missing value";
  REQUIRE(cell("") == place + "the cell is empty" + missing);
  REQUIRE(cell("NaN") == place + "'NaN' is not finite" + missing);
  REQUIRE(cell("?") == place + "'?' is not a number" + missing);
  REQUIRE(cell("inf") == place + "'inf' is not finite");
  REQUIRE(cell("1e999") == place + "'1e999' is out of the range of float64");
  for (const std::string date : {"2024-01-31", "31.1.2024", "1/31/24", "2024-01-31T10:00", "2024/1/1 10:00"}) {
    REQUIRE(cell(date) ==
            place + "'" + date + "' is not a number, it looks like a date; --drop a leaves the column out");
  }
  const std::string names = "; --categorical a takes the column for names, --drop a leaves it out";
  for (const std::string text : {"Rome", "1.2.3", "20240-01-31", "2024-01-31x", "1-2", "12:30"}) {
    REQUIRE(cell(text) == place + "'" + text + "' is not a number" + names);
  }
  REQUIRE(cell("1\xC2\xA0") == place + "'1\\xC2\\xA0' is not a number; numbers have no such characters");
  REQUIRE(cell("-1,5", {.delimiter = ';'}) == place + "'-1,5' is not a number; --decimal , reads a decimal comma");
  REQUIRE(cell("\"1,500\"") == place + "'1,500' is not a number" + names);  // thousands, maybe
  REQUIRE(refusal("a b,y\n1,x\nRome,x\n", {}).ends_with("--drop @1 leaves it out"));
  REQUIRE(refusal("a,y\n,x\n", {{"a"}}) == "row 2, column 1 (a): the cell is empty" + missing);
  REQUIRE(refusal("a,y\n1,x\n", {{"b"}}) == "no column 'b'; there are: a, y");
  REQUIRE(refusal("a,y\n1,x\n", {{"y"}}) == "column 2 (y): --categorical: is the target");
}

TEST_CASE("table: fills and levels are those of the training rows", "[data][table]") {
  const CsvTable table = parse_csv("f", kText);
  const Rows train = {3, 0, 2, 1};
  TableEncoding mean = learn_columns(table, 2, rules(MissingRule::mean), train);
  REQUIRE(mean.feature_names() == Names{"age", "city=Oslo", "city=Rome"});
  REQUIRE(mean.columns[0].fill == (9.0 + 1.0 + 4.0) / 3.0);
  REQUIRE(learn_columns(table, 2, rules(MissingRule::median), train).columns[0].fill == 4.0);
  REQUIRE(learn_columns(table, 2, rules(MissingRule::median), Rows{3, 0, 2, 5}).columns[0].fill == 6.5);

  EncodedCells cells;
  const Matrix<double> X = encode(mean, table, train, cells);
  const double fill = mean.columns[0].fill;
  REQUIRE(flat(X) == std::vector<double>{9, 0, 1, 1, 0, 1, 4, 0, 0, fill, 1, 0});
  REQUIRE(cells.filled == 1);
  REQUIRE(cells.unseen == 0);
  const Matrix<double> others = encode(mean, table, Rows{4, 5}, cells);
  REQUIRE(flat(others) == std::vector<double>{fill, 0, 0, 10, 1, 0});
  REQUIRE(cells.unseen == 1);
  REQUIRE(cells.first_unseen == "f: row 6, column 2 (city)");

  const CsvTable swapped = parse_csv("g", "city,z,age\nRome,1,2\n");
  REQUIRE(flat(encode(mean, swapped, Rows{0}, cells)) == std::vector<double>{2, 0, 1});
  REQUIRE_THROWS_WITH(encode(mean, parse_csv("g", "city\nRome\n"), Rows{0}, cells),
                      "g: no column 'age'; there are: city");
}

TEST_CASE("table: numbers are standardised, names stay 0 and 1", "[data][table]") {
  const CsvTable table = parse_csv("f", "city,a,y\nRome,1,p\nOslo,3,q\n");
  TableEncoding encoding = learn_columns(table, 2, {{"city"}}, Rows{0, 1});
  EncodedCells cells;
  Matrix<double> X = encode(encoding, table, Rows{0, 1}, cells);
  learn_scaling(encoding, table, X);
  REQUIRE(flat(X) == std::vector<double>{0, 1, -1, 1, 0, 1});
  REQUIRE(encoding.columns[1].mean == 2.0);
  REQUIRE(encoding.columns[1].scale == 1.0);
  REQUIRE(flat(encode(encoding, table, Rows{1, 0}, cells)) == std::vector<double>{1, 0, 1, 0, 1, -1});
}

TEST_CASE("table: what cannot be learned names the column of the file", "[data][table]") {
  const CsvTable table = parse_csv("f", "y,a,huge\np,1,1e300\nq,NA,-1e300\n");
  TableEncoding encoding = learn_columns(table, 0, {{}, MissingRule::mean}, Rows{0, 1});
  EncodedCells cells;
  Matrix<double> X = encode(encoding, table, Rows{0, 1}, cells);
  REQUIRE_THROWS_WITH(learn_scaling(encoding, table, X),
                      "f: column 3 (huge): has no finite variance (values too large, infinite or NaN)");
  REQUIRE_THROWS_WITH(learn_columns(table, 0, {{}, MissingRule::mean}, Rows{1}),
                      "f: column 2 (a): no training row has a value; --drop a leaves the column out");
  std::string many = "name,y\n";
  for (std::size_t i = 0; i <= kMaxCsvClasses; ++i) many += "n" + std::to_string(i) + ",p\n";
  const CsvTable names = parse_csv("f", many);
  REQUIRE_THROWS_WITH(learn_columns(names, 1, {{"name"}}, all_rows(names.rows())),
                      "f: column 1 (name): --categorical: more than 1000 different texts; --drop name leaves "
                      "the column out");
}
