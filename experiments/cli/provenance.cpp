#include "experiments/cli/provenance.h"

#include <fmt/format.h>
#include <gnu/libc-version.h>

#include <CLI/Version.hpp>
#include <nlohmann/json.hpp>

#include "core/training/thread_pool.h"
#include "git_version.h"

namespace mlpbench {
namespace {

std::string compiler() {
#if defined(__clang__)
  return fmt::format("Clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#elif defined(__GNUC__)
  return fmt::format("GCC {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#else
  return "unknown";
#endif
}

constexpr std::string_view build_type() {
  constexpr std::string_view type = MLPBENCH_BUILD_TYPE;
  return type.empty() ? "unknown" : type;
}

/// "oneTBB 2021.8" as a library and its version.
std::pair<std::string, std::string> named(const std::string& name_and_version) {
  const std::size_t blank = name_and_version.find(' ');
  return {name_and_version.substr(0, blank), name_and_version.substr(blank + 1)};
}

Named<std::string> libraries() {
  Named<std::string> libraries = {
      {"libc", ::gnu_get_libc_version()},
      {"libstdc++", std::to_string(__GLIBCXX__)},
      {"fmt", fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100)},
      {"nlohmann_json", fmt::format("{}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                                    NLOHMANN_JSON_VERSION_PATCH)},
      {"CLI11", CLI11_VERSION},
  };
  for (const BackendEntry& entry : all_backends()) {
    const std::string version = entry.library ? entry.library().version : "";
    if (!version.empty()) libraries.push_back(named(version));
  }
  libraries.push_back(named(thread_library()));
  return libraries;
}

}  // namespace

BuildFacts build_facts(const BackendEntry* backend) {
  BuildFacts build;
  build.mlpbench = MLPBENCH_VERSION;
  build.git_commit = MLPBENCH_GIT_COMMIT;
  build.git_commit_date = MLPBENCH_GIT_COMMIT_DATE;
  if (MLPBENCH_GIT_DIRTY >= 0) build.git_dirty = MLPBENCH_GIT_DIRTY == 1;
  build.compiler = compiler();
  build.build_type = build_type();
  if (backend != nullptr) {
    build.backend_flags = backend->flags;
  } else {
    for (const BackendEntry& entry : all_backends()) {
      build.flags.emplace_back(entry.name, entry.not_built_reason.empty() ? entry.flags : "not built");
    }
  }
  build.libraries = libraries();
  return build;
}

std::string version_line() {
  const std::string_view commit = MLPBENCH_GIT_COMMIT;
  return fmt::format("mlpbench {} (commit {}{}; {}, {})", MLPBENCH_VERSION, commit.substr(0, 12),
                     MLPBENCH_GIT_DIRTY == 1 ? " with changes" : "", compiler(), build_type());
}

}  // namespace mlpbench
