// Any bytes as a saved network or checkpoint.

#include "experiments/model_file.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mlpbench;
  const std::string& path = fuzz::as_file(data, size);
  return fuzz::reads_or_refuses([&] { read_model(path); });
}
