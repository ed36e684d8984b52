#pragma once

#include <unistd.h>

#include <cerrno>
#include <string_view>
#include <utility>

namespace mlpbench {

/// An open file; -1 is none.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }

  int get() const noexcept { return fd_; }

  /// Closes now, because a network file system reports some errors only here. Returns 0 or the error.
  int close() noexcept {
    const int fd = std::exchange(fd_, -1);
    return ::close(fd) == 0 ? 0 : errno;
  }

  /// Writes all of `content`. Returns 0 or the error.
  int write(std::string_view content) const noexcept {
    while (!content.empty()) {
      const ssize_t written = ::write(fd_, content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return written < 0 ? errno : EIO;
      content.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
  }

 private:
  int fd_;
};

}  // namespace mlpbench
