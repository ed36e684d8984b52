#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct evp_md_ctx_st;

namespace mlpbench {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces, by OpenSSL's libcrypto.
class Sha256 {
 public:
  Sha256();

  void add(std::span<const std::byte> bytes);

  /// Of all bytes so far. The object is used up, here and below.
  std::array<std::byte, 32> digest();

  /// The same as 64 hexadecimal digits.
  std::string hex();

 private:
  std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

/// SHA-256 of the numbers' bytes, least significant first. All NaN count as one, because processors differ in
/// theirs.
std::string sha256_of_numbers(std::span<const double> numbers);

/// SHA-256 of a file's content as 64 hexadecimal digits. Throws UserError for what InputFile refuses.
std::string sha256_of_file(const std::string& path);

/// Base64 with padding and without line breaks (RFC 4648, section 4). Up to 1 GiB.
std::string base64(std::span<const std::byte> bytes);

}  // namespace mlpbench
