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
