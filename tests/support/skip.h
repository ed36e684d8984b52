#pragma once

#include <string>

namespace mlpbench::test {

/// The running test case cannot check here what it is for: prints "skipped: TEST CASE (reason)". Its process
/// then ends with ctest's code for "Skipped" unless a case fails. A file is one line of ctest, so that cases
/// which a missing tool can skip lie in files of their own.
void skip(const std::string& reason);

bool any_skipped() noexcept;

/// Whether the PATH has the program; else skip().
bool has_tool(const std::string& program);

/// No file refuses anything to root. For the lifetime of the object a process of root has the rights of user
/// 65534 (nobody). Files and folders of the test are made after it.
class OrdinaryUser {
 public:
  OrdinaryUser();
  ~OrdinaryUser();
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;

  /// False, after skip(), where root cannot become that user, or the user has no folder for temporary files.
  bool can_test() const noexcept { return can_test_; }

 private:
  void change_back();

  bool changed_ = false, can_test_ = true;
};

}  // namespace mlpbench::test
