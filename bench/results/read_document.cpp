#include "bench/results/document.h"
#include "support/input_file.h"
#include "support/json_fields.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

constexpr int kDeepest = 64;

struct TooDeep {};

/// The JSON of a file.
ordered_json load_json(const std::string& path) {
  InputFile file(path);
  if (file.size() > kMaxResultsBytes) {
    throw file.error("has " + std::to_string(file.size()) + " bytes, more than 64 MiB");
  }
  std::string text(file.size(), '\0');
  file.read(std::as_writable_bytes(std::span(text)));
  // The JSON library takes a NUL for the end of the text.
  if (const std::size_t nul = text.find('\0'); nul != std::string::npos) {
    throw file.error("is no JSON: byte " + std::to_string(nul + 1) + " is a NUL");
  }
  const auto shallow = [](int depth, ordered_json::parse_event_t, ordered_json&) {
    if (depth > kDeepest) throw TooDeep{};
    return true;
  };
  try {
    return ordered_json::parse(text, shallow);
  } catch (const TooDeep&) {
    throw file.error("is nested deeper than " + std::to_string(kDeepest));
  } catch (const ordered_json::parse_error& error) {
    throw file.error("is no JSON, or not all of it, from byte " + std::to_string(error.byte));
  } catch (const ordered_json::out_of_range&) {
    throw file.error("has a number beyond 1.8e308");
  }
}

}  // namespace

Document read_document(const std::string& path) { return document_of(load_json(path), path); }

}  // namespace mlpbench
