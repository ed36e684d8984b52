// Structs that list their fields once. Everything else is made from the list: a writer and a reader of JSON
// (support/json_fields.h), and the documentation of a file's format.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace mlpbench {

// A struct T with fields has
//   static void fields(auto& self, auto&& visit) {
//     visit("key", self.member, "one line with the unit", Presence::nullable, "name in words");
//   }
// where the last two may be left out. The name in words marks a field that tells one subject from another,
// such as a setting (bench/compare). A missing number is NaN, a missing text or list is empty.

/// What a file has where a field does not apply or is not known. Every key is written. A reader takes a
/// missing one for null, because older files lack keys.
enum class Presence {
  required,  ///< the value: a reader refuses a file without it
  always,    ///< the value, an empty text or list too; a reader takes the default for a missing one
  nullable,  ///< null
  added,     ///< null; files of this schema version exist that are older than the field: a reader notes them
};

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// A whole number, or NaN for one that is not known.
struct Count {
  constexpr Count() = default;
  template <typename V, std::enable_if_t<std::is_arithmetic_v<V>, int> = 0>
  constexpr Count(V number) : value(static_cast<double>(number)) {}
  constexpr operator double() const noexcept { return value; }

  double value = kUnknown;
};

/// A number; infinity stands for no limit, which a file calls false.
struct Limit {
  double value = kUnknown;
};

/// Any JSON, which passes through as it is. Empty: none.
struct JsonText {
  std::string text;
};

/// An object whose keys are names of things, in their order.
template <typename V>
using Named = std::vector<std::pair<std::string, V>>;

template <typename T>
concept HasFields = requires(T& value) {
  T::fields(value, [](auto&&...) {});
};

/// Defined in support/json_fields.h.
template <typename T>
nlohmann::ordered_json json_of(const T& value);

}  // namespace mlpbench
