#include "support/tensor_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <nlohmann/json.hpp>

#include "support/input_file.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using nlohmann::ordered_json;

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie in memory");

constexpr std::string_view kMetadata = "__metadata__";

/// The header ends on a multiple of this, so that the numbers are aligned in a mapped file.
constexpr std::size_t kAligned = 8;

struct ElementType {
  std::string_view name;
  std::size_t bytes;
};
constexpr ElementType kTypes[] = {{"F64", 8}, {"F32", 4}, {"U8", 1}};

/// Whether so many elements of the shape take `bytes` bytes.
bool fits(const ElementType& type, std::span<const std::size_t> shape, std::size_t bytes) {
  std::size_t size = type.bytes;
  for (const std::size_t count : shape) {
    if (__builtin_mul_overflow(size, count, &size)) return false;
  }
  return size == bytes;
}

std::string shape_text(std::span<const std::size_t> shape) {
  return fmt::format("({})", fmt::join(shape, ", "));
}

}  // namespace

TensorFile::TensorFile(const std::string& path) : path_(path) {
  InputFile file(path);
  content_.resize(file.size());
  file.read(std::as_writable_bytes(std::span(content_)));
  std::uint64_t size = 0;
  if (content_.size() < sizeof size) throw error("is too short for a safetensors file");
  std::memcpy(&size, content_.data(), sizeof size);
  if (size > content_.size() - sizeof size) throw error("is not a safetensors file, or is truncated");
  read_header(std::string_view(content_).substr(sizeof size, size), sizeof size + size);
}

void TensorFile::read_header(std::string_view text, std::size_t data_begins) {
  const UserError wrong = error("is not a safetensors file: its header is not what the format says");
  const std::span<const std::byte> data = std::as_bytes(std::span(content_)).subspan(data_begins);
  std::size_t end = 0;
  try {
    const ordered_json header = ordered_json::parse(text);
    if (!header.is_object()) throw wrong;
    for (const auto& [name, entry] : header.items()) {
      if (name == kMetadata) {
        metadata_ = entry.get<Metadata>();
        continue;
      }
      const std::string dtype = entry.at("dtype");
      const auto shape = entry.at("shape").get<std::vector<std::size_t>>();
      const auto offsets = entry.at("data_offsets").get<std::vector<std::size_t>>();
      const auto* const type = std::ranges::find(kTypes, dtype, &ElementType::name);
      if (type == std::end(kTypes) || offsets.size() != 2 || offsets[1] < offsets[0]) throw wrong;
      if (!fits(*type, shape, offsets[1] - offsets[0])) throw wrong;
      if (offsets[1] > data.size()) throw error("is truncated: '" + printable(name) + "' ends beyond it");
      tensors_.push_back({name, type->name, shape, data.subspan(offsets[0], offsets[1] - offsets[0])});
    }
  } catch (const nlohmann::json::exception&) {
    throw wrong;
  }
  std::ranges::sort(tensors_, std::less<>(), [](const Tensor& tensor) { return tensor.bytes.data(); });
  for (const Tensor& tensor : tensors_) {
    if (tensor.bytes.data() != data.data() + end) throw wrong;
    end += tensor.bytes.size();
  }
  if (end != data.size()) throw wrong;
}

const Tensor& TensorFile::find(std::string_view name, std::string_view dtype,
                               std::span<const std::size_t> shape) const {
  const auto found = std::ranges::find(tensors_, name, &Tensor::name);
  if (found == tensors_.end()) throw error(fmt::format("has no '{}'", name));
  if (found->dtype != dtype) throw error(fmt::format("'{}' is {}, not {}", name, found->dtype, dtype));
  if (!std::ranges::equal(found->shape, shape)) {
    throw error(
        fmt::format("'{}' has the shape {}, not {}", name, shape_text(found->shape), shape_text(shape)));
  }
  return *found;
}

const std::string& TensorFile::text(std::string_view name) const {
  const auto found = metadata_.find(name);
  if (found == metadata_.end())
    throw error(fmt::format("has no metadata '{}': not written by mlpbench", name));
  return found->second;
}

UserError TensorFile::error(std::string_view what) const {
  return UserError(printable_path(path_) + ": " + std::string(what));
}

std::string TensorFile::content(const Metadata& metadata, std::span<const Tensor> tensors) {
  ordered_json header = {{kMetadata, metadata}};
  std::size_t offset = 0;
  for (const Tensor& tensor : tensors) {
    header[tensor.name] = {{"dtype", tensor.dtype},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, offset + tensor.bytes.size()}}};
    offset += tensor.bytes.size();
  }
  std::string text = header.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  text.resize((text.size() + kAligned - 1) / kAligned * kAligned, ' ');
  const std::uint64_t size = text.size();
  std::string content(sizeof size, '\0');
  std::memcpy(content.data(), &size, sizeof size);
  content += text;
  for (const Tensor& tensor : tensors) {
    content.append(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  }
  return content;
}

}  // namespace mlpbench
