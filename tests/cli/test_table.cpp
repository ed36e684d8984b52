#include <limits>

#include "support/format.h"
#include "support/progress.h"
#include "support/table.h"
#include "support/unicode.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

Table example() {
  Table table;
  table.add_column("backend", Table::Align::left);
  table.add_column("time");
  table.add_column("note", Table::Align::left);
  table.add_row({"avx2", "3.41 ms", "a|b"});
  table.add_row({"naïve", "120 ms"});
  table.add_row({"blas"}, "unavailable: a reason longer than any column");
  return table;
}

}  // namespace

TEST_CASE("a table on the console") {
  CHECK(example().console() ==
        "backend     time  note\n"
        "-------  -------  ----\n"
        "avx2     3.41 ms  a|b\n"
        "naïve     120 ms\n"
        "blas     unavailable: a reason longer than any column\n");
}

TEST_CASE("the same table in Markdown") {
  CHECK(example().markdown() ==
        "| backend | time | note |\n"
        "| :-- | --: | :-- |\n"
        "| avx2 | 3.41 ms | a\\|b |\n"
        "| naïve | 120 ms |  |\n"
        "| blas | unavailable: a reason longer than any column |  |\n");
}

TEST_CASE("a table without rows, and a row with too many cells") {
  Table table;
  table.add_column("one");
  CHECK(table.console() == "one\n---\n");
  CHECK_THROWS_AS(table.add_row({"1", "2"}), std::invalid_argument);
  CHECK_THROWS_AS(table.add_row({"1"}, "remark"), std::invalid_argument);
  CHECK(table.console() == "one\n---\n");
}

TEST_CASE("a table over entries: columns, stages, remarks, entries without a row") {
  struct Entry {
    std::string name;
    int count;
  };
  const std::vector<Entry> entries = {{"a\x1b", 3}, {"b", 0}, {"c", -1}};
  const Table table =
      table_of<Entry>(entries,
                      {{"name", Table::Align::left, [](const Entry& e) { return Table::Cell(e.name); }},
                       {"count", Table::Align::right,
                        [](const Entry& e) { return Table::Cell(std::to_string(e.count), e.count); }, 1}},
                      [](const Entry& e) {
                        return e.count < 0 ? Reached{-1} : e.count == 0 ? Reached{0, "nothing"} : Reached{};
                      });
  CHECK(table.console() ==
        "name   count\n"
        "-----  -----\n"
        "a\\x1B      3\n"
        "b      nothing\n");
  CHECK(table.rows()[0].cells[1].sort == 3.0);
}

TEST_CASE("seconds have three digits and a unit") {
  CHECK(format_seconds(0.0) == "0.00 ns");
  CHECK(format_seconds(1.2e-7) == "120 ns");
  CHECK(format_seconds(3.414e-3) == "3.41 ms");
  CHECK(format_seconds(46.49e-6) == "46.5 us");
  CHECK(format_seconds(75.0) == "75.0 s");
  CHECK(format_seconds(1234.0) == "1234 s");
  // Rounding must not leave "1000 us".
  CHECK(format_seconds(999.4e-6) == "999 us");
  CHECK(format_seconds(999.6e-6) == "1.00 ms");
  CHECK(format_seconds(9.996e-3) == "10.0 ms");
  CHECK(format_seconds(std::numeric_limits<double>::infinity()) == "?");
}

TEST_CASE("quantities, counts and durations") {
  CHECK(format_quantity(12.0) == "12.0");
  CHECK(format_quantity(133.4e6) == "133 M");
  CHECK(format_quantity(4500.0) == "4.50 K");
  CHECK(format_quantity(999.6e3) == "1.00 M");
  CHECK(format_quantity(4e302) == "4.00e+302");
  CHECK(format_seconds(1e300) == "1.00e+300 s");
  CHECK(format_quantity(std::numeric_limits<double>::quiet_NaN()) == "?");
  CHECK(format_count(1, "thread") == "1 thread");
  CHECK(format_count(2, "epoch") == "2 epochs");
  CHECK(format_duration(6.2) == "0:07");
  CHECK(format_duration(125.0) == "2:05");
  CHECK(format_duration(3725.0) == "1:02:05");
  CHECK(format_duration(3.1 * 86400) == "3 days");
  CHECK(format_duration(-1.0) == "?");
}

TEST_CASE("a progress line never exceeds the terminal") {
  for (std::size_t width = 0; width <= 200; ++width) {
    for (const std::size_t done : {std::size_t{0}, std::size_t{1}, std::size_t{50}, std::size_t{100}}) {
      CHECK(display_width(progress_line("moons avx2", done, 100, 12.0, width, false)) <=
            std::max<std::size_t>(width, 1));
    }
  }
  CHECK(progress_line("moons", 50, 100, 12.0, 60, false) ==
        "moons [##########..........]  50 %  50/100 epochs  0:12 left");
  CHECK(progress_line("moons", 50, 100, 12.0, 60, true).find("\x1b[36m##########\x1b[0m") !=
        std::string::npos);
}
