#include "tests/support/skip.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "support/child_process.h"
#include "tests/catch.h"

namespace mlpbench::test {
namespace {

constexpr uid_t kNobody = 65534;
bool skipped = false;

}  // namespace

void skip(const std::string& reason) {
  skipped = true;
  std::printf("skipped: %s (%s)\n", Catch::getResultCapture().getCurrentTestName().c_str(), reason.c_str());
}

bool any_skipped() noexcept { return skipped; }

bool has_tool(const std::string& program) {
  if (is_installed(program)) return true;
  skip(program + " is not installed");
  return false;
}

OrdinaryUser::OrdinaryUser() {
  if (geteuid() != 0) return;
  const std::string folder = std::filesystem::temp_directory_path();
  // access() asks for the real user, open() for the effective one.
  changed_ = setresuid(kNobody, kNobody, 0) == 0;
  can_test_ = changed_ && eaccess(folder.c_str(), W_OK | X_OK) == 0;
  if (can_test_) return;
  change_back();
  skip("root cannot become an ordinary user who writes into " + folder);
}

OrdinaryUser::~OrdinaryUser() { change_back(); }

void OrdinaryUser::change_back() {
  if (changed_ && setresuid(0, 0, 0) != 0) std::perror("setresuid");
  changed_ = false;
}

}  // namespace mlpbench::test
