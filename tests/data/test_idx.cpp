#include <string>
#include <vector>

#include "core/data/idx.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/idx.h"
#include "tests/support/refusal.h"

using namespace mlpbench;
using mlpbench::test::idx;

namespace {

std::string image_error(const std::string& bytes) {
  return test::refusal_of(bytes, [](const std::string& path) { return read_idx_images(path); });
}
std::string label_error(const std::string& bytes) { return test::refusal_of(bytes, read_idx_labels); }

}  // namespace

TEST_CASE("IDX files of images and labels are read", "[data][idx]") {
  const test::TemporaryFolder folder;
  const std::string pixels("\x00\x01\x7F\x80\xFE\xFF\x05\x06\x07\x08\x09\x0A", 12);
  const IdxImages images = read_idx_images(folder.write("images", idx({0x803, 2, 2, 3}, pixels)));
  CHECK(images.count == 2);
  CHECK(images.rows == 2);
  CHECK(images.columns == 3);
  CHECK(images.bytes == std::vector<std::uint8_t>{0, 1, 127, 128, 254, 255, 5, 6, 7, 8, 9, 10});
  CHECK(std::vector<std::uint8_t>(images.image(1).begin(), images.image(1).end()) ==
        std::vector<std::uint8_t>{5, 6, 7, 8, 9, 10});
  CHECK(read_idx_labels(folder.write("labels", idx({0x801, 3}, "\x07\x02\xFF"))) ==
        std::vector<std::uint8_t>{7, 2, 255});
}

TEST_CASE("a wrong IDX file is one line that says what was expected", "[data][idx]") {
  CHECK(image_error("") == "has 0 bytes, and an IDX file of images begins with a header of 16");
  CHECK(label_error("\1") == "has 1 byte, and an IDX file of labels begins with a header of 8");
  CHECK(image_error(idx({0x801, 2, 2, 3}, "")) ==
        "begins with 0x00000801, as IDX files of labels; 0x00000803 was expected, an IDX file of images");
  CHECK(label_error(idx({0x803, 2}, "ab")) ==
        "begins with 0x00000803, as IDX files of images; 0x00000801 was expected, an IDX file of labels");
  CHECK(label_error(idx({0x01080000, 2}, "ab")) ==
        "begins with 0x01080000; 0x00000801 was expected, an IDX file of labels");
  CHECK(image_error("\x1F\x8B\x08") == "is compressed by gzip; unpack it first (gunzip)");
  CHECK(label_error(idx({0x1F8B0800, 2}, "ab")) == "is compressed by gzip; unpack it first (gunzip)");
  CHECK(image_error(idx({0x803, 2, 2, 2}, "1234567")) ==
        "is truncated by 1 byte: its header says 2 images, so 24 bytes were expected, and there are 23");
  CHECK(label_error(idx({0x801, 2}, "abc")) ==
        "goes on for 1 byte: its header says 2 labels, so 10 bytes were expected, and there are 11");
  CHECK(image_error(idx({0x803, 0, 2, 2}, "")) == "holds no images");
  CHECK(label_error(idx({0x801, 0}, "")) == "holds no labels");
  CHECK(image_error(idx({0x803, 2, 0, 2}, "")) == "has images of 0 x 2 pixels; 1 to 1048576 were expected");
  CHECK(image_error(idx({0x803, 1, 1025, 1024}, "")) ==
        "has images of 1025 x 1024 pixels; 1 to 1048576 were expected");
}

TEST_CASE("sizes that multiply to more than 64 bits allocate nothing", "[data][idx]") {
  // 2^32-1 images of 2^32-1 x 2^32-1 pixels, and the most that the limits allow: 4 PiB.
  CHECK(image_error(idx({0x803, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF}, "x")) ==
        "has images of 4294967295 x 4294967295 pixels; 1 to 1048576 were expected");
  CHECK(image_error(idx({0x803, 0xFFFFFFFF, 1024, 1024}, "x")).starts_with("is truncated by 45035996"));
  CHECK(label_error(idx({0x801, 0xFFFFFFFF}, "x")).starts_with("is truncated by 4294967294 bytes"));
  // A product that is 0 in 64 bits must not pass for an image without pixels, or for a short file.
  CHECK(image_error(idx({0x803, 1, 0x80000000, 0x80000000}, "")).starts_with("has images of 2147483648"));
}

TEST_CASE("no prefix and no changed byte of an IDX file is read as something else", "[data][idx]") {
  const std::string pixels(12, '\x11');
  const std::string whole = idx({0x803, 2, 2, 3}, pixels);
  REQUIRE(image_error(whole).empty());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO("the first " << length << " bytes");
    CHECK_FALSE(image_error(whole.substr(0, length)).empty());
  }
  for (std::size_t at = 0; at < 16; ++at) {
    for (const int value : {0x00, 0x01, 0x02, 0x03, 0x04, 0x7F, 0x80, 0xFF}) {
      std::string changed = whole;
      changed[at] = static_cast<char>(value);
      if (changed == whole) continue;
      INFO("byte " << at << " is " << value);
      CHECK_FALSE(image_error(changed).empty());
    }
  }
}

TEST_CASE("an IDX file that is no file", "[data][idx]") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(read_idx_images(folder.path()), folder.path() + ": is a directory");
  CHECK_THROWS_WITH(read_idx_labels("/dev/zero"), "/dev/zero: is not a regular file");
  CHECK_THROWS_WITH(read_idx_labels(folder.file("missing")),
                    folder.file("missing") + ": cannot be read: No such file or directory");
}
