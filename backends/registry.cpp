#include "backends/registry.h"

#include <algorithm>
#include <cstdlib>
#include <mutex>

#include "backends/added_backends.h"
#include "backends/modules/loader.h"
#include "support/error.h"
#include "support/find_named.h"
#include "support/text.h"

namespace mlpbench {

// backends/CMakeLists.txt writes backend_list.inc, a line for each mlpbench_add_backend() in the same order.
// MLPBENCH_BUILT(name, "flags") is one backend, MLPBENCH_FAMILY(name, "flags") is several backends of one
// folder. MLPBENCH_MODULE(name, isa, "flags") is each file that a backend may be opened from.
// MLPBENCH_NOT_BUILT(name, "reason", other) is none; `other` says whether it is for another architecture.
#define MLPBENCH_BUILT(name, flags) BackendEntry name##_backend();
#define MLPBENCH_FAMILY(name, flags) std::vector<BackendEntry> name##_backends();
#define MLPBENCH_MODULE(name, isa, flags)
#define MLPBENCH_NOT_BUILT(name, reason, other)
#include "backend_list.inc"
#undef MLPBENCH_BUILT
#undef MLPBENCH_FAMILY
#undef MLPBENCH_MODULE
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

[[maybe_unused]] BackendEntry not_built(std::string_view name, std::string_view reason,
                                        bool other_architecture) {
  BackendEntry entry;
  entry.name = name;
  entry.not_built_reason = reason;
  entry.other_architecture = other_architecture;
  return entry;
}

/// The files of a backend's modules, in the order of their lines.
using Modules = std::vector<std::pair<std::string_view, std::vector<ModuleFile>>>;

[[maybe_unused]] void append_module(std::vector<BackendEntry>& entries, Modules& modules,
                                    std::string_view name, Isa isa, std::string_view isa_name,
                                    std::string_view flags) {
  if (modules.empty() || modules.back().first != name) {
    BackendEntry entry;
    entry.name = name;
    append(entries, std::move(entry), flags);
    modules.push_back({name, {}});
  }
  std::string file = std::string(name) + "_" + std::string(isa_name) + ".so";
  modules.back().second.push_back({isa, std::move(file), flags});
}

std::vector<BackendEntry> built_backends() {
  std::vector<BackendEntry> entries;
  entries.reserve(kMaxBackends);
  Modules modules;
#define MLPBENCH_BUILT(name, flags) append(entries, name##_backend(), flags);
#define MLPBENCH_FAMILY(name, flags) append(entries, name##_backends(), flags);
#define MLPBENCH_MODULE(name, isa, flags) append_module(entries, modules, #name, Isa::isa, #isa, flags);
#define MLPBENCH_NOT_BUILT(name, reason, other) append(entries, not_built(#name, reason, other), "");
#include "backend_list.inc"
#undef MLPBENCH_BUILT
#undef MLPBENCH_FAMILY
#undef MLPBENCH_MODULE
#undef MLPBENCH_NOT_BUILT
  // After the last append(): entries stay where they are from now on.
  for (auto& [name, files] : modules) {
    const auto entry = std::find_if(entries.begin(), entries.end(),
                                    [of = name](const BackendEntry& one) { return one.name == of; });
    open_when_asked(*entry, std::move(files));
  }
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
  if (report.threads > 1) text += " on " + std::to_string(report.threads) + " threads";
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

std::string unusable_reason(const BackendEntry& backend, std::optional<DType> dtype) {
  // A library is opened with environment variables, which other threads that ask here read.
  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  if (!backend.not_built_reason.empty()) return "not built: " + std::string(backend.not_built_reason);
  const std::string missing = missing_feature(backend.required_isa);
  if (!missing.empty()) return "this CPU lacks " + missing;
  std::string reason = backend.refusal ? backend.refusal() : "";
  if (reason.empty() && dtype && !backend.has(*dtype)) {
    reason = std::string(backend.name) + " has no " + std::string(to_string(*dtype));
  }
  return reason;
}

std::vector<const BackendEntry*> usable_backends(std::optional<DType> dtype) {
  std::vector<const BackendEntry*> usable;
  for (const BackendEntry& entry : all_backends()) {
    if (unusable_reason(entry, dtype).empty()) usable.push_back(&entry);
  }
  return usable;
}

const BackendEntry& find_backend(std::string_view name, std::optional<DType> dtype) {
  const std::string_view meant = meant_backend(name);
  for (const BackendEntry& entry : all_backends()) {
    if (entry.name != meant) continue;
    const std::string reason = unusable_reason(entry, dtype);
    if (reason.empty()) return entry;
    throw UserError("--backend " + std::string(name) + ": " + reason);
  }
  refuse_name("--backend", "backend", name,
              "usable here: " + listed(usable_backends(dtype), &BackendEntry::name));
}

}  // namespace mlpbench
