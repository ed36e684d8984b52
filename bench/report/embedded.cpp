#include "bench/report/embedded.h"

#include <fmt/format.h>

#include <span>

#include "support/digest.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

std::size_t bytes_of(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace).size();
}

void drop_from_records(ordered_json& json) {
  for (ordered_json& entry : json.at("cases")) {
    if (!entry.contains("record")) continue;
    for (const char* key : {"loss_curve", "extra"}) entry["record"].erase(key);
  }
}

/// "'sha256-...'" of a part of the page.
std::string hash_source(Literal part) {
  Sha256 sha;
  sha.add(std::as_bytes(std::span(part.view())));
  return "'sha256-" + base64(sha.digest()) + "'";
}

}  // namespace

Embedded embedded_results(const Document& document, std::size_t most_bytes) {
  const auto fits = [most_bytes](const ordered_json& json) { return bytes_of(json) <= most_bytes; };
  Embedded embedded{
      json_of(document),
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
