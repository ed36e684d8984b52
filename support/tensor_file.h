#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/error.h"

namespace mlpbench {

/// A named array of a TensorFile. Its numbers are little-endian, row by row.
struct Tensor {
  std::string name;
  std::string_view dtype;  ///< "F64", "F32", "U8"
  std::vector<std::size_t> shape;
  std::span<const std::byte> bytes;
};

/// Named arrays and texts in one file of the format safetensors. Python reads it with
/// `safetensors.numpy.load_file`. The file has 8 bytes with the length of a JSON header, the header, the
/// numbers.
///   https://github.com/huggingface/safetensors, "Format"
class TensorFile {
 public:
  using Metadata = std::map<std::string, std::string, std::less<>>;

  /// Reads a whole file. Throws UserError "PATH: what is wrong" when it cannot be read, has another format,
  /// is truncated, or has arrays that overlap or leave gaps.
  explicit TensorFile(const std::string& path);
  TensorFile(const TensorFile&) = delete;  // its tensors lie in its own content
  TensorFile& operator=(const TensorFile&) = delete;

  const Metadata& metadata() const noexcept { return metadata_; }
  const std::vector<Tensor>& tensors() const noexcept { return tensors_; }  ///< in the order of their bytes

  /// The array of that name. UserError without one, or when type or shape are others.
  const Tensor& find(std::string_view name, std::string_view dtype, std::span<const std::size_t> shape) const;

  /// The text of that name. UserError without one.
  const std::string& text(std::string_view name) const;

  /// "PATH: what"
  UserError error(std::string_view what) const;

  /// The content of a file with these texts and arrays. Names must be different.
  static std::string content(const Metadata& metadata, std::span<const Tensor> tensors);

 private:
  void read_header(std::string_view header, std::size_t size);

  std::string path_;
  std::string content_;
  Metadata metadata_;
  std::vector<Tensor> tensors_;
};

}  // namespace mlpbench
