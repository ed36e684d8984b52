#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/backend.h"
#include "core/dtype.h"
#include "support/cpu.h"

namespace mlpbench {

/// Promises of core/backend.h that a library breaks unasked. Only a library excuses a `true`, and tests see
/// it.
struct Exceptions {
  /// Its products allocate on the heap.
  bool allocates = false;

  /// A product leaves out terms of which one factor is 0, as BLAS may: NaN and infinity do not propagate
  /// through them.
  bool skips_zero_factors = false;

  /// It computes sigmoid and tanh itself, less exactly than the suite's bounds
  /// (tests/ops/test_elementary.cpp). They have steps down, and 0 for results near the smallest normal
  /// number. They have other bits where the pre-activations are stored too.
  bool has_own_functions = false;

  /// Its ReLU makes 0 of NaN.
  bool relu_drops_nan = false;

  /// Where the operands lie (alignment, strides) changes how a result is rounded.
  bool rounds_by_placement = false;
};

/// What the library behind a backend says of itself.
struct LibraryReport {
  std::string version = {};    ///< "OpenBLAS 0.3.21"
  std::string path = {};       ///< of its file, links resolved
  std::string kernels = {};    ///< "SkylakeX"; empty where it does not say
  std::string chosen_by = {};  ///< the variable that chose them, "OPENBLAS_CORETYPE=Haswell", or empty
  Isa isa = Isa::baseline;     ///< the instruction set of these kernels; baseline where it is not known
  int threads = 1;             ///< that it computes a product on
  Exceptions exceptions = {};  ///< of its products and functions
};

/// One implementation of the arithmetic, as its folder's backend.cpp describes it.
struct BackendEntry {
  std::string_view name;   ///< "avx2", what --backend takes
  std::string_view about;  ///< one line for --list-backends

  /// The instruction set that its own code needs. Whether this machine has it is unusable_reason()'s
  /// question.
  Isa required_isa = Isa::baseline;

  /// The library that computes its products, once refusal() has opened it; without a version before. Empty:
  /// none does.
  std::function<LibraryReport()> library = {};

  /// Why that library cannot be used, one line, or an empty text. Empty: nothing can be wrong.
  std::function<std::string()> refusal = {};

  /// Backends of the same family leave the same bits, whole training runs long. Empty: no such promise.
  std::string_view rounding_family = {};

  /// Whether a block of an operation has the bits of the whole (core/backend.h, "Blocks"). Parallel training
  /// then leaves the same bits on any number of threads.
  bool block_invariant = false;

  /// Null when the backend was not built, does not have the precision, or is in a module that was not
  /// opened yet.
  const Backend<float>* float32 = nullptr;
  const Backend<double>* float64 = nullptr;

  std::string_view not_built_reason = {};  ///< empty when it was built
  bool other_architecture = false;         ///< not built because it is for another processor family
  std::string_view flags = {};             ///< the compiler flags of its inner loops

  template <typename T>
  const Backend<T>& get() const noexcept {
    if constexpr (std::is_same_v<T, float>) {
      return *float32;
    } else {
      return *float64;
    }
  }

  bool has(DType dtype) const noexcept {
    return dtype == DType::float32 ? float32 != nullptr : float64 != nullptr;
  }

  /// The instruction set that its inner loops execute here.
  Isa isa() const { return library ? library().isa : required_isa; }

  /// The same in words: "OpenBLAS 0.3.21 SkylakeX (AVX-512)", and that it is less than this CPU has where it
  /// is.
  std::string isa_text() const;

  /// What its library makes it break; nothing before refusal() has opened it.
  Exceptions exceptions() const { return library ? library().exceptions : Exceptions{}; }
};

/// Every backend that this source tree has, built or not, in the order of preference: the first usable one is
/// the default of every program. Behind them those that the environment variable MLPBENCH_BLAS names
/// (added_backends.h), whose errors it throws.
std::span<const BackendEntry> all_backends();

/// Adds a backend behind the others. UserError when there is one of its name. What all_backends() returned
/// before keeps its entries but does not have this one.
void add_backend(BackendEntry entry);

/// Why `backend` cannot run here: "not built: Armadillo was not found", "this CPU lacks AVX-512F". Empty
/// when it can. With a precision: or why not in that one. Opens the library or the module of a backend that
/// has one, which sets environment variables. Any number of threads may ask; no other thread may read the
/// environment (getenv) while a library is opened.
std::string unusable_reason(const BackendEntry& backend, std::optional<DType> dtype = {});

/// The backends that can run here, in the precision if one is given, in the order of preference. Never
/// empty: `naive` always runs.
std::vector<const BackendEntry*> usable_backends(std::optional<DType> dtype = {});

/// "openblas" for "blas", its other name; any other name as it is.
std::string_view meant_backend(std::string_view name) noexcept;

/// The usable backend of that name; "blas" is openblas. There is no fallback: UserError says why it cannot
/// run (in the precision, if one is given), or, for an unknown name, which ones can.
const BackendEntry& find_backend(std::string_view name, std::optional<DType> dtype = {});

/// The naive backend: what the others are compared with, in tests and before a benchmark is timed.
template <typename T>
const Backend<T>& reference_backend() {
  return find_backend("naive").get<T>();
}

}  // namespace mlpbench
