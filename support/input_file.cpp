#include "support/input_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "support/memory.h"
#include "support/text.h"

namespace mlpbench {
namespace {

std::string cannot_be_read(int code) { return "cannot be read: " + std::generic_category().message(code); }

}  // namespace

InputFile::InputFile(std::string path, Take take) : path_(std::move(path)) {
  if (take == Take::streams_too && path_ == "-") {
    path_ = "stdin";
    descriptor_ = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
    if (descriptor_ < 0) throw error(cannot_be_read(errno));
    is_stream_ = true;
    return;
  }
  // O_NONBLOCK: opening a FIFO without a writer would wait for ever. It changes nothing for a regular file.
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) throw error(cannot_be_read(errno));
  struct stat status {};
  std::string wrong;
  if (::fstat(descriptor_, &status) != 0) {
    wrong = cannot_be_read(errno);
  } else if (S_ISDIR(status.st_mode)) {
    wrong = "is a directory";
  } else if (take == Take::streams_too && S_ISFIFO(status.st_mode)) {
    is_stream_ = true;
  } else if (!S_ISREG(status.st_mode)) {
    wrong = "is not a regular file";
  }
  if (!wrong.empty()) {
    ::close(descriptor_);
    throw error(wrong);
  }
  if (!is_stream_) size_ = static_cast<std::size_t>(status.st_size);
}

InputFile::~InputFile() { ::close(descriptor_); }

std::size_t InputFile::read_some(std::span<std::byte> bytes) {
  for (;;) {
    const ssize_t count = ::read(descriptor_, bytes.data(), bytes.size());
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno == EAGAIN) {  // the writer of the pipe is slow
      pollfd ready{descriptor_, POLLIN, 0};
      ::poll(&ready, 1, -1);
    } else if (errno != EINTR) {
      throw error(cannot_be_read(errno));
    }
  }
}

void InputFile::skip(std::size_t bytes) {
  if (::lseek(descriptor_, static_cast<off_t>(bytes), SEEK_CUR) < 0) throw error(cannot_be_read(errno));
}

void InputFile::read(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const std::size_t count = read_some(bytes);
    if (count == 0) throw error("became shorter while it was read");
    bytes = bytes.subspan(count);
  }
}

std::string read_text(const std::string& path, std::size_t most, const char* most_text) {
  constexpr std::size_t kFirstRoom = std::size_t{1} << 20;
  InputFile file(path, InputFile::Take::streams_too);
  std::string text;
  if (!file.is_stream()) {
    if (file.size() > most) {
      throw file.error("has " + std::to_string(file.size()) + " bytes, more than " + most_text);
    }
    require_memory(printable_path(path), "its text", static_cast<double>(file.size()));
    text.resize(file.size());
    file.read(std::as_writable_bytes(std::span(text)));
    return text;
  }
  for (std::size_t filled = 0;;) {
    if (filled == text.size()) {
      const std::size_t room = std::clamp(2 * filled, kFirstRoom, most + 1);
      require_memory(printable_path(path), "its text", static_cast<double>(room + filled));
      text.resize(room);
    }
    const std::size_t count = file.read_some(std::as_writable_bytes(std::span(text)).subspan(filled));
    filled += count;
    if (filled > most) throw file.error(std::string("has more than ") + most_text);
    if (count > 0) continue;
    if (filled == 0 && path != "-") throw file.error("is a pipe that nobody writes to");
    text.resize(filled);
    return text;
  }
}

UserError InputFile::error(std::string_view what) const {
  return UserError(printable_path(path_).append(": ").append(what));
}

}  // namespace mlpbench
