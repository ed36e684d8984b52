#include <algorithm>
#include <string>
#include <vector>

#include "core/data/csv.h"
#include "support/text.h"
#include "tests/catch.h"
#include "tests/support/reference.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;

TEST_CASE("CSV: the forms that are accepted", "[data][csv]") {
  for (const std::string text :
       {"a,b,y\n1,2,0\n3,4,1\n", "a,b,y\n1,2,0\n3,4,1", "a,b,y\r\n1,2,0\r\n3,4,1\r\n",
        "\xEF\xBB\xBF"
        "a,b,y\n1,2,0\n3,4,1\n",
        "a,b,y\n1,2,0\n3,4,1\n\n\r\n", "\"a\",\"b\",y\n\"1\",2,\"0\"\r\n3,\"4\",1",
        " a ,b\t,y\n 1,2 ,\t0\n+3,4.0,1e0\n"}) {
    CAPTURE(text);
    const test::TemporaryFolder folder;
    const std::string path = folder.write("f.csv", text);
    const CsvTable table = read_csv(path);
    REQUIRE(table.file() == path);
    REQUIRE(table.rows() == 2);
    REQUIRE(table.columns() == 3);
    REQUIRE(table.name(1) == "b");
    REQUIRE(table.column("y") == 2);
    REQUIRE(numeric_column(table, 0) == std::vector<double>{1, 3});
    REQUIRE(numeric_column(table, 1) == std::vector<double>{2, 4});
    REQUIRE(numeric_column(table, 2) == std::vector<double>{0, 1});
    REQUIRE(table.line(0) == 2);
    REQUIRE(table.line(1) == 3);
  }
}

TEST_CASE("CSV: quoted cells", "[data][csv]") {
  const CsvTable table = parse_csv("f", "a,b\n\"x,\"\"y\"\"\",\"\"\n\"1\r\n2\",\"\"\"\"\n , z \nend,\" z \"");
  REQUIRE(table.rows() == 4);
  REQUIRE(table.cell(0, 0) == "x,\"y\"");
  REQUIRE(table.cell(0, 1).empty());
  REQUIRE(table.cell(1, 0) == "1\r\n2");
  REQUIRE(table.cell(1, 1) == "\"");
  REQUIRE(table.cell(2, 0).empty());
  REQUIRE(table.cell(2, 1) == "z");
  REQUIRE(table.cell(3, 0) == "end");
  REQUIRE(table.cell(3, 1) == "z");
  REQUIRE(table.line(0) == 2);
  REQUIRE(table.line(1) == 3);
  REQUIRE(table.line(2) == 5);
  REQUIRE(table.line(3) == 6);
}

TEST_CASE("CSV: a moved table keeps its cells, however short", "[data][csv]") {
  CsvTable table = parse_csv("f", "a\n7");  // short enough to lie inside the string object
  const CsvTable moved = std::move(table);
  REQUIRE(moved.name(0) == "a");
  REQUIRE(moved.cell(0, 0) == "7");
}

TEST_CASE("CSV: numbers round as the source literal does", "[data][csv]") {
  const CsvTable table =
      parse_csv("f", "x\n0.1\n-1e-3\n.5\n5.\n1E+2\n4.9e-324\n1.7976931348623157e308\n-0\n0.1e-400\n");
  REQUIRE_THROWS_WITH(numeric_column(table, 0),
                      "f: row 10, column 1 (x): '0.1e-400' is out of the range of float64");
  const CsvTable fine = parse_csv("f", "x\n0.1\n-1e-3\n.5\n5.\n1E+2\n4.9e-324\n1.7976931348623157e308\n");
  REQUIRE(numeric_column(fine, 0) ==
          std::vector<double>{0.1, -1e-3, 0.5, 5.0, 100.0, 4.9e-324, 1.7976931348623157e308});
}

TEST_CASE("CSV: numeric_matrix leaves the target out", "[data][csv]") {
  const CsvTable table = parse_csv("f", "a,y,b\n1,cat,2\n3,dog,4\n");
  const Matrix<double> X = numeric_matrix(table, 1);
  REQUIRE(X.rows() == 2);
  REQUIRE(X.cols() == 2);
  REQUIRE(std::vector<double>(X.row(0), X.row(0) + 2) == std::vector<double>{1, 2});
  REQUIRE(std::vector<double>(X.row(1), X.row(1) + 2) == std::vector<double>{3, 4});
}

TEST_CASE("CSV: class labels are sorted", "[data][csv]") {
  using Names = std::vector<std::string>;
  using Index = std::vector<std::size_t>;
  const auto labels = [](const std::string& column) {
    return class_labels(parse_csv("f", "y\n" + column), 0);
  };

  const ClassLabels text = labels("dog\ncat\nape\ncat\n");
  REQUIRE(text.names == Names{"ape", "cat", "dog"});
  REQUIRE(text.index == Index{2, 1, 0, 1});

  const ClassLabels values = labels("10\n9\n-1\n+9\n9.0\n");
  REQUIRE(values.names == Names{"-1", "9", "10"});
  REQUIRE(values.index == Index{2, 1, 0, 1, 1});

  const ClassLabels mixed = labels("10\n9\nnan\nx\n");  // not all are numbers, so none is
  REQUIRE(mixed.names == Names{"10", "9", "nan", "x"});
  REQUIRE(mixed.index == Index{0, 1, 2, 3});
}

TEST_CASE("CSV: the data files of the experiments", "[data][csv]") {
  const CsvTable cancer = read_csv(test::data_file("breast_cancer.csv"));
  REQUIRE(cancer.rows() == 569);
  REQUIRE(cancer.columns() == 31);
  const std::size_t target = cancer.column("benign");
  const ClassLabels labels = class_labels(cancer, target);
  REQUIRE(labels.names == std::vector<std::string>{"0", "1"});
  REQUIRE(std::count(labels.index.begin(), labels.index.end(), 1U) == 357);
  REQUIRE(numeric_matrix(cancer, target)(0, 0) == 17.99);

  const CsvTable digits = read_csv(test::data_file("digits.csv"));
  REQUIRE(digits.rows() == 1797);
  REQUIRE(class_labels(digits, digits.column("digit")).names.size() == 10);
}

TEST_CASE("printable cuts between characters and shows control characters", "[data][csv]") {
  REQUIRE(printable("plain") == "plain");
  REQUIRE(printable("a\tb\x7F\x01") == "a\\x09b\\x7F\\x01");
  REQUIRE(printable("abcdef", 3) == "abc...");
  REQUIRE(printable("abc", 3) == "abc");
  REQUIRE(printable("ab\xC3\xA9"
                    "d",
                    3) == "ab...");
  REQUIRE(printable("ab\xC3\xA9"
                    "d",
                    4) == "ab\xC3\xA9...");
}

namespace {

std::string refusal(const std::string& text, const CsvFormat& format) {
  try {
    parse_csv("f.csv", text, format);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("CSV: other delimiters, and a first line that names one", "[data][csv]") {
  const auto check = [](const std::string& text, const CsvFormat& format, std::size_t first_line) {
    CAPTURE(text);
    const CsvTable table = parse_csv("f", text, format);
    REQUIRE(table.columns() == 2);
    REQUIRE(table.name(1) == "b");
    REQUIRE(table.rows() == 2);
    REQUIRE(table.cell(0, 0) == "x;y,\tz");
    REQUIRE(table.cell(1, 1) == "4");
    REQUIRE(table.line(0) == first_line);
  };
  check("a;b\n\"x;y,\tz\";2\n3;4\n", {.delimiter = ';'}, 2);
  check("a\tb\n\"x;y,\tz\"\t2\r\n3\t4\n", {.delimiter = '\t'}, 2);
  check("a|b\n\"x;y,\tz\"|2\n3|4\n", {.delimiter = '|'}, 2);
  check("sep=;\na;b\n\"x;y,\tz\";2\n3;4\n", {}, 3);
  check("\xEF\xBB\xBF\"sep=\t\"\r\na\tb\r\n\"x;y,\tz\"\t2\r\n3\t4\r\n", {}, 3);
  check("sep=;\na|b\n\"x;y,\tz\"|2\n3|4\n", {.delimiter = '|'}, 3);
  REQUIRE(refusal("sep=;\na;b\n1;2;3\n", {}) == "f.csv: row 3: 3 cells found, 2 expected");
}

TEST_CASE("CSV: a header that another delimiter would split is said so", "[data][csv]") {
  REQUIRE(refusal("\"a\";\"b\";\"y\"\n1;2;3\n", {}) ==
          "f.csv: row 1, column 1: text after the closing quote; the header has 2 ';' and 0 ',': --delimiter "
          "';'");
  REQUIRE(refusal("a\tb\n1,5\t2\n", {}) ==
          "f.csv: row 2: 2 cells found, 1 expected; the header has 1 tab and 0 ',': --delimiter tab");
  REQUIRE(refusal("a,b\n1,2,3\n", {.delimiter = ';'}) == "");  // one column
  REQUIRE(refusal("a,b\n1,2,\"3\n", {.delimiter = ';'}) ==
          "f.csv: row 2, column 1 (a,b): a quote inside an unquoted cell; the header has 1 ',' and 0 ';': "
          "--delimiter ','");
  REQUIRE(refusal("a,b;c\n1,2\n3\n", {}) == "f.csv: row 3: 1 cell found, 2 expected");  // as many of each
}

TEST_CASE("CSV: numbers with a decimal comma", "[data][csv]") {
  const CsvTable table =
      parse_csv("f", "a;b\n1,5;1.5\n-0,25;1\n+1e2;1\n;1\n", {.delimiter = ';', .decimal = ','});
  double value = 0.0;
  REQUIRE(table.read(0, 0, value) == CellKind::number);
  REQUIRE(value == 1.5);
  REQUIRE(table.read(1, 0, value) == CellKind::number);
  REQUIRE(value == -0.25);
  REQUIRE(table.read(2, 0, value) == CellKind::number);
  REQUIRE(value == 100.0);
  REQUIRE(table.read(3, 0, value) == CellKind::empty);
  REQUIRE(table.read(0, 1, value) == CellKind::text);  // 1.5 would be fifteen where points separate thousands
}

TEST_CASE("CSV: dropped columns need no name, and the others keep their numbers", "[data][csv]") {
  const std::string text = ",a,b,a,y\n0,1,\"x\ny\",4,5\n1,6,7,8,9\n";
  const CsvTable table = parse_csv("f.csv", text, {.drop = {"@1", "b", "@2"}});
  REQUIRE(table.columns() == 2);
  REQUIRE(table.name(0) == "a");
  REQUIRE(table.cell(0, 0) == "4");
  REQUIRE(table.cell(1, 1) == "9");
  REQUIRE(table.line(1) == 4);
  REQUIRE(table.column("y") == 1);
  REQUIRE(table.column("@4") == 0);
  REQUIRE(std::string(table.error(1, 1, "x").what()) == "f.csv: row 4, column 5 (y): x");
  REQUIRE(refusal(text, {.drop = {"@1"}}) == "f.csv: row 1, column 4 (a): column 2 has the same name");
  REQUIRE(refusal(text, {.drop = {"@1", "a"}}).empty());  // both of them
  REQUIRE(refusal(text, {.drop = {"c"}}) == "f.csv: --drop: no column 'c'");
  REQUIRE(refusal(text, {.drop = {"@6"}}) == "f.csv: --drop: no column '@6'");
  REQUIRE(refusal(text, {.drop = {"@1", "@2"}}).empty());
  REQUIRE(refusal("a,b\n1,\"2\n", {.drop = {"b"}}) ==
          "f.csv: row 2, column 2 (b): the quote is never closed");
  REQUIRE(refusal("a,b\n1,2,3\n", {.drop = {"b"}}) == "f.csv: row 2: 3 cells found, 2 expected");
}

TEST_CASE("CSV: packed files are named", "[data][csv]") {
  REQUIRE(refusal("\x1F\x8B\x08", {}).starts_with("f.csv: is compressed (gzip); unpack it first"));
  REQUIRE(refusal("PK\x03\x04", {}).starts_with("f.csv: is compressed (zip, as spreadsheets are)"));
  REQUIRE(refusal("\xFD"
                  "7zXZ",
                  {})
              .starts_with("f.csv: is compressed (xz)"));
}

TEST_CASE("CSV: the first line that is not UTF-8 is known", "[data][csv]") {
  REQUIRE(parse_csv("f", "a\nM\xC3\xBCller\n").line_not_utf8() == 0);
  REQUIRE(parse_csv("f", "a\nx\nM\xFCller\nM\xF6ller\n").line_not_utf8() == 3);
  REQUIRE(parse_csv("f", "a\nx\n\xC3").line_not_utf8() == 3);
}

TEST_CASE("CSV: labels as text, for every value", "[data][csv]") {
  using Names = std::vector<std::string>;
  const auto labels = [](const std::string& column) {
    return class_labels(parse_csv("f", "y\n" + column), 0, LabelRule::as_text).names;
  };
  REQUIRE(labels("010\n1\n10\n01\n") == Names{"01", "1", "010", "10"});
  REQUIRE(labels("9007199254740993\n9007199254740992\n7\n") ==
          Names{"7", "9007199254740992", "9007199254740993"});
  REQUIRE(labels("100\n1E2\n+100\n") == Names{"+100", "100", "1E2"});
  REQUIRE(labels("ADT\nINF\nnan\n1\n") == Names{"1", "ADT", "INF", "nan"});
  REQUIRE(labels("nan\n2\n10\n") == Names{"10", "2", "nan"});  // no number among them: by bytes
}

TEST_CASE("CSV: labels by value say which texts became one, and refuse what float64 cannot tell apart",
          "[data][csv]") {
  const auto labels = [](const std::string& column) {
    return class_labels(parse_csv("f", "y\n" + column), 0);
  };
  REQUIRE(labels("01\n1\n2\n").merged == std::pair<std::string, std::string>{"01", "1"});
  REQUIRE_FALSE(labels("1\n2\n1\n").merged);
  REQUIRE(labels("9007199254740991\n0.5\n").names.size() == 2);
  for (const std::string huge : {"9007199254740992", "-9007199254740993", "1e16"}) {
    REQUIRE_THROWS_WITH(
        labels("1\n" + huge + "\n"),
        "f: row 3, column 1 (y): '" + huge +
            "' is not below 2^53, from where float64 does not tell whole numbers apart; --task "
            "multiclass takes all cells as class names");
  }
}
