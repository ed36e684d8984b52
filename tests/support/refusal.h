#pragma once

#include <string>

#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

namespace mlpbench::test {

/// The message of the UserError that reading a file with these bytes ends in. It is one line without the path
/// that it begins with, and empty when the file is read.
template <typename Reader>
std::string refusal_of(const std::string& bytes, Reader read) {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", bytes);
  try {
    read(path);
  } catch (const UserError& error) {
    const std::string text = error.what();
    REQUIRE(text.starts_with(path + ": "));
    REQUIRE(text.find('\n') == std::string::npos);
    return text.substr(path.size() + 2);
  }
  return "";
}

}  // namespace mlpbench::test
