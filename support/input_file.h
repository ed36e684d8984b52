#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "support/error.h"

namespace mlpbench {

/// A regular file, opened for reading from its beginning; its size is known before anything is allocated.
class InputFile {
 public:
  /// Throws UserError "PATH: what is wrong" when the file is missing, unreadable, a directory or something
  /// else than a regular file.
  explicit InputFile(std::string path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::size_t size() const noexcept { return size_; }  ///< bytes, when it was opened

  /// The next bytes.size() bytes. Throws UserError when the file ends before.
  void read(std::span<std::byte> bytes);

  /// The error to throw about this file: "PATH: what", control characters as \xNN.
  UserError error(std::string_view what) const;

 private:
  std::string path_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
};

}  // namespace mlpbench
