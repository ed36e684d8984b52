#pragma once

#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/report/document.h"

namespace mlpbench {

// Fields of a document. One that is missing or null is NaN, empty or {}; one of another type throws BadField.

/// A field is not what it must be.
struct BadField : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

using Fields = nlohmann::ordered_json;

/// The value of `key`, null where there is none.
const Fields& field(const Fields& object, const char* key);

double number_in(const Fields& value);
double number_of(const Fields& object, const char* key);
std::string text_of(const Fields& object, const char* key);
bool flag_of(const Fields& object, const char* key, bool otherwise);
std::size_t count_of(const Fields& object, const char* key, std::size_t otherwise);
std::vector<double> numbers_in(const Fields& list);
std::vector<double> numbers_of(const Fields& object, const char* key);
std::vector<std::vector<double>> rows_of(const Fields& object, const char* key);
std::vector<std::string> texts_of(const Fields& object, const char* key);

/// Those of experiment, trainer, backend and dtype that a fact has.
template <typename Fact>
void read_names(const Fields& entry, Fact& fact) {
  if constexpr (requires { fact.experiment; }) fact.experiment = text_of(entry, "experiment");
  if constexpr (requires { fact.trainer; }) fact.trainer = text_of(entry, "trainer");
  if constexpr (requires { fact.backend; }) fact.backend = text_of(entry, "backend");
  if constexpr (requires { fact.dtype; }) fact.dtype = text_of(entry, "dtype");
}

/// {"low", "high", "confidence"}
std::optional<Interval> interval_of(const Fields& object, const char* key);

/// {"lowest", "median", "highest"} and the list called `all`.
Range range_of(const Fields& object, const char* key, const char* all = "rounds");

/// The list called `key`, empty where there is none.
const Fields& list_of(const Fields& object, const char* key);

/// {} where there is none.
const Fields& object_of(const Fields& object, const char* key);

}  // namespace mlpbench
