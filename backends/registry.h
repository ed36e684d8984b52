#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/backend.h"
#include "support/cpu.h"

namespace mlpbench {

/// One implementation of the arithmetic, as its folder's backend.cpp describes it.
struct BackendEntry {
  std::string_view name;   ///< "avx2", what --backend takes
  std::string_view about;  ///< one line for --list-backends

  /// The instruction set that its own code needs. Whether this machine has it is unusable_reason()'s
  /// question.
  Isa required_isa = Isa::baseline;

  /// The instruction set that its inner loops execute here, in words. Empty: to_string(required_isa).
  std::string (*executed_isa)() = nullptr;

  /// The same as an Isa, to compare it with a ceiling. Null: required_isa.
  Isa (*inner_loops)() = nullptr;

  /// The library that computes its products and its version: "OpenBLAS 0.3.21". Null: none does.
  std::string (*library)() = nullptr;

  /// The kernels that OpenBLAS picked at load time ("Haswell"). Null for a backend that does not use
  /// OpenBLAS.
  std::string (*blas_core)() = nullptr;

  /// Backends of the same family leave the same bits, whole training runs long. Empty: no such promise.
  std::string_view rounding_family = {};

  /// Whether a block of an operation has the bits of the whole (core/backend.h, "Blocks"): parallel training
  /// then leaves the same bits on any number of threads.
  bool block_invariant = false;

  /// Whether operations allocate on the heap. Only a library that does so unasked excuses a `true`.
  bool allocates = false;

  const Backend<float>* float32 = nullptr;   ///< null when the backend was not built
  const Backend<double>* float64 = nullptr;  ///< null when the backend was not built

  std::string_view not_built_reason = {};  ///< empty when it was built
  std::string_view flags = {};             ///< the compiler flags of its inner loops

  template <typename T>
  const Backend<T>& get() const noexcept {
    if constexpr (std::is_same_v<T, float>) {
      return *float32;
    } else {
      return *float64;
    }
  }

  std::string isa() const {
    return executed_isa != nullptr ? executed_isa() : std::string(to_string(required_isa));
  }

  Isa executes() const { return inner_loops != nullptr ? inner_loops() : required_isa; }
};

/// Every backend that this source tree has, built or not, in the order of preference: the first usable one is
/// the default of every program.
std::span<const BackendEntry> all_backends();

/// Why `backend` cannot run here: "not built: OpenBLAS was not found", "this CPU lacks AVX-512F". Empty when
/// it can.
std::string unusable_reason(const BackendEntry& backend);

/// The backends that can run here, in the order of preference. Never empty: `naive` always runs.
std::vector<const BackendEntry*> usable_backends();

/// The usable backend of that name. There is no fallback: UserError says why it cannot run, or, for an
/// unknown name, which ones can.
const BackendEntry& find_backend(std::string_view name);

/// The naive backend: what the others are compared with, in tests and before a benchmark is timed.
template <typename T>
const Backend<T>& reference_backend() {
  return find_backend("naive").get<T>();
}

}  // namespace mlpbench
