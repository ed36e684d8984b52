// What is no table of numbers is refused in one line that says where.
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "core/data/csv.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/skip.h"

using namespace mlpbench;

namespace {

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

struct Bad {
  std::string text;
  std::string message;  ///< without "f.csv: "
};

// What every use of a table does: read it, take column "y" as target and all others as numbers.
void load(const std::string& text) {
  const CsvTable table = parse_csv("f.csv", text);
  const std::size_t target = table.column("y");
  numeric_matrix(table, target);
  class_labels(table, target);
}

void check(const std::vector<Bad>& cases, const std::function<void(const std::string&)>& use) {
  for (const Bad& bad : cases) {
    CAPTURE(bad.text);
    const std::string message = message_of([&] { use(bad.text); });
    REQUIRE(message == "f.csv: " + bad.message);
    REQUIRE(message.find('\n') == std::string::npos);
  }
}

std::string nul(std::string text) {
  std::replace(text.begin(), text.end(), '@', '\0');
  return text;
}

std::string repeated(const std::string& part, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += part;
  return text;
}

/// A file that is gone at the end of the test.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text = "")
      : path_(std::filesystem::temp_directory_path() / ("mlpbench_csv_" + std::to_string(::getpid()))) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::filesystem::remove_all(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("CSV: shapes that are no table", "[data][csv]") {
  check(
      {
          {"", "the file is empty"},
          {"\xEF\xBB\xBF", "the file is empty"},
          {"\n\r\n\n", "the file is empty"},
          {"a,y", "no rows under the header"},
          {"a,y\n", "no rows under the header"},
          {"a,y\r\n\r\n\n", "no rows under the header"},
          {"\na,y\n1,0\n", "row 1: the line is blank"},
          {"a,y\n\n1,0\n", "row 2: the line is blank"},
          {"a,y\n1,0\n\r\n\n2,1\n", "row 3: the line is blank"},
          {"y\n1\n\n2\n", "row 3: the line is blank"},
          {"a,b,y\n1,2,0\n1,2\n", "row 3: 2 cells found, 3 expected"},
          {"a,b,y\n1,2,0,7\n", "row 2: 4 cells found, 3 expected"},
          {"a,b,y\n1;2;0\n", "row 2: 1 cell found, 3 expected"},
          {"a,b,y\n1,2,0\n  \n", "row 3: 1 cell found, 3 expected"},
          {"a,y\n\"1\n2\",0\n1\n", "row 4: 1 cell found, 2 expected"},
          {"a,y\n1,0,\n", "row 2: 3 cells found, 2 expected"},
          {"a,a,y\n1,2,0\n", "row 1, column 2 (a): column 1 has the same name"},
          {"a,y, \"a\n", "row 1, column 3: a quote inside an unquoted cell"},
          {"a,y,\" a \"\n1,2,0\n", "row 1, column 3 (a): column 1 has the same name"},
          {"a,,y\n1,2,0\n", "row 1, column 2: the column has no name; --drop @2 leaves it out"},
          {"a,y,\n1,2,0\n", "row 1, column 3: the column has no name; --drop @3 leaves it out"},
          {"a, \t,y\n1,2,0\n", "row 1, column 2: the column has no name; --drop @2 leaves it out"},
          {repeated("c,", kMaxCsvColumns) + "y\n", "row 1: 100001 columns, more than 100000"},
      },
      load);
}

TEST_CASE("CSV: quotes, NUL bytes and carriage returns", "[data][csv]") {
  check(
      {
          {"a,y\n\"1,0\n2,1\n", "row 2, column 1 (a): the quote is never closed"},
          {"a,y\n1,0\n2,\"1", "row 3, column 2 (y): the quote is never closed"},
          {"a,y\n1,0\n2,\"1\"\"", "row 3, column 2 (y): the quote is never closed"},
          {"\"", "row 1, column 1: the quote is never closed"},
          {"a,\"y\n1,0\n", "row 1, column 2: the quote is never closed"},
          {"a,y\n\"x\ny\",0\n1,\"\n", "row 4, column 2 (y): the quote is never closed"},
          {"a,y\n\"1\"2,0\n", "row 2, column 1 (a): text after the closing quote"},
          {"a,y\n\"1\" ,0\n", "row 2, column 1 (a): text after the closing quote"},
          {"a,y\n1,\"0\"\r", "row 2, column 2 (y): text after the closing quote"},
          {"a,y\n1\"2,0\n", "row 2, column 1 (a): a quote inside an unquoted cell"},
          {"a,y\n1,0,\"x\"y\n", "row 2, column 3: text after the closing quote"},
          {nul("a,y\n1,0\n2@,1\n"), "row 3, column 1 (a): a NUL byte: the file is binary or UTF-16"},
          {nul("a,y\n1,\"0@\"\n"), "row 2, column 2 (y): a NUL byte: the file is binary or UTF-16"},
          {nul("\xFF\xFE"
               "a@,@y@"),
           "row 1, column 1: a NUL byte: the file is binary or UTF-16"},
          {"a,y\r1,0\r2,1\r", "row 1, column 2: a carriage return without line feed"},
          {"a,y\n1,0\r", "row 2, column 2 (y): a carriage return without line feed"},
          {"a,y\n1\r,0\n", "row 2, column 1 (a): a carriage return without line feed"},
      },
      load);
}

TEST_CASE("CSV: cells that are no number", "[data][csv]") {
  const auto cell = [](const std::string& text) { return "a,b,y\n1,2,0\n1," + text + ",1\n"; };
  const std::string place = "row 3, column 2 (b): ";
  check(
      {
          {cell("abc"), place + "'abc' is not a number"},
          {cell(""), place + "the cell is empty"},
          {cell("  "), place + "the cell is empty"},
          {cell("\"\""), place + "the cell is empty"},
          {cell("nan"), place + "'nan' is not finite"},
          {cell("-NaN"), place + "'-NaN' is not finite"},
          {cell("+inf"), place + "'+inf' is not finite"},
          {cell("Infinity"), place + "'Infinity' is not finite"},
          {cell("1e999"), place + "'1e999' is out of the range of float64"},
          {cell("-1e999"), place + "'-1e999' is out of the range of float64"},
          {cell("1e-999"), place + "'1e-999' is out of the range of float64"},
          {cell("0x10"), place + "'0x10' is not a number"},
          {cell("1_000"), place + "'1_000' is not a number"},
          {cell("\"1,5\""), place + "'1,5' is not a number"},
          {cell("1.5.2"), place + "'1.5.2' is not a number"},
          {cell("1e"), place + "'1e' is not a number"},
          {cell("."), place + "'.' is not a number"},
          {cell("+"), place + "'+' is not a number"},
          {cell("-"), place + "'-' is not a number"},
          {cell("+-1"), place + "'+-1' is not a number"},
          {cell("++1"), place + "'++1' is not a number"},
          {cell("--1"), place + "'--1' is not a number"},
          {cell("1 2"), place + "'1 2' is not a number"},
          {cell("1\xC2\xA0"), place + "'1\\xC2\\xA0' is not a number"},
          {cell("\xD9\xA3"), place + "'\xD9\xA3' is not a number"},
          {cell("#N/A"), place + "'#N/A' is not a number"},
          {cell("\x1B[31m1"), place + "'\\x1B[31m1' is not a number"},
          {cell("\"1\n2\""), place + "'1\\x0A2' is not a number"},
          {cell(repeated("z", 200)), place + "'" + repeated("z", 60) + "...' is not a number"},
          {"a,\"b\x07\n\",y\n1,2,0\n1,?,1\n", "row 4, column 2 (b\\x07\\x0A): '?' is not a number"},
          {"a,y\n\"1\",0\n\"\n2\",1\n", "row 3, column 1 (a): '\\x0A2' is not a number"},
      },
      load);
}

TEST_CASE("CSV: targets that cannot be used", "[data][csv]") {
  check(
      {
          {"a,b\n1,2\n", "no column 'y'; there are: a, b"},
          {"a;b;y\n1;2;0\n",
           "no column 'y'; there are: a;b;y; the header has 2 ';' and 0 ',': --delimiter ';'"},
          {"a,Y\n1,2\n", "no column 'y'; there are: a, Y"},
          {"a,b,c,d,e,f,g,h,i,j,k,l\n1,1,1,1,1,1,1,1,1,1,1,1\n",
           "no column 'y'; there are: a, b, c, d, e, f, g, h, i, j and 2 more"},
          {"y\n0\n1\n", "column 1 (y): the target is the only column: there are no features"},
          {"a,y\n1,0\n2,0\n", "column 2 (y): only one class, '0'; two are needed"},
          {"a,y\n1,cat\n2,cat\n", "column 2 (y): only one class, 'cat'; two are needed"},
          {"a,y\n1,1\n2,1.0\n", "column 2 (y): only one class, '1'; two are needed"},
          {"a,y\n1,0\n2,\n", "row 3, column 2 (y): the cell is empty"},
          {"a,y\n1,cat\n2, \n", "row 3, column 2 (y): the cell is empty"},
          {"a,y\n1,0\n2,1\n3,nan\n", "row 4, column 2 (y): 'nan' is not finite"},
          {"a,y\n1,0\n2,1\n3,1e999\n", "row 4, column 2 (y): '1e999' is out of the range of float64"},
      },
      load);

  std::string many = "a,y\n";
  for (std::size_t i = 0; i <= kMaxCsvClasses; ++i) many += "1," + std::to_string(i) + "\n";
  check({{many, "column 2 (y): more than 1000 different labels"}}, load);
  check({{"a,y\n1,2\n3,x\n", "row 3, column 2 (y): 'x' is not a number"}},
        [](const std::string& text) { numeric_column(parse_csv("f.csv", text), 1); });
}

TEST_CASE("CSV: files that cannot be read", "[data][csv]") {
  const auto message = [](const std::string& path) { return message_of([&] { read_csv(path); }); };
  REQUIRE(message("no/such.csv") == "no/such.csv: cannot be read: No such file or directory");
  REQUIRE(message("") == ": cannot be read: No such file or directory");
  REQUIRE(message("no\n\x1B[2J.csv") == "no\\x0A\\x1B[2J.csv: cannot be read: No such file or directory");
  REQUIRE(message("/") == "/: is a directory");
  REQUIRE(message("/dev/zero") == "/dev/zero: is not a regular file");

  const TemporaryFile file;
  REQUIRE(message(file.path()) == file.path() + ": the file is empty");
  REQUIRE(message(file.path() + "/x.csv") == file.path() + "/x.csv: cannot be read: Not a directory");

  SECTION("larger than the limit (a sparse file)") {
    std::filesystem::resize_file(file.path(), kMaxCsvBytes + 1);
    REQUIRE(message(file.path()) == file.path() + ": has 1073741825 bytes, more than 1 GiB");
  }
  SECTION("a FIFO without a writer is refused, not waited for") {
    std::filesystem::remove(file.path());
    REQUIRE(::mkfifo(file.path().c_str(), 0600) == 0);
    REQUIRE(message(file.path()) == file.path() + ": is a pipe that nobody writes to");
  }
}

TEST_CASE("CSV: a file without permission cannot be read", "[data][csv]") {
  const test::OrdinaryUser user;
  if (!user.can_test()) return;
  const TemporaryFile file;
  std::filesystem::permissions(file.path(), std::filesystem::perms::none);
  REQUIRE(message_of([&] { read_csv(file.path()); }) == file.path() + ": cannot be read: Permission denied");
}
