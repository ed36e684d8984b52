#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "core/data/random_state.h"
#include "support/atomic_file.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/child.h"
#include "tests/support/skip.h"

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
                      StartsWith("--json: cannot write '") && EndsWith("File too large"));
  }
  CHECK(read_file(path) == "old");
  CHECK(folder.names() == Names{"result"});
}

TEST_CASE("killed while writing, at 200 random moments: the old file or the new one, never a torn one",
          "[nightly]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("result", "");
  // Each content is one letter, so that a mixture or a part shows.
  const auto content = [](int i) { return std::string(400'000, static_cast<char>('a' + i % 26)); };
  const auto is_whole = [](const std::string& text) {
    return text.empty() || (text.size() == 400'000 && text.find_first_not_of(text[0]) == std::string::npos);
  };
  const auto start = std::chrono::steady_clock::now();
  write_file("--json", path, content(0));
  const std::chrono::duration<double> one_write = std::chrono::steady_clock::now() - start;
  RandomState random(7);
  std::size_t torn = 0, changed = 0, left_behind = 0;
  for (int kill = 0; kill < 200; ++kill) {
    const std::string before = read_file(path);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      for (int i = kill;; ++i) write_file("--json", path, content(i));
    }
    std::this_thread::sleep_for(one_write * random.uniform(0.0, 3.0));
    ::kill(child, SIGKILL);
    REQUIRE(waitpid(child, nullptr, 0) == child);
    const std::string after = read_file(path);
    torn += !is_whole(after);
    changed += after != before;
    // What the kill leaves beside the file shows that it came in the middle of a write.
    for (const std::string& name : folder.names()) {
      if (name == "result") continue;
      ++left_behind;
      std::filesystem::remove(folder.file(name));
    }
  }
  INFO(changed << " kills after a write, " << left_behind << " within one");
  CHECK(torn == 0);
  CHECK(changed > 0);
  CHECK(left_behind > 0);
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
  const OrdinaryUser user;
  const TemporaryFolder folder;
  const std::string file = folder.write("file", "content");
  for (const auto& write : {+[](const std::string& path) { require_writable("--json", path); },
                            +[](const std::string& path) { write_file("--json", path, "x"); }}) {
    const auto refuses = [&](const std::string& path, const std::string& why) {
      CHECK_THROWS_WITH(write(path), StartsWith("--json: cannot write '") && ContainsSubstring(why));
    };
    refuses("", "not a file name");
    refuses(folder.file("missing/result"), "missing");
    refuses(folder.file("missing/"), "not a file name");
    refuses(file + "/result", "not a folder");
    refuses(folder.file(""), "folder");
    refuses(std::string("a\0b", 3), "not a file name");
    refuses(folder.file(std::string(300, 'n')), "too long");
    if (!user.can_test()) continue;
    REQUIRE(chmod(file.c_str(), 0400) == 0);
    refuses(file, "Permission denied");
    REQUIRE(chmod(file.c_str(), 0600) == 0);
    REQUIRE(chmod(folder.file("").c_str(), 0500) == 0);
    refuses(folder.file("result"), "Permission denied");
    REQUIRE(chmod(folder.file("").c_str(), 0700) == 0);
  }
  CHECK(folder.names() == Names{"file"});
  CHECK(read_file(file) == "content");
}

TEST_CASE("a device is written directly") {
  write_file("--json", "/dev/null", "x");
  struct stat info {};
  REQUIRE(stat("/dev/null", &info) == 0);
  CHECK(S_ISCHR(info.st_mode));
  CHECK_THROWS_WITH(write_file("--json", "/dev/full", "x"), ContainsSubstring("No space left"));
}

TEST_CASE("a name of 255 characters, the longest there is, can be written") {
  const TemporaryFolder folder;
  const std::string name(255, 'n');
  write_file("--json", folder.file(name), "x");
  CHECK(folder.names() == Names{name});
}

TEST_CASE("half-written files of killed programs are removed by the next, and nothing else is") {
  const TemporaryFolder folder;
  const std::string digits = "0123456789abcdef0123456789abcdef";
  const std::string alive = folder.write(".mlpbench-" + digits + ".tmp", "of a program that writes");
  const int held = open(alive.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(flock(held, LOCK_EX) == 0);
  folder.write(".mlpbench-" + std::string(32, '0') + ".tmp", "of a killed one");
  const Names others = {".mlpbench-" + std::string(31, '0') + ".tmp",
                        ".mlpbench-" + std::string(32, 'G') + ".tmp", ".mlpbench-.tmp", "mlpbench.tmp"};
  for (const std::string& name : others) folder.write(name, "somebody's");
  require_writable("--json", folder.file("record"));
  CHECK(folder.names().size() == others.size() + 1);
  CHECK(std::filesystem::exists(alive));
  for (const std::string& name : others) CHECK(std::filesystem::exists(folder.file(name)));
  close(held);
  require_writable("--json", folder.file("record"));
  CHECK_FALSE(std::filesystem::exists(alive));
}
