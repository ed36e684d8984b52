#include "bench/report/embedded.h"

#include <fmt/format.h>

#include <array>
#include <span>

#include "bench/report/page_parts.h"
#include "core/data/sha256.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

std::size_t bytes_of(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace).size();
}

void drop_from_records(ordered_json& json) {
  for (ordered_json& entry : json.at("cases")) {
    if (!entry.contains("record")) continue;
    for (const char* key : {"loss_curve", "loss_per_epoch", "mean_loss_per_epoch", "extra"})
      entry["record"].erase(key);
  }
}

std::string base64(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k > bytes.size() ? '=' : kDigits[group >> (18 - 6 * k) & 63];
    }
  }
  return text;
}

/// "'sha256-...'" of a part of the page.
std::string hash_source(Literal part) {
  Sha256 sha;
  sha.add(std::as_bytes(std::span(part.view())));
  const std::string hex = sha.hex();
  std::array<unsigned char, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<unsigned char>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  }
  return "'sha256-" + base64(bytes) + "'";
}

}  // namespace

Embedded embedded_results(const Document& document, std::size_t most_bytes) {
  const auto fits = [most_bytes](const ordered_json& json) { return bytes_of(json) <= most_bytes; };
  Embedded embedded{
      document.json,
      "This page holds all of its numbers: the element #results of its source is results.json."};
  if (fits(embedded.json)) return embedded;
  drop_from_records(embedded.json);
  std::string missing = "the losses of the cases and the numbers of single experiments";
  for (const char* section : {"boundaries", "curves", "roofline", "scaling", "time_to_accuracy"}) {
    if (fits(embedded.json)) break;
    if (embedded.json.erase(section) > 0) missing += fmt::format(", {}", section);
  }
  if (!fits(embedded.json)) {
    return {nullptr, "The numbers are too many for this page: results.json has them."};
  }
  embedded.note = fmt::format(
      "This page holds its numbers, in the element #results of its source: results.json without {}.",
      missing);
  return embedded;
}

std::string content_security_policy() {
  return fmt::format(
      "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
      hash_source(kPageStyle), hash_source(kPageScript));
}

}  // namespace mlpbench
