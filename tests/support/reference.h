#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mlpbench::test {

/// tests/reference/NAME.json: what the NumPy programs computed (tests/reference/generate.py). Read once, then
/// kept. Throws std::runtime_error when the file is missing or no JSON.
const nlohmann::json& reference(std::string_view name);

/// The path of a data file of the experiments, such as breast_cancer.csv.
std::string data_file(const std::string& name);

/// All numbers of a number or of nested lists, in order; rows of a matrix one after another.
std::vector<double> numbers(const nlohmann::json& values);

/// The same for non-negative integers, such as row numbers.
std::vector<std::size_t> integers(const nlohmann::json& values);

}  // namespace mlpbench::test
