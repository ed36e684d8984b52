#include "support/digest.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "support/input_file.h"

namespace mlpbench {
namespace {

void require(int status) {
  if (status != 1) throw std::runtime_error("OpenSSL refuses SHA-256");
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
  require(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

void Sha256::add(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::array<std::byte, 32> Sha256::digest() {
  std::array<std::byte, 32> digest;
  require(EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr));
  return digest;
}

std::string Sha256::hex() {
  std::string text;
  for (const std::byte byte : digest()) text += fmt::format("{:02x}", byte);
  return text;
}

std::string sha256_of_numbers(std::span<const double> numbers) {
  static_assert(std::endian::native == std::endian::little);
  Sha256 sha;
  for (double number : numbers) {
    if (std::isnan(number)) number = std::numeric_limits<double>::quiet_NaN();
    sha.add(std::as_bytes(std::span(&number, 1)));
  }
  return sha.hex();
}

std::string sha256_of_file(const std::string& path) {
  InputFile file(path);
  std::vector<std::byte> piece(std::size_t{1} << 20);
  Sha256 sha;
  for (std::size_t left = file.size(); left > 0; left -= piece.size()) {
    piece.resize(std::min(piece.size(), left));
    file.read(piece);
    sha.add(piece);
  }
  return sha.hex();
}

std::string base64(std::span<const std::byte> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  return text;  // its terminating zero was written over by one
}

}  // namespace mlpbench
