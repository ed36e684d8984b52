#include <array>
#include <cstring>
#include <fstream>

#include "support/tensor_file.h"
#include "tests/catch.h"
#include "tests/support/refusal.h"
#include "tests/support/temporary_folder.h"

namespace mlpbench::test {
namespace {

std::span<const std::byte> bytes(const auto& values) { return std::as_bytes(std::span(values)); }

const std::array kWeights = {1.5, -2.0, 0.25, 4.0, 5.0, 6.0};
const std::array kBiases = {0.5f, -0.5f};

std::string example_content() {
  const Tensor tensors[] = {{"W", "F64", {2, 3}, bytes(kWeights)}, {"b", "F32", {2}, bytes(kBiases)}};
  return TensorFile::content({{"about", "a test"}}, tensors);
}

std::string with_header(const std::string& header, const std::string& data = "") {
  const std::uint64_t size = header.size();
  std::string content(sizeof size, '\0');
  std::memcpy(content.data(), &size, sizeof size);
  return content + header + data;
}

}  // namespace

TEST_CASE("a tensor file gives back what was written, and is what the format says", "[tensor_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("model.safetensors"), content = example_content();
  std::ofstream(path) << content;
  const TensorFile file(path);
  CHECK(file.text("about") == "a test");
  REQUIRE(file.tensors().size() == 2);
  const std::array<std::size_t, 2> shape = {2, 3};
  const Tensor& W = file.find("W", "F64", shape);
  CHECK(std::memcmp(W.bytes.data(), kWeights.data(), sizeof kWeights) == 0);
  CHECK(file.find("b", "F32", std::span(shape).first(1)).bytes.size() == sizeof kBiases);
  // The length of the header, the header, the numbers.
  std::uint64_t size = 0;
  std::memcpy(&size, content.data(), sizeof size);
  CHECK(size % 8 == 0);
  CHECK(content.size() == 8 + size + sizeof kWeights + sizeof kBiases);
  CHECK(content.substr(8, size).find(R"("W":{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]})") !=
        std::string::npos);
}

TEST_CASE("a tensor file that is none is refused in one line with its name", "[tensor_file]") {
  const auto error_of = [](const std::string& content) {
    return refusal_of(content, [](const std::string& path) { return TensorFile(path).tensors().size(); });
  };
  const std::string content = example_content();
  for (std::size_t size = 0; size < content.size(); size += 5) {
    CHECK_FALSE(error_of(content.substr(0, size)).empty());
  }
  CHECK(error_of(content.substr(0, content.size() - 1)).find("is truncated: 'b' ends beyond it") !=
        std::string::npos);
  CHECK(error_of(content + "x").find("its header is not what the format says") != std::string::npos);
  for (
      const char* header :
      {"", "[]", "{", R"({"W":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}})",
       R"({"W":{"dtype":"F99","shape":[1],"data_offsets":[0,8]}})",
       R"({"W":{"dtype":"U8","shape":[8],"data_offsets":[8,0]}})",
       R"({"W":{"dtype":"U8","shape":[18446744073709551615,2],"data_offsets":[0,8]}})",
       R"({"W":{"dtype":"U8","shape":[-8],"data_offsets":[0,8]}})",
       R"({"W":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[5],"data_offsets":[3,8]}})",
       R"({"W":{"dtype":"U8","shape":[7],"data_offsets":[1,8]}})", R"({"__metadata__":{"a":1}})"}) {
    INFO(header);
    CHECK_FALSE(error_of(with_header(header, "12345678")).empty());
  }
}

TEST_CASE("a tensor of another name, type or shape is refused", "[tensor_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("model");
  std::ofstream(path) << example_content();
  const TensorFile file(path);
  const std::array<std::size_t, 2> shape = {2, 3}, other = {3, 2};
  CHECK_THROWS_WITH(file.find("V", "F64", shape), path + ": has no 'V'");
  CHECK_THROWS_WITH(file.find("W", "F32", shape), path + ": 'W' is F64, not F32");
  CHECK_THROWS_WITH(file.find("W", "F64", other), path + ": 'W' has the shape (2, 3), not (3, 2)");
  CHECK_THROWS_WITH(file.text("nothing"), path + ": has no metadata 'nothing': not written by mlpbench");
}

}  // namespace mlpbench::test
