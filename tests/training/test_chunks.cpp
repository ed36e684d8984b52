#include "core/backend.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"

namespace mlpbench::test {
namespace {

NetworkSpec network_of(std::size_t inputs, std::size_t units) {
  return {inputs, {{units, Activation::relu}, {units, Activation::relu}, {1, Activation::sigmoid}}, {}};
}

}  // namespace

TEST_CASE("chunks are as large as a cache wants them, and large for networks too wide for it") {
  CHECK(Chunks::most_samples(network_of(28, 64)) == 256);
  CHECK(Chunks::most_samples(network_of(784, 32)) == 512);
  CHECK(Chunks::most_samples(network_of(2, 4)) == 1024);
  CHECK(Chunks::most_samples(network_of(784, 512)) == 1024);
}

TEST_CASE("chunks cover a batch once, in whole lines but the last, none of them empty or too large") {
  for (const std::size_t units : Sizes{4, 32, 64, 512}) {
    const NetworkSpec network = network_of(28, units);
    for (std::size_t batch = 1; batch < 9000; batch += batch < 1100 ? 1 : 37) {
      INFO(network.shape() << " at " << batch);
      const Chunks chunks(network, batch);
      std::size_t next = 0;
      bool right = true;
      for (std::size_t c = 0; c < chunks.count(); ++c) {
        const std::size_t samples = chunks.samples(c);
        right = right && chunks.first(c) == next && next % kBlockSamples == 0;
        right = right && samples > 0 && samples <= Chunks::most_samples(network);
        next += samples;
      }
      REQUIRE(right);
      REQUIRE(next == batch);
    }
    const Chunks none(network, 0);
    CHECK(none.count() == 1);
    CHECK(none.samples(0) == 0);
  }
}

TEST_CASE("up to sixteen threads get equally many chunks") {
  const NetworkSpec network = network_of(28, 64);
  const auto count = [&](std::size_t batch) { return Chunks(network, batch).count(); };
  CHECK(count(256) == 1);
  CHECK(count(257) == 2);
  CHECK(count(600) == 4);
  CHECK(count(1024) == 4);
  CHECK(count(1025) == 8);
  CHECK(count(16 * 256) == 16);
  CHECK(count(16 * 256 + 1) == 29);  // not 32: whole lines, and 144 samples are more than a 32nd
  CHECK(count(1'000'000) == 3907);
}

TEST_CASE("a workspace does not grow with the batch beyond a chunk") {
  const NetworkSpec network = network_of(28, 64);
  for_each_backend(DType::float32, [&](const BackendEntry& entry) {
    const auto bytes = [&](std::size_t batch) {
      return Workspace<float>(entry.get<float>(), network, batch).bytes();
    };
    CHECK(bytes(1'000'000) == bytes(1000));
    CHECK(bytes(256) < bytes(1000));
  });
}

}  // namespace mlpbench::test
