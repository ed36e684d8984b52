#include "backends/registry.h"

#include <cstdlib>

#include "backends/blas_libraries.h"
#include "support/error.h"

namespace mlpbench {

// backend_list.inc is written by backends/CMakeLists.txt, a line for each mlpbench_add_backend() in the same
// order: MLPBENCH_BUILT(name, "flags"), MLPBENCH_FAMILY(name, "flags") for several backends of one folder, or
// MLPBENCH_NOT_BUILT(name, "reason").
#define MLPBENCH_BUILT(name, flags) BackendEntry name##_backend();
#define MLPBENCH_FAMILY(name, flags) std::vector<BackendEntry> name##_backends();
#define MLPBENCH_NOT_BUILT(name, reason)
#include "backend_list.inc"
#undef MLPBENCH_BUILT
#undef MLPBENCH_FAMILY
#undef MLPBENCH_NOT_BUILT

namespace {

/// The other name of a backend.
constexpr std::string_view kBlas = "blas", kBlasMeans = "openblas";

/// What --backend takes for every backend.
constexpr std::string_view kAll = "all";

/// More backends than this cannot be added: pointers to entries stay valid because they never move.
constexpr std::size_t kMaxBackends = 64;

void append(std::vector<BackendEntry>& entries, BackendEntry entry, std::string_view flags) {
  if (entries.size() == kMaxBackends) throw UserError("more than 64 backends");
  if (!flags.empty()) entry.flags = flags;
  entries.push_back(std::move(entry));
}

[[maybe_unused]] void append(std::vector<BackendEntry>& entries, std::vector<BackendEntry> family,
                             std::string_view flags) {
  for (BackendEntry& entry : family) append(entries, std::move(entry), flags);
}

[[maybe_unused]] BackendEntry not_built(std::string_view name, std::string_view reason) {
  BackendEntry entry;
  entry.name = name;
  entry.not_built_reason = reason;
  return entry;
}

std::vector<BackendEntry> built_backends() {
  std::vector<BackendEntry> entries;
  entries.reserve(kMaxBackends);
#define MLPBENCH_BUILT(name, flags) append(entries, name##_backend(), flags);
#define MLPBENCH_FAMILY(name, flags) append(entries, name##_backends(), flags);
#define MLPBENCH_NOT_BUILT(name, reason) append(entries, not_built(#name, reason), "");
#include "backend_list.inc"
#undef MLPBENCH_BUILT
#undef MLPBENCH_FAMILY
#undef MLPBENCH_NOT_BUILT
  return entries;
}

std::vector<BackendEntry>& mutable_backends() {
  static std::vector<BackendEntry> entries = built_backends();
  return entries;
}

}  // namespace

std::string BackendEntry::isa_text() const {
  if (!library) return std::string(to_string(required_isa));
  const LibraryReport report = library();
  std::string text = report.version + (report.kernels.empty() ? "" : " " + report.kernels);
  if (report.kernels.empty()) return text;
  text += " (" + std::string(to_string(report.isa)) + ")";
  if (report.isa < best_isa()) text += ", less than this CPU's " + std::string(to_string(best_isa()));
  return text;
}

std::string_view meant_backend(std::string_view name) noexcept { return name == kBlas ? kBlasMeans : name; }

std::span<const BackendEntry> all_backends() {
  mutable_backends();  // before a library of the user's is among those of the family
  [[maybe_unused]] static const bool named = [] {
    const char* const text = std::getenv(kBlasVariable);
    if (text != nullptr && *text != '\0') add_blas_libraries(kBlasVariable, text);
    return true;
  }();
  return mutable_backends();
}

void add_backend(BackendEntry entry) {
  for (const BackendEntry& known : mutable_backends()) {
    if (known.name == entry.name || entry.name == kBlas || entry.name == kAll) {
      throw UserError("backend '" + std::string(entry.name) + "' is there already");
    }
  }
  append(mutable_backends(), std::move(entry), "");
}

std::string unusable_reason(const BackendEntry& backend) {
  if (!backend.not_built_reason.empty()) return "not built: " + std::string(backend.not_built_reason);
  const std::string missing = missing_feature(backend.required_isa);
  if (!missing.empty()) return "this CPU lacks " + missing;
  return backend.refusal ? backend.refusal() : "";
}

std::vector<const BackendEntry*> usable_backends() {
  std::vector<const BackendEntry*> usable;
  for (const BackendEntry& entry : all_backends()) {
    if (unusable_reason(entry).empty()) usable.push_back(&entry);
  }
  return usable;
}

const BackendEntry& find_backend(std::string_view name) {
  const std::string_view meant = meant_backend(name);
  for (const BackendEntry& entry : all_backends()) {
    if (entry.name != meant) continue;
    const std::string reason = unusable_reason(entry);
    if (reason.empty()) return entry;
    throw UserError("--backend " + std::string(name) + ": " + reason);
  }
  std::string usable;
  for (const BackendEntry* entry : usable_backends()) {
    usable += (usable.empty() ? "" : ", ") + std::string(entry->name);
  }
  throw UserError("--backend: unknown backend '" + std::string(name) + "'; usable here: " + usable);
}

}  // namespace mlpbench
