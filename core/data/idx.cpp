#include "core/data/idx.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string_view>

#include "support/format.h"
#include "support/input_file.h"

namespace mlpbench {
namespace {

struct Kind {
  std::uint32_t magic;
  std::string_view holds;
  std::size_t header_bytes;
};
constexpr Kind kImages{0x803, "images", 16}, kLabels{0x801, "labels", 8};

std::uint32_t big_endian(std::span<const std::byte, 4> bytes) {
  std::uint32_t value = 0;
  for (const std::byte byte : bytes) value = value << 8 | std::to_integer<std::uint32_t>(byte);
  return value;
}

std::string hexadecimal(std::uint32_t value) {
  std::array<char, 11> text{};
  std::snprintf(text.data(), text.size(), "0x%08X", value);
  return text.data();
}

/// The 32-bit numbers after the magic one.
std::vector<std::size_t> read_header(InputFile& file, const Kind& kind) {
  std::array<std::byte, 16> header{};
  const std::size_t there = std::min(file.size(), kind.header_bytes);
  file.read(std::span(header).first(there));
  if (there >= 2 && header[0] == std::byte{0x1F} && header[1] == std::byte{0x8B}) {
    throw file.error("is compressed by gzip; unpack it first (gunzip)");
  }
  if (there < kind.header_bytes) {
    throw file.error("has " + format_count(file.size(), "byte") + ", and an IDX file of " +
                     std::string(kind.holds) + " begins with a header of " +
                     std::to_string(kind.header_bytes));
  }
  const std::uint32_t magic = big_endian(std::span(header).first<4>());
  if (magic != kind.magic) {
    const Kind& other = kind.magic == kImages.magic ? kLabels : kImages;
    throw file.error("begins with " + hexadecimal(magic) +
                     (magic == other.magic ? ", as IDX files of " + std::string(other.holds) : "") + "; " +
                     hexadecimal(kind.magic) + " was expected, an IDX file of " + std::string(kind.holds));
  }
  std::vector<std::size_t> numbers;
  for (std::size_t at = 4; at < kind.header_bytes; at += 4) {
    numbers.push_back(big_endian(std::span<const std::byte, 4>(&header[at], 4)));
  }
  return numbers;
}

/// What follows the header: the items `rows` of `count`, each of `bytes_each`. The product is below
/// 2^32 * kMaxIdxPixels and does not overflow.
std::vector<std::uint8_t> read_items(InputFile& file, const Kind& kind, std::size_t count,
                                     std::size_t bytes_each, const RowRange& rows) {
  if (count == 0) throw file.error("holds no " + std::string(kind.holds));
  const std::size_t expected = count * bytes_each, found = file.size() - kind.header_bytes;
  if (found != expected) {
    const std::string difference = found < expected
                                       ? "is truncated by " + format_count(expected - found, "byte")
                                       : "goes on for " + format_count(found - expected, "byte");
    throw file.error(difference + ": its header says " + std::to_string(count) + " " +
                     std::string(kind.holds) + ", so " + std::to_string(kind.header_bytes + expected) +
                     " bytes were expected, and there are " + std::to_string(file.size()));
  }
  std::vector<std::uint8_t> items(rows.count * bytes_each);
  file.skip(rows.first * bytes_each);
  file.read(std::as_writable_bytes(std::span(items)));
  return items;
}

}  // namespace

namespace {

/// The images `rows`, all without.
IdxImages read_images(const std::string& path, const std::optional<RowRange>& rows, std::size_t of) {
  InputFile file(path);
  const std::vector<std::size_t> header = read_header(file, kImages);
  if (rows && header[0] != of) {
    throw file.error("holds " + format_count(header[0], "image") + ", and there are " +
                     format_count(of, "label"));
  }
  IdxImages images{rows ? rows->count : header[0], header[1], header[2], {}};
  // Both factors are below 2^32.
  if (images.pixels() == 0 || images.pixels() > kMaxIdxPixels) {
    throw file.error("has images of " + std::to_string(images.rows) + " x " + std::to_string(images.columns) +
                     " pixels; 1 to " + std::to_string(kMaxIdxPixels) + " were expected");
  }
  images.bytes = read_items(file, kImages, header[0], images.pixels(), rows.value_or(RowRange{0, header[0]}));
  return images;
}

}  // namespace

IdxImages read_idx_images(const std::string& path) { return read_images(path, std::nullopt, 0); }

IdxImages read_idx_images(const std::string& path, const RowRange& rows, std::size_t of) {
  return read_images(path, rows, of);
}

std::vector<std::uint8_t> read_idx_labels(const std::string& path) {
  InputFile file(path);
  const std::vector<std::size_t> header = read_header(file, kLabels);
  return read_items(file, kLabels, header[0], 1, {0, header[0]});
}

}  // namespace mlpbench
