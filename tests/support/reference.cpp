#include "tests/support/reference.h"

#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>

namespace mlpbench::test {
namespace {

template <typename T>
void append(const nlohmann::json& values, std::vector<T>& out) {
  if (!values.is_array()) {
    out.push_back(values.get<T>());
    return;
  }
  for (const nlohmann::json& value : values) append(value, out);
}

}  // namespace

const nlohmann::json& reference(std::string_view name) {
  static std::map<std::string, nlohmann::json, std::less<>> files;
  const auto found = files.find(name);
  if (found != files.end()) return found->second;
  const std::string path = std::string(MLPBENCH_REFERENCE_DIR) + "/" + std::string(name) + ".json";
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read the reference values " + path);
  return files.emplace(name, nlohmann::json::parse(file)).first->second;
}

std::string data_file(const std::string& name) { return std::string(MLPBENCH_DATA_DIR) + "/" + name; }

std::vector<double> numbers(const nlohmann::json& values) {
  std::vector<double> out;
  append(values, out);
  return out;
}

std::vector<std::size_t> integers(const nlohmann::json& values) {
  std::vector<std::size_t> out;
  append(values, out);
  return out;
}

}  // namespace mlpbench::test
