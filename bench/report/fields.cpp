#include "bench/report/fields.h"

namespace mlpbench {
namespace {

[[noreturn]] void refuse(const char* key, const char* expected, const Fields& value) {
  throw BadField("field '" + std::string(key) + "' must be " + expected + ", but is " + value.type_name());
}

}  // namespace

const Fields& field(const Fields& object, const char* key) {
  static const Fields kNull;
  if (!object.is_object() && !object.is_null()) refuse(key, "in an object", object);
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

double number_in(const Fields& value) { return value.is_null() ? kUnknown : value.get<double>(); }

double number_of(const Fields& object, const char* key) {
  const Fields& value = field(object, key);
  if (!value.is_null() && !value.is_number()) refuse(key, "a number", value);
  return number_in(value);
}

std::string text_of(const Fields& object, const char* key) {
  const Fields& value = field(object, key);
  if (value.is_null()) return "";
  if (!value.is_string()) refuse(key, "a text", value);
  return value.get<std::string>();
}

bool flag_of(const Fields& object, const char* key, bool otherwise) {
  const Fields& value = field(object, key);
  if (value.is_null()) return otherwise;
  if (!value.is_boolean()) refuse(key, "true or false", value);
  return value.get<bool>();
}

std::size_t count_of(const Fields& object, const char* key, std::size_t otherwise) {
  const Fields& value = field(object, key);
  if (value.is_null()) return otherwise;
  if (!value.is_number_integer() || value < 0) refuse(key, "a count", value);
  return value.get<std::size_t>();
}

const Fields& list_of(const Fields& object, const char* key) {
  static const Fields kEmpty = Fields::array();
  const Fields& value = field(object, key);
  if (value.is_null()) return kEmpty;
  if (!value.is_array()) refuse(key, "a list", value);
  return value;
}

const Fields& object_of(const Fields& object, const char* key) {
  static const Fields kEmpty = Fields::object();
  const Fields& value = field(object, key);
  if (value.is_null()) return kEmpty;
  if (!value.is_object()) refuse(key, "an object", value);
  return value;
}

std::vector<double> numbers_in(const Fields& list) {
  std::vector<double> numbers;
  for (const Fields& value : list) {
    if (!value.is_null() && !value.is_number()) refuse("list", "of numbers", value);
    numbers.push_back(number_in(value));
  }
  return numbers;
}

std::vector<double> numbers_of(const Fields& object, const char* key) {
  return numbers_in(list_of(object, key));
}

std::vector<std::vector<double>> rows_of(const Fields& object, const char* key) {
  std::vector<std::vector<double>> rows;
  for (const Fields& row : list_of(object, key)) {
    if (!row.is_array()) refuse(key, "a list of lists", row);
    rows.push_back(numbers_in(row));
  }
  return rows;
}

std::vector<std::string> texts_of(const Fields& object, const char* key) {
  std::vector<std::string> texts;
  for (const Fields& value : list_of(object, key)) {
    if (!value.is_string()) refuse(key, "a list of texts", value);
    texts.push_back(value.get<std::string>());
  }
  return texts;
}

std::optional<Interval> interval_of(const Fields& object, const char* key) {
  const Fields& value = object_of(object, key);
  const double low = number_of(value, "low"), high = number_of(value, "high");
  if (!(low <= high)) return std::nullopt;
  return Interval{low, high, number_of(value, "confidence")};
}

Range range_of(const Fields& object, const char* key, const char* all) {
  const Fields& value = object_of(object, key);
  return {number_of(value, "lowest"), number_of(value, "median"), number_of(value, "highest"),
          numbers_of(value, all)};
}

}  // namespace mlpbench
