#include "support/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

[[noreturn]] void refuse(std::string_view option, const std::string& path, std::string_view what) {
  throw UserError(fmt::format("{}: cannot write '{}': {}", option, printable_path(path), what));
}

std::string error_text(int error) { return std::generic_category().message(error); }

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  int get() const noexcept { return fd_; }

  /// Closes now, because a network file system reports some errors only here. Returns 0 or the error.
  int close() noexcept {
    const int fd = std::exchange(fd_, -1);
    return ::close(fd) == 0 ? 0 : errno;
  }

 private:
  int fd_;
};

/// Where the bytes of a file go.
struct Target {
  std::string file;            ///< the path behind symbolic links
  std::string folder;          ///< that holds it
  std::optional<mode_t> mode;  ///< of the file that is there now
  bool direct = false;         ///< a device or pipe
};

Target find_target(std::string_view option, const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) refuse(option, path, "not a file name");
  Target target{.file = path, .folder = {}, .mode = {}};
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) {
    if (S_ISDIR(info.st_mode)) refuse(option, path, "it is a folder");
    if (::access(path.c_str(), W_OK) != 0) refuse(option, path, error_text(errno));
    target.direct = !S_ISREG(info.st_mode);
    target.mode = info.st_mode & 07777;
    const std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr), std::free);
    if (resolved != nullptr) target.file = resolved.get();
  } else if (errno != ENOENT && errno != ENOTDIR) {
    refuse(option, path, error_text(errno));
  }
  const std::size_t slash = target.file.rfind('/');
  target.folder = slash == std::string::npos ? "." : slash == 0 ? "/" : target.file.substr(0, slash);
  if (slash + 1 == target.file.size()) refuse(option, path, "not a file name");

  if (::stat(target.folder.c_str(), &info) != 0) {
    refuse(option, path, fmt::format("folder '{}': {}", printable_path(target.folder), error_text(errno)));
  }
  if (!S_ISDIR(info.st_mode))
    refuse(option, path, fmt::format("'{}' is not a folder", printable_path(target.folder)));
  return target;
}

/// A file beside the target that nobody else knows; removed again unless it is renamed.
class TemporaryFile {
 public:
  TemporaryFile(std::string_view option, const std::string& path, const Target& target)
      : name_(unpredictable_name(target.folder)),
        // O_EXCL: whatever already has this name, a planted symbolic link too, is an error and never written
        // to.
        fd_(::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666)) {
    if (fd_.get() < 0) refuse(option, path, error_text(errno));
  }
  ~TemporaryFile() {
    if (!renamed_) ::unlink(name_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  FileDescriptor& fd() noexcept { return fd_; }

  /// Returns 0 or the error.
  int rename_to(const std::string& file) noexcept {
    renamed_ = ::rename(name_.c_str(), file.c_str()) == 0;
    return renamed_ ? 0 : errno;
  }

 private:
  static std::string unpredictable_name(const std::string& folder) {
    std::array<std::uint64_t, 2> noise{};
    if (::getrandom(noise.data(), sizeof(noise), 0) != sizeof(noise)) {
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    return fmt::format("{}/.mlpbench-{:016x}{:016x}.tmp", folder, noise[0], noise[1]);
  }

  std::string name_;
  FileDescriptor fd_;
  bool renamed_ = false;
};

/// Returns 0 or the error.
int write_all(int fd, std::string_view content) noexcept {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : EIO;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

void write_directly(std::string_view option, const std::string& path, std::string_view content) {
  FileDescriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0) refuse(option, path, error_text(errno));
  int error = write_all(fd.get(), content);
  if (error == 0) error = fd.close();
  if (error != 0) refuse(option, path, error_text(error));
}

}  // namespace

void require_writable(std::string_view option, const std::string& path) {
  const Target target = find_target(option, path);
  if (!target.direct) TemporaryFile(option, path, target);
}

void write_file(std::string_view option, const std::string& path, std::string_view content) {
  const Target target = find_target(option, path);
  if (target.direct) return write_directly(option, path, content);

  TemporaryFile file(option, path, target);
  int error = write_all(file.fd().get(), content);
  if (error == 0 && target.mode && ::fchmod(file.fd().get(), *target.mode) != 0) error = errno;
  if (error == 0 && ::fsync(file.fd().get()) != 0) error = errno;
  if (error == 0) error = file.fd().close();
  if (error == 0) error = file.rename_to(target.file);
  if (error != 0) refuse(option, path, error_text(error));

  // The new name survives a power failure only when the folder is on the disk too. A folder that cannot be
  // synchronised (some file systems refuse) is no reason to call a written file unwritten.
  const FileDescriptor folder(::open(target.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0) static_cast<void>(::fsync(folder.get()));
}

}  // namespace mlpbench
