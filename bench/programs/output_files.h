#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "support/atomic_file.h"
#include "support/error.h"
#include "support/standard_output.h"

namespace mlpbench {

/// The files that a command may be asked for, each by an option; one of them may be "-", stdout.
template <typename Subject>
class OutputFiles {
 public:
  struct File {
    const char *option, *about;
    std::string (*content)(const Subject&);
  };

  explicit OutputFiles(std::span<const File> files) : files_(files), paths_(files.size()) {}

  /// Adds the options to `app`, which this object must outlive.
  void add_to(CLI::App& app, const char* group) {
    for (std::size_t i = 0; i < files_.size(); ++i)
      app.add_option(files_[i].option, paths_[i], files_[i].about)->type_name("FILE")->group(group);
  }

  /// UserError where two are stdout, or one cannot be written.
  void require_writable() const {
    const File* shown = nullptr;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (!is_standard_output(paths_[i])) {
        if (!paths_[i].empty()) mlpbench::require_writable(files_[i].option, paths_[i]);
      } else if (shown != nullptr) {
        throw UserError(fmt::format("{}: {} has stdout", files_[i].option, shown->option));
      } else {
        shown = &files_[i];
      }
    }
  }

  /// Writes those that were asked for. Returns what stdout gets of them, or nothing.
  std::optional<std::string> write(const Subject& subject) const {
    std::optional<std::string> shown;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (is_standard_output(paths_[i])) {
        shown = files_[i].content(subject);
      } else if (!paths_[i].empty()) {
        write_file(files_[i].option, paths_[i], files_[i].content(subject));
      }
    }
    return shown;
  }

  /// The paths of the files that were asked for.
  std::vector<std::string> written() const {
    std::vector<std::string> paths = paths_;
    std::erase_if(paths, [](const std::string& path) { return path.empty() || is_standard_output(path); });
    return paths;
  }

 private:
  std::span<const File> files_;
  std::vector<std::string> paths_;
};

}  // namespace mlpbench
