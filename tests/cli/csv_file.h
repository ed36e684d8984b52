#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tests/catch.h"
#include "tests/support/child.h"

namespace mlpbench::test {

/// `rows` lines "i % 7, i % 5, target" under `header`.
template <typename F>
std::string rows_of(std::size_t rows, F target_of, const std::string& header = "a,b,y") {
  std::string text = header + "\n";
  for (std::size_t i = 0; i < rows; ++i) {
    text += std::to_string(i % 7) + "," + std::to_string(i % 5) + "," + target_of(i) + "\n";
  }
  return text;
}

inline const char* of_three(std::size_t i, const char* first, const char* second, const char* third) {
  return i % 3 == 0 ? first : i % 3 == 1 ? second : third;
}

/// A file of a text, and train_csv on it for two epochs.
class File {
 public:
  explicit File(const std::string& text, const std::string& name = "f.csv")
      : path_(folder_.write(name, text)) {}

  Finished train(const std::vector<std::string>& more = {}) const {
    return run("train_csv", joined({path_, "--target", "y", "--epochs", "2"}, more));
  }

  nlohmann::json record(const std::vector<std::string>& more = {}) const {
    const Finished finished = train(joined({"--json", "-"}, more));
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    return nlohmann::json::parse(finished.out);
  }

  /// The one line of a refusal, without the path.
  std::string refusal(const std::vector<std::string>& more = {}) const {
    const Finished finished = train(joined({"--quiet"}, more));
    INFO(finished.out << finished.err);
    CHECK(finished.exit_code == 2);
    CHECK(finished.out.empty());
    CHECK(finished.error_lines() == 1);
    const std::size_t at = finished.err.find(path_);
    return at == std::string::npos ? finished.err : finished.err.substr(at + path_.size());
  }

  const std::string& path() const { return path_; }

 private:
  TemporaryFolder folder_;
  std::string path_;
};

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace mlpbench::test
