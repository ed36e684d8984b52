#include "tests/support/backends.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "support/text.h"
#include "tests/catch.h"
#include "tests/support/skip.h"

namespace mlpbench::test {
namespace {

/// ctest's SKIP_RETURN_CODE in tests/CMakeLists.txt.
constexpr int kExitSkipped = 77;

bool looped = false;
std::vector<std::string> covered;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> names_in(const char* variable) {
  const char* value = std::getenv(variable);
  std::vector<std::string> names;
  std::string_view rest = value == nullptr ? "" : value;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    if (comma > 0) names.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return names;
}

/// Empty: all backends.
std::vector<std::string> selected_names() {
  const std::vector<std::string> names = names_in("MLPBENCH_TEST_BACKENDS");
  for (const std::string& name : names) {
    const auto all = all_backends();
    if (std::none_of(all.begin(), all.end(), [&](const BackendEntry& entry) { return entry.name == name; })) {
      std::fprintf(stderr, "MLPBENCH_TEST_BACKENDS: there is no backend '%s'\n", name.c_str());
      std::exit(2);
    }
  }
  return names;
}

bool is_selected(std::string_view name) {
  static const std::vector<std::string> names = selected_names();
  return names.empty() || contains(names, name);
}

}  // namespace

void for_each_backend(const std::function<void(const BackendEntry&)>& check) {
  looped = true;
  for (const BackendEntry* backend : usable_backends()) {
    if (!is_selected(backend->name)) continue;
    INFO("backend " << backend->name);
    check(*backend);
    if (!contains(covered, backend->name)) covered.emplace_back(backend->name);
  }
}

void for_each_backend(DType dtype, const std::function<void(const BackendEntry&)>& check) {
  for_each_backend([&](const BackendEntry& entry) {
    if (entry.has(dtype)) check(entry);
  });
}

int report_coverage(int session_result) {
  const int passed = any_skipped() || (looped && covered.empty()) ? kExitSkipped : EXIT_SUCCESS;
  if (!looped) return session_result != 0 ? session_result : passed;
  std::printf("covered: %s\n", listed(covered, {}, "no backend").c_str());
  for (const BackendEntry& backend : all_backends()) {
    const std::string reason = unusable_reason(backend);
    if (reason.empty() || !is_selected(backend.name)) continue;
    std::printf("skipped: %s (%s)\n", std::string(backend.name).c_str(), reason.c_str());
  }
  int missing = 0;
  for (const std::string& name : names_in("MLPBENCH_REQUIRE_BACKENDS")) {
    if (!is_selected(name) || contains(covered, name)) continue;
    std::printf("FAILED: MLPBENCH_REQUIRE_BACKENDS names %s, which was not covered\n", name.c_str());
    ++missing;
  }
  if (session_result != 0) return session_result;
  return missing > 0 ? EXIT_FAILURE : passed;
}

}  // namespace mlpbench::test
