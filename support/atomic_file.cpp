#include "support/atomic_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>

#include "support/error.h"
#include "support/file_descriptor.h"
#include "support/text.h"

namespace mlpbench {
namespace {

[[noreturn]] void refuse(std::string_view option, const std::string& path, std::string_view what) {
  throw UserError(fmt::format("{}: cannot write '{}': {}", option, printable_path(path), what));
}

std::string error_text(int error) { return std::generic_category().message(error); }

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

constexpr std::string_view kTemporaryBegin = ".mlpbench-", kTemporaryEnd = ".tmp";
constexpr std::size_t kTemporaryDigits = 32;

/// A file beside the target that nobody else knows; removed again unless it is renamed. It is locked while
/// it is written, so that those of killed programs can be told from it.
class TemporaryFile {
 public:
  TemporaryFile(std::string_view option, const std::string& path, const Target& target) {
    do {
      name_ = unpredictable_name(target.folder);
      // O_EXCL: an existing file of this name is an error and is never written to, a planted symbolic link
      // included.
      fd_ = FileDescriptor(::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
      if (fd_.get() < 0) refuse(option, path, error_text(errno));
    } while (!lock());
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

  /// Removes those that killed programs have left in a folder.
  static void remove_stale(const std::string& folder) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      const std::string name = entry.path().filename();
      if (!is_temporary(name)) continue;
      const FileDescriptor file(::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
      if (file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(entry.path().c_str());
    }
  }

 private:
  static std::string unpredictable_name(const std::string& folder) {
    std::array<std::uint64_t, 2> noise{};
    if (::getrandom(noise.data(), sizeof(noise), 0) != sizeof(noise)) {
      throw std::system_error(errno, std::generic_category(), "getrandom");
    }
    return fmt::format("{}/{}{:016x}{:016x}{}", folder, kTemporaryBegin, noise[0], noise[1], kTemporaryEnd);
  }

  static bool is_temporary(std::string_view name) {
    if (!name.starts_with(kTemporaryBegin) || !name.ends_with(kTemporaryEnd)) return false;
    name.remove_prefix(kTemporaryBegin.size());
    name.remove_suffix(kTemporaryEnd.size());
    return name.size() == kTemporaryDigits &&
           name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  }

  /// False where remove_stale() of another program was between the creation and the lock. A file system
  /// without locks has no remove_stale() either.
  bool lock() noexcept {
    struct stat info {};
    const bool locked = ::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
    return locked && (::fstat(fd_.get(), &info) != 0 || info.st_nlink > 0);
  }

  std::string name_;
  FileDescriptor fd_;
  bool renamed_ = false;
};

void write_directly(std::string_view option, const std::string& path, std::string_view content) {
  FileDescriptor fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (fd.get() < 0) refuse(option, path, error_text(errno));
  int error = fd.write(content);
  if (error == 0) error = fd.close();
  if (error != 0) refuse(option, path, error_text(error));
}

}  // namespace

void require_writable(std::string_view option, const std::string& path) {
  const Target target = find_target(option, path);
  if (target.direct) return;
  TemporaryFile::remove_stale(target.folder);
  TemporaryFile(option, path, target);
}

void write_file(std::string_view option, const std::string& path, std::string_view content) {
  const Target target = find_target(option, path);
  if (target.direct) return write_directly(option, path, content);

  TemporaryFile file(option, path, target);
  int error = file.fd().write(content);
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
