// What of a text reaches a terminal, a record and a table.
#include <string>

#include "support/text.h"
#include "support/unicode.h"
#include "tests/catch.h"

using namespace mlpbench;

TEST_CASE("printable: what a terminal would obey, hide or move is shown as bytes", "[text]") {
  struct Case {
    std::string text, shown;
  };
  const std::string e = "\xC3\xA9";
  for (const Case& c : std::vector<Case>{
           {e + "\xE6\xA1\x9C\xF0\x9F\x91\xA9", e + "\xE6\xA1\x9C\xF0\x9F\x91\xA9"},  // letters and an emoji
           {"e\xCC\x81", "e\xCC\x81"},                                                  // a combining mark
           {"a\x1B[31m", "a\\x1B[31m"},
           {"\xC2\x9B" "31m", "\\xC2\\x9B31m"},        // C1: CSI as UTF-8
           {"\x9B" "31m", "\\x9B31m"},                 // and as a byte
           {"a\xC2\x85z", "a\\xC2\\x85z"},             // next line
           {"a\xE2\x80\xA8z", "a\\xE2\\x80\\xA8z"},    // line separator
           {"a\xE2\x80\xAEz", "a\\xE2\\x80\\xAEz"},    // right-to-left override
           {"a\xE2\x81\xA6z", "a\\xE2\\x81\\xA6z"},    // isolate
           {"a\xD8\x9Cz", "a\\xD8\\x9Cz"},             // Arabic letter mark
           {"a\xE2\x80\x8Bz", "a\\xE2\\x80\\x8Bz"},    // zero-width blank
           {"a\xEF\xBB\xBFz", "a\\xEF\\xBB\\xBFz"},    // byte order mark
           {"a\xC2\xADz", "a\\xC2\\xADz"},             // soft hyphen
           {"0.5\xC2\xA0", "0.5\\xC2\\xA0"},           // no-break blank
           {"a\xEF\xB8\x8F", "a\\xEF\\xB8\\x8F"},      // variation selector
           {"a\xF3\xA0\x81\x81", "a\\xF3\\xA0\\x81\\x81"},  // tag
           {"M\xFCller", "M\\xFCller"},                // Latin-1
           {"\xC0\xAF", "\\xC0\\xAF"},                 // overlong
           {"\xED\xA0\x80", "\\xED\\xA0\\x80"},        // a surrogate
           {"\xF4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},  // above U+10FFFF
           {"\xE6\xA1", "\\xE6\\xA1"},                 // cut off
           {"\xE6" "a", "\\xE6" "a"}}) {
    CAPTURE(c.shown);
    CHECK(printable(c.text) == c.shown);
    CHECK(printable_path(c.text) == c.shown);
    CHECK(printable_lines(c.text + "\n" + c.text + "\n") == c.shown + "\n" + c.shown + "\n");
    CHECK(utf8(printable(c.text)) == c.shown);
  }
}

TEST_CASE("a record keeps all that is UTF-8, and the bytes of all else", "[text]") {
  CHECK(utf8("a\n\x1B\xC2\x9B\xE2\x80\xAE") == "a\n\x1B\xC2\x9B\xE2\x80\xAE");
  CHECK(utf8("M\xFCller \xF6") == "M\\xFCller \\xF6");
}

TEST_CASE("long names keep both ends", "[text]") {
  CHECK(printable_ends("0123456789", 4) == "0123456789");
  CHECK(printable_ends("0123456789ab", 4) == "0123...89ab");
  CHECK(printable_ends("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 3) == "\xC3\xA9...\xC3\xA9");
}

TEST_CASE("display width: two columns for East Asian letters and emoji, none for combining marks", "[text]") {
  CHECK(display_width("") == 0);
  CHECK(display_width("plain") == 5);
  CHECK(display_width("na\xC3\xAFve") == 5);
  CHECK(display_width("\xE6\xA1\x9C\xE3\x81\xAE\xE8\x8A\xB1") == 6);  // 桜の花
  CHECK(display_width("\xED\x95\x9C") == 2);                          // 한
  CHECK(display_width("\xEF\xBC\xA1") == 2);                          // fullwidth A
  CHECK(display_width("\xF0\x9F\x94\xAC") == 2);                      // a microscope
  CHECK(display_width("e\xCC\x81") == 1);
  CHECK(display_width("\xD0\xBB\xD0\xB0\xD0\xB1") == 3);              // лаб
  CHECK(display_width("\xFF") == 1);
}
