#include "support/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "support/text.h"

namespace mlpbench {
namespace {

std::string cannot_be_read(int code) { return "cannot be read: " + std::generic_category().message(code); }

}  // namespace

InputFile::InputFile(std::string path) : path_(std::move(path)) {
  // O_NONBLOCK: opening a FIFO without a writer would wait for ever. It changes nothing for a regular file.
  descriptor_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) throw error(cannot_be_read(errno));
  struct stat status {};
  std::string wrong;
  if (::fstat(descriptor_, &status) != 0) {
    wrong = cannot_be_read(errno);
  } else if (S_ISDIR(status.st_mode)) {
    wrong = "is a directory";
  } else if (!S_ISREG(status.st_mode)) {
    wrong = "is not a regular file";
  }
  if (!wrong.empty()) {
    ::close(descriptor_);
    throw error(wrong);
  }
  size_ = static_cast<std::size_t>(status.st_size);
}

InputFile::~InputFile() { ::close(descriptor_); }

void InputFile::read(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::read(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw error(cannot_be_read(errno));
    if (count == 0) throw error("became shorter while it was read");
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

UserError InputFile::error(std::string_view what) const {
  return UserError(printable_path(path_).append(": ").append(what));
}

}  // namespace mlpbench
