#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "core/error.h"
#include "experiments/cli/atomic_file.h"
#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench;
using namespace mlpbench::test;
using Names = std::vector<std::string>;

namespace {

mode_t mode_of(const std::string& path) {
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  return info.st_mode & 07777;
}

/// Files of this process cannot grow beyond `bytes` while the object lives: a disk that fills up during a
/// write.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("write_file writes a new file and replaces an old one whole") {
  const TemporaryFolder folder;
  const std::string path = folder.file("result");
  write_file("--json", path, "a long first content");
  CHECK(read_file(path) == "a long first content");
  write_file("--json", path, "short");
  CHECK(read_file(path) == "short");
  write_file("--json", path, "");
  CHECK(read_file(path).empty());
  CHECK(folder.names() == Names{"result"});
}

TEST_CASE("a write that fails in the middle leaves the old content and nothing else") {
  const TemporaryFolder folder;
  const std::string path = folder.write("result", "old");
  {
    const FileSizeLimit limit(1000);
    CHECK_THROWS_WITH(write_file("--json", path, std::string(100'000, 'x')),
                      Catch::StartsWith("--json: cannot write '") && Catch::EndsWith("File too large"));
  }
  CHECK(read_file(path) == "old");
  CHECK(folder.names() == Names{"result"});
}

TEST_CASE("write_file keeps permissions and symbolic links") {
  const TemporaryFolder folder;
  const std::string path = folder.write("result", "old");
  REQUIRE(chmod(path.c_str(), 0640) == 0);
  std::filesystem::create_symlink("result", folder.file("link"));
  write_file("--json", folder.file("link"), "new");
  CHECK(std::filesystem::is_symlink(folder.file("link")));
  CHECK(read_file(path) == "new");
  CHECK(mode_of(path) == 0640);

  const mode_t mask = umask(027);
  write_file("--json", folder.file("fresh"), "x");
  umask(mask);
  CHECK(mode_of(folder.file("fresh")) == 0640);
}

TEST_CASE("require_writable leaves nothing behind and changes nothing") {
  const TemporaryFolder folder;
  const std::string path = folder.write("result", "old");
  const auto before = std::filesystem::last_write_time(path);
  require_writable("--json", path);
  require_writable("--json", folder.file("new"));
  CHECK(folder.names() == Names{"result"});
  CHECK(read_file(path) == "old");
  CHECK(std::filesystem::last_write_time(path) == before);
}

TEST_CASE("what cannot be written is a UserError that names option and path") {
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "content");
  for (const auto& write : {+[](const std::string& path) { require_writable("--json", path); },
                            +[](const std::string& path) { write_file("--json", path, "x"); }}) {
    const auto refuses = [&](const std::string& path, const std::string& why) {
      CHECK_THROWS_WITH(write(path), Catch::StartsWith("--json: cannot write '") && Catch::Contains(why));
    };
    refuses("", "not a file name");
    refuses(folder.file("missing/result"), "missing");
    refuses(folder.file("missing/"), "not a file name");
    refuses(file + "/result", "not a folder");
    refuses(folder.file(""), "folder");
    refuses(std::string("a\0b", 3), "not a file name");
    refuses(folder.file(std::string(300, 'n')), "too long");
    if (geteuid() != 0) {  // root may write anywhere
      REQUIRE(chmod(file.c_str(), 0400) == 0);
      refuses(file, "Permission denied");
      REQUIRE(chmod(file.c_str(), 0600) == 0);
      REQUIRE(chmod(folder.file("").c_str(), 0500) == 0);
      refuses(folder.file("result"), "Permission denied");
      REQUIRE(chmod(folder.file("").c_str(), 0700) == 0);
    }
  }
  CHECK(folder.names() == Names{"file"});
  CHECK(read_file(file) == "content");
}

TEST_CASE("a device is written directly") {
  write_file("--json", "/dev/null", "x");
  struct stat info {};
  REQUIRE(stat("/dev/null", &info) == 0);
  CHECK(S_ISCHR(info.st_mode));
  CHECK_THROWS_WITH(write_file("--json", "/dev/full", "x"), Catch::Contains("No space left"));
}

TEST_CASE("a name of 255 characters, the longest there is, can be written") {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  write_file("--json", folder.file(name), "x");
  CHECK(folder.names() == Names{name});
}
