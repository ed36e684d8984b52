#include "backends/added_backends.h"

#include <algorithm>
#include <map>
#include <set>

#include "backends/modules/loader.h"
#include "backends/registry.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {

BackendEntry named_cblas_backend(std::string_view name, std::string_view file,
                                 std::size_t threads);  // cblas/backend.cpp
void prepare_cblas_environment(std::size_t threads);    // cblas/vendors.cpp

namespace {

BackendEntry cblas_backend(std::string_view name, std::string_view file, std::size_t threads) {
#ifdef MLPBENCH_CBLAS_FLAGS
  BackendEntry entry = named_cblas_backend(name, file, threads);
  entry.flags = MLPBENCH_CBLAS_FLAGS;
  return entry;
#else
  throw UserError("needs the backend cblas, which was not built");
#endif
}

[[noreturn]] void refuse(std::string_view origin, std::string_view text, const std::string& why) {
  throw UserError(std::string(origin) + ": '" + printable_path(text) + "' " + why);
}

void add_one(std::string_view origin, std::string_view text) {
  static std::map<std::string, std::string, std::less<>> added;
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals + 1 == text.size()) refuse(origin, text, "is not NAME=FILE");
  const std::string_view name = text.substr(0, equals), file = text.substr(equals + 1);
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_allowed)) {
    refuse(origin, text, "needs a name of letters, digits, '-' and '_'");
  }
  if (const auto known = added.find(name); known != added.end() && known->second == file) return;
  try {
    add_backend(cblas_backend(name, file, 1));
  } catch (const UserError& error) {
    refuse(origin, text, std::string("cannot be added: ") + error.what());
  }
  added.emplace(name, file);
}

/// `use` of each NAME=FILE.
template <typename Use>
void for_each_of(std::string_view text, Use use) {
  for (bool more = true; more;) {
    const std::size_t end = std::min(text.find(':'), text.size());
    use(text.substr(0, end));
    more = end + 1 < text.size();
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// The libraries that say how many threads they have, once more with `threads`.
void add_threaded_libraries(std::size_t threads) {
  const auto refuse_all = [](const std::string& why) {
    throw UserError(std::string(kThreadsOption) + ": " + why);
  };
  std::size_t added = 0;
  for (const char* const of : {"openblas", "blis", "mkl"}) {  // MKL behind the others (cblas/library.cpp)
    const std::string name = std::string(of) + "-t" + std::to_string(threads);
    const auto is = [](std::string_view wanted) {
      return [wanted](const BackendEntry& entry) { return entry.name == wanted; };
    };
    const auto backends = all_backends();
    if (std::any_of(backends.begin(), backends.end(), is(name))) return;
    const auto alone = std::find_if(backends.begin(), backends.end(), is(of));
    if (alone == backends.end() || !unusable_reason(*alone).empty()) continue;
    BackendEntry entry = cblas_backend(name, alone->library().path, threads);
    if (const std::string reason = unusable_reason(entry); !reason.empty()) refuse_all(name + ": " + reason);
    add_backend(std::move(entry));
    ++added;
  }
  if (added == 0) refuse_all("none of openblas, blis and mkl can be used here");
}

}  // namespace

void add_blas_libraries(std::string_view origin, std::string_view text) {
  for_each_of(text, [&](std::string_view one) { add_one(origin, one); });
}

void add_backends(const AddedBackends& added) {
  all_backends();  // those of the variable come first
#ifdef MLPBENCH_CBLAS_FLAGS
  // Before one is opened: MKL chooses its layer once.
  if (added.library_threads > 1) prepare_cblas_environment(added.library_threads);
#endif
  for (const std::string& text : added.blas) add_blas_libraries(kBlasOption, text);
  if (added.library_threads > 1) add_threaded_libraries(added.library_threads);
  for (const std::string& text : added.blas) {
    for_each_of(text, [](std::string_view one) {
      const std::string_view name = one.substr(0, one.find('='));
      for (const BackendEntry& entry : all_backends()) {
        if (entry.name != name) continue;
        if (const std::string reason = unusable_reason(entry); !reason.empty())
          refuse(kBlasOption, one, reason);
      }
    });
  }
  static std::set<std::string, std::less<>> plugins;
  for (const std::string& file : added.plugins) {
    if (!plugins.insert(file).second) continue;  // asked for twice
    try {
      for (BackendEntry& entry : load_module(file)) add_backend(std::move(entry));
    } catch (const UserError& error) {
      throw UserError(std::string(kPluginOption) + ": " + error.what());
    }
  }
}

}  // namespace mlpbench
