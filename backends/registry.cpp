#include "backends/registry.h"

#include <array>

#include "support/error.h"

namespace mlpbench {

// backend_list.inc is written by backends/CMakeLists.txt, a line for each mlpbench_add_backend() in the same
// order: MLPBENCH_BUILT(name, "flags") or MLPBENCH_NOT_BUILT(name, "reason").
#define MLPBENCH_BUILT(name, flags) BackendEntry name##_backend();
#define MLPBENCH_NOT_BUILT(name, reason)
#include "backend_list.inc"
#undef MLPBENCH_BUILT
#undef MLPBENCH_NOT_BUILT

namespace {

[[maybe_unused]] BackendEntry with_flags(BackendEntry entry, std::string_view flags) {
  entry.flags = flags;
  return entry;
}

[[maybe_unused]] BackendEntry not_built(std::string_view name, std::string_view reason) {
  BackendEntry entry;
  entry.name = name;
  entry.not_built_reason = reason;
  return entry;
}

}  // namespace

std::span<const BackendEntry> all_backends() {
#define MLPBENCH_BUILT(name, flags) with_flags(name##_backend(), flags),
#define MLPBENCH_NOT_BUILT(name, reason) not_built(#name, reason),
  static const std::array entries = {
#include "backend_list.inc"
  };
#undef MLPBENCH_BUILT
#undef MLPBENCH_NOT_BUILT
  return entries;
}

std::string unusable_reason(const BackendEntry& backend) {
  if (!backend.not_built_reason.empty()) return "not built: " + std::string(backend.not_built_reason);
  const std::string missing = missing_feature(backend.required_isa);
  return missing.empty() ? "" : "this CPU lacks " + missing;
}

std::vector<const BackendEntry*> usable_backends() {
  std::vector<const BackendEntry*> usable;
  for (const BackendEntry& entry : all_backends()) {
    if (unusable_reason(entry).empty()) usable.push_back(&entry);
  }
  return usable;
}

const BackendEntry& find_backend(std::string_view name) {
  std::string usable;
  for (const BackendEntry& entry : all_backends()) {
    const std::string reason = unusable_reason(entry);
    if (entry.name == name) {
      if (reason.empty()) return entry;
      throw UserError("--backend " + std::string(name) + ": " + reason);
    }
    if (reason.empty()) usable += (usable.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw UserError("--backend: unknown backend '" + std::string(name) + "'; usable here: " + usable);
}

}  // namespace mlpbench
