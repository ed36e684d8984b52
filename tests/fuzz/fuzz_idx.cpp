// Any bytes as images and labels of MNIST's format.

#include "core/data/idx.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mlpbench;
  const std::string& path = fuzz::as_file(data, size);
  fuzz::reads_or_refuses([&] { read_idx_images(path); });
  return fuzz::reads_or_refuses([&] { read_idx_labels(path); });
}
