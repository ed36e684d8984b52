// JSON of structs with fields (support/fields.h), in both directions.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <vector>

#include "support/fields.h"

namespace mlpbench {

/// A field is not what it must be: "cases[3].epoch_seconds[0]: must be a number, but is a string".
struct FieldError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Where a value stands in a file: a chain from the value to the root, which has no parent.
struct JsonPath {
  const JsonPath* parent = nullptr;
  std::string_view key = {};  ///< empty: of a list
  std::size_t index = 0;

  std::string text() const {
    if (parent == nullptr) return "";
    const std::string before = parent->text();
    if (key.empty()) return before + "[" + std::to_string(index) + "]";
    return before + (before.empty() ? "" : ".") + std::string(key);
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw FieldError((parent == nullptr ? "the file" : text()) + ": " + what);
  }

  [[noreturn]] void refuse(const char* expected, const nlohmann::ordered_json& value) const {
    refuse(std::string("must be ") + expected + ", but is " +
           (value.is_primitive() && !value.is_string() ? value.dump()
                                                       : "of type " + std::string(value.type_name())));
  }
};

inline void write_value(nlohmann::ordered_json& json, bool value) { json = value; }
inline void write_value(nlohmann::ordered_json& json, const std::string& value) { json = value; }
inline void write_value(nlohmann::ordered_json& json, double value) {
  if (std::isfinite(value)) json = value;
}
inline void write_value(nlohmann::ordered_json& json, Count count) {
  if (std::isfinite(count.value)) json = static_cast<std::int64_t>(count.value);
}
inline void write_value(nlohmann::ordered_json& json, Limit limit) {
  if (std::isinf(limit.value)) json = false;
  if (std::isfinite(limit.value)) json = limit.value;
}
inline void write_value(nlohmann::ordered_json& json, const JsonText& value) {
  if (!value.text.empty()) json = nlohmann::ordered_json::parse(value.text);
}

template <typename V>
requires std::is_integral_v<V>
void write_value(nlohmann::ordered_json& json, V value) { json = value; }

template <HasFields T>
void write_value(nlohmann::ordered_json& json, const T& value);
template <typename V>
void write_value(nlohmann::ordered_json& json, const Named<V>& values);
template <typename V>
void write_value(nlohmann::ordered_json& json, const std::vector<V>& values);
template <typename V, std::size_t kSize>
void write_value(nlohmann::ordered_json& json, const std::array<V, kSize>& values);

template <typename V>
void write_value(nlohmann::ordered_json& json, const std::optional<V>& value) {
  if (value) write_value(json, *value);
}

template <typename List>
void write_list(nlohmann::ordered_json& json, const List& values) {
  json = nlohmann::ordered_json::array();
  for (const auto& value : values) write_value(json.emplace_back(), value);
}

template <typename V>
void write_value(nlohmann::ordered_json& json, const std::vector<V>& values) {
  write_list(json, values);
}

template <typename V, std::size_t kSize>
void write_value(nlohmann::ordered_json& json, const std::array<V, kSize>& values) {
  write_list(json, values);
}

template <typename V>
void write_value(nlohmann::ordered_json& json, const Named<V>& values) {
  json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : values) write_value(json[name], value);
}

/// Whether what was written of a member is null, empty, or an object of nothing but nulls. An optional that
/// has a value says something, for any value.
template <typename V>
bool says_nothing(const std::optional<V>& member, const nlohmann::ordered_json&) {
  return !member.has_value();
}

template <typename V>
bool says_nothing(const V&, const nlohmann::ordered_json& json) {
  if (json.is_string()) return json.get_ref<const std::string&>().empty();
  if (!json.is_object()) return json.empty();
  return std::all_of(json.begin(), json.end(), [](const auto& value) { return value.is_null(); });
}

template <HasFields T>
void write_value(nlohmann::ordered_json& json, const T& value) {
  json = nlohmann::ordered_json::object();
  T::fields(value, [&json](const char* key, const auto& member, const char*,
                           Presence presence = Presence::nullable, const char* = nullptr) {
    nlohmann::ordered_json written;
    write_value(written, member);
    if (presence != Presence::required && presence != Presence::always && says_nothing(member, written))
      written = nullptr;
    json[key] = std::move(written);
  });
}

template <typename T>
nlohmann::ordered_json json_of(const T& value) {
  nlohmann::ordered_json json;
  write_value(json, value);
  return json;
}

/// Reads values and notes what older files lack.
class JsonReader {
 public:
  /// Paths of the fields with Presence::added that were missing, without the places in lists, each once.
  const std::vector<std::string>& not_stated() const noexcept { return not_stated_; }

  void read(const nlohmann::ordered_json& json, bool& value, const JsonPath& path) {
    if (!json.is_boolean()) path.refuse("true or false", json);
    value = json.get<bool>();
  }
  void read(const nlohmann::ordered_json& json, std::string& value, const JsonPath& path) {
    if (!json.is_string()) path.refuse("a text", json);
    value = json.get<std::string>();
  }
  void read(const nlohmann::ordered_json& json, double& value, const JsonPath& path) {
    if (!json.is_number() && !json.is_null()) path.refuse("a number", json);
    value = json.is_null() ? kUnknown : json.get<double>();
  }
  void read(const nlohmann::ordered_json& json, Count& count, const JsonPath& path) {
    read(json, count.value, path);
    if (json.is_number() && !(std::abs(count.value) < 9e15)) path.refuse("a whole number", json);
  }
  void read(const nlohmann::ordered_json& json, Limit& limit, const JsonPath& path) {
    if (json == false) {
      limit.value = std::numeric_limits<double>::infinity();
    } else {
      read(json, limit.value, path);
    }
  }
  void read(const nlohmann::ordered_json& json, JsonText& value, const JsonPath&) {
    value.text = json.dump();
  }

  template <typename V>
  requires std::is_integral_v<V>
  void read(const nlohmann::ordered_json& json, V& value, const JsonPath& path) {
    if (!json.is_number_integer() || (std::is_unsigned_v<V> && json < 0)) path.refuse("a whole number", json);
    value = json.get<V>();
  }

  template <typename V>
  void read(const nlohmann::ordered_json& json, std::optional<V>& value, const JsonPath& path) {
    value.reset();
    if (!json.is_null()) read(json, value.emplace(), path);
  }

  template <typename V>
  void read(const nlohmann::ordered_json& json, std::vector<V>& values, const JsonPath& path) {
    if (!json.is_array()) path.refuse("a list", json);
    values.assign(json.size(), V());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!json[i].is_null()) read(json[i], values[i], {&path, {}, i});
      if constexpr (std::is_same_v<V, double>) {
        if (json[i].is_null()) values[i] = kUnknown;
      }
    }
  }

  template <typename V, std::size_t kSize>
  void read(const nlohmann::ordered_json& json, std::array<V, kSize>& values, const JsonPath& path) {
    if (!json.is_array()) path.refuse("a list", json);
    if (json.size() != kSize) {
      path.refuse("has " + std::to_string(json.size()) + " entries instead of " + std::to_string(kSize));
    }
    for (std::size_t i = 0; i < kSize; ++i) read(json[i], values[i], {&path, {}, i});
  }

  template <typename V>
  void read(const nlohmann::ordered_json& json, Named<V>& values, const JsonPath& path) {
    if (!json.is_object()) path.refuse("an object", json);
    values.clear();
    for (const auto& [name, value] : json.items()) {
      read(value, values.emplace_back(name, V()).second, {&path, name});
    }
  }

  template <HasFields T>
  void read(const nlohmann::ordered_json& json, T& value, const JsonPath& path) {
    if (!json.is_object()) path.refuse("an object", json);
    T::fields(value, [&](const char* key, auto& member, const char*, Presence presence = Presence::nullable,
                         const char* = nullptr) {
      const JsonPath place{&path, key};
      const auto found = json.find(key);
      if (found != json.end() && !found->is_null()) return read(*found, member, place);
      if (presence == Presence::required) place.refuse("is missing");
      if (presence == Presence::added && found == json.end()) note(place.text());
    });
  }

 private:
  void note(std::string path) {
    for (std::size_t open = path.find('['); open != std::string::npos; open = path.find('[', open + 1)) {
      path.erase(open + 1, path.find(']', open) - open - 1);
    }
    if (std::find(not_stated_.begin(), not_stated_.end(), path) == not_stated_.end()) {
      not_stated_.push_back(std::move(path));
    }
  }

  std::vector<std::string> not_stated_;
};

/// Sets the fields that `from` has; the others stay. Throws std::logic_error for a key that is no field.
template <HasFields T>
void take_fields(const nlohmann::ordered_json& from, T& to) {
  std::size_t taken = 0;
  JsonReader reader;
  T::fields(to, [&](const char* key, auto& member, auto&&...) {
    const auto found = from.find(key);
    if (found == from.end()) return;
    ++taken;
    const JsonPath root;
    if (!found->is_null()) reader.read(*found, member, {&root, key});
  });
  if (taken != from.size()) throw std::logic_error("a key that is no field: " + from.dump());
}

}  // namespace mlpbench
