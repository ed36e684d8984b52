#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "support/error.h"

namespace mlpbench {

/// A file, opened for reading from its beginning; the size of a regular one is known before anything is
/// allocated.
class InputFile {
 public:
  /// Throws UserError "PATH: what is wrong" when the file is missing, unreadable, a directory or something
  /// else than a regular file.
  explicit InputFile(std::string path) : InputFile(std::move(path), Take::regular_files) {}

  /// streams_too: pipes as well, and "-" for stdin.
  enum class Take { regular_files, streams_too };
  InputFile(std::string path, Take take);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  std::size_t size() const noexcept { return size_; }  ///< bytes, when it was opened; 0 of a stream
  bool is_stream() const noexcept { return is_stream_; }

  /// The next bytes.size() bytes. Throws UserError when the file ends before.
  void read(std::span<std::byte> bytes);

  /// Leaves out the next `bytes` of a regular file.
  void skip(std::size_t bytes);

  /// At least one byte and at most bytes.size(); 0 at the end. Waits for the writer of a stream.
  std::size_t read_some(std::span<std::byte> bytes);

  /// The error to throw about this file: "PATH: what", control characters as \xNN.
  UserError error(std::string_view what) const;

 private:
  std::string path_;
  int descriptor_ = -1;
  std::size_t size_ = 0;
  bool is_stream_ = false;
};

/// The whole content of a regular file or of a pipe, or of stdin for "-". Throws UserError for what InputFile
/// refuses except for pipes, and for a pipe that nobody writes to. Also for more than `most` bytes ("PATH:
/// has ..., more than MOST_TEXT"), and when memory is short.
std::string read_text(const std::string& path, std::size_t most, const char* most_text);

}  // namespace mlpbench
