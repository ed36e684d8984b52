#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "core/data/random_state.h"
#include "support/digest.h"
#include "tests/catch.h"
#include "tests/support/reference.h"

using mlpbench::RandomState;
using mlpbench::test::integers;
using mlpbench::test::numbers;
using mlpbench::test::reference;

namespace {

std::vector<double> samples(RandomState& stream, std::size_t count) {
  std::vector<double> out(count);
  stream.random_sample(out);
  return out;
}

std::vector<double> normals(RandomState& stream, std::size_t count) {
  std::vector<double> out(count);
  stream.standard_normal(out);
  return out;
}

/// Of the order as 32-bit words, as tests/reference/generate.py takes it.
std::string sha256_of(const std::vector<std::size_t>& order) {
  const std::vector<std::uint32_t> words(order.begin(), order.end());
  mlpbench::Sha256 hash;
  hash.add(std::as_bytes(std::span(words)));
  return hash.hex();
}

void draw_words(RandomState& stream, std::size_t count) {
  for (; count > 0; --count) stream.bounded(std::numeric_limits<std::uint32_t>::max());
}

struct Golden {
  std::uint32_t seed;
  std::vector<std::uint64_t> words;
  std::vector<double> doubles;
  std::vector<double> gaussians;
  std::vector<std::size_t> permutation;
};

// numpy.random.RandomState(seed), NumPy 1.24.2: the bytes of every double, so that no parser stands between.
const Golden kGolden[] = {
    {0,
     {2357136044, 2546248239, 3071714933},
     {0x1.18fe1565f12a8p-1, 0x1.6e2d4cf608733p-1},
     {0x1.c398ef3e5cfa5p+0, 0x1.99c2cfacc8953p-2, 0x1.f51d25222c9abp-1, 0x1.1ed5969e3314ep+1},
     {2, 8, 4, 9, 1, 6, 7, 3, 0, 5}},
    {1,
     {1791095845, 4282876139, 3093770124},
     {0x1.ab07d0ffa3c06p-2, 0x1.70ce5f3baf051p-1},
     {0x1.9fd5190657c50p+0, -0x1.393822fb7d9adp-1, -0x1.0e6c872548fd2p-1, -0x1.12ae1255cb80cp+0},
     {2, 9, 6, 4, 0, 3, 1, 7, 8, 5}},
    {42,
     {1608637542, 3421126067, 4083286876},
     {0x1.7f8771e5f51ecp-2, 0x1.e6c4068bbd654p-1},
     {0x1.fca2a28a9307cp-2, -0x1.1b2a505de052ap-3, 0x1.4b9dd50245e68p-1, 0x1.85e548e01aa2bp+0},
     {8, 1, 5, 0, 7, 2, 9, 4, 3, 6}},
    {123,
     {2991312382, 3062119789, 1228959102},
     {0x1.64979beda10f5p-1, 0x1.2501b5b6d822ap-2},
     {-0x1.15ebe320b670ep+0, 0x1.fea40ff7c8334p-1, 0x1.21c51d8a6b038p-2, -0x1.819c87c66a773p+0},
     {4, 0, 7, 5, 8, 3, 1, 6, 9, 2}},
    {4294967295,
     {419326371, 479346978, 3918654476},
     {0x1.8fe69a3924820p-4, 0x1.d323d824032b1p-1},
     {0x1.4bfc38c486d8ap-1, 0x1.56b192e507eeep-1, -0x1.149e836f192fdp+0, 0x1.23543dec5a0fcp-2},
     {6, 9, 5, 1, 8, 0, 7, 4, 2, 3}},
};

}  // namespace

TEST_CASE("RandomState draws NumPy's golden values", "[data][random]") {
  for (const Golden& golden : kGolden) {
    CAPTURE(golden.seed);
    RandomState words(golden.seed), doubles(golden.seed), gaussians(golden.seed);
    for (const std::uint64_t word : golden.words) {
      REQUIRE(words.bounded(std::numeric_limits<std::uint32_t>::max()) == word);
    }
    REQUIRE(samples(doubles, 2) == golden.doubles);
    REQUIRE(normals(gaussians, 4) == golden.gaussians);
    REQUIRE(RandomState(golden.seed).permutation(10) == golden.permutation);
  }
}

TEST_CASE("RandomState follows NumPy through mixed draws", "[data][random]") {
  for (const auto& entry : reference("random_streams").at("streams")) {
    const auto seed = entry.at("seed").get<std::uint32_t>();
    CAPTURE(seed);
    RandomState stream(seed);
    REQUIRE(samples(stream, 5) == numbers(entry.at("random_sample_5")));
    REQUIRE(normals(stream, 7) == numbers(entry.at("standard_normal_7")));
    REQUIRE(normals(stream, 2) == numbers(entry.at("then_standard_normal_2")));
    REQUIRE(stream.permutation(10) == integers(entry.at("then_permutation_10")));
    std::vector<std::size_t> values(13);
    std::iota(values.begin(), values.end(), std::size_t{0});
    stream.shuffle(values);
    REQUIRE(values == integers(entry.at("then_shuffle_13")));
    for (const double value : numbers(entry.at("then_uniform_minus2_5_4"))) {
      REQUIRE(stream.uniform(-2.0, 5.0) == value);
    }
    REQUIRE(samples(stream, 3) == numbers(entry.at("then_random_sample_3")));

    REQUIRE(RandomState(seed).permutation(569) == integers(entry.at("fresh_permutation_569")));
    stream.seed(seed);
    samples(stream, 100'000);
    REQUIRE(stream.random_sample() == entry.at("random_sample_number_100001").get<double>());
    stream.seed(seed);
    normals(stream, 100'000);
    REQUIRE(stream.standard_normal() == entry.at("standard_normal_number_100001").get<double>());
  }
}

TEST_CASE("the kept Gaussian outlives other draws, but not seeding", "[data][random]") {
  // r = RandomState(3); r.standard_normal(), r.uniform(-1, 2), r.standard_normal(), r.standard_normal()
  RandomState stream(3);
  REQUIRE(stream.standard_normal() == 0x1.c9e38e3e13df2p+0);
  REQUIRE(stream.uniform(-1.0, 2.0) == -0x1.04ae68a2d1d4cp-3);
  RandomState copy = stream;
  REQUIRE(stream.standard_normal() == 0x1.befc703152c8ap-2);
  REQUIRE(stream.standard_normal() == 0x1.f60b2829bb2bep-1);

  SECTION("a copy continues where the original stood") {
    REQUIRE(copy.standard_normal() == 0x1.befc703152c8ap-2);
    REQUIRE(copy.standard_normal() == 0x1.f60b2829bb2bep-1);
    REQUIRE(copy.random_sample() == stream.random_sample());
  }
  SECTION("seed() forgets it") {
    copy.seed(3);
    REQUIRE(copy.standard_normal() == 0x1.c9e38e3e13df2p+0);
  }
}

TEST_CASE("uniform rounds product and sum one by one", "[data][random]") {
  RandomState stream(5);  // RandomState(5).uniform(0.1, 0.7, 3)
  for (const double value : {0x1.dd95d03bacf87p-3, 0x1.3eb05ff985e29p-1, 0x1.cad10604ab842p-3}) {
    REQUIRE(stream.uniform(0.1, 0.7) == value);
  }
}

TEST_CASE("bounded integers take 32-bit words as long as the bound fits", "[data][random]") {
  // RandomState(42).randint(0, max + 1, dtype=int64), for the last one dtype=uint64
  const auto draws = [](std::uint64_t max, std::size_t count) {
    RandomState stream(42);
    std::vector<std::uint64_t> values(count);
    for (std::uint64_t& value : values) value = stream.bounded(max);
    return values;
  };
  using Values = std::vector<std::uint64_t>;
  REQUIRE(draws((std::uint64_t{1} << 40) + 3, 5) ==
          Values{441507790259, 458615280711, 810017303572, 440001501305, 375095422324});
  REQUIRE(draws(std::numeric_limits<std::uint64_t>::max(), 3) ==
          Values{6909045637428952499U, 17537583593393853710U, 13502904847239337031U});
  REQUIRE(draws(5, 8) == Values{3, 4, 2, 4, 4, 1, 2, 2});

  // r.randint(0, 2**32, 3), r.randint(0, 2**32 + 1, 3): just below and just above the border
  RandomState stream(42);
  for (const std::uint64_t value : Values{1608637542, 3421126067, 4083286876}) {
    REQUIRE(stream.bounded(0xFFFFFFFF) == value);
  }
  for (const std::uint64_t value : Values{3143890026, 670094950, 249467210}) {
    REQUIRE(stream.bounded(0x100000000) == value);
  }
}

TEST_CASE("a bound of zero and the permutations of 0 and 1 draw nothing", "[data][random]") {
  RandomState stream(9);
  REQUIRE(stream.bounded(0) == 0);
  REQUIRE(stream.permutation(0).empty());
  REQUIRE(stream.permutation(1) == std::vector<std::size_t>{0});
  REQUIRE(stream.random_sample() == 0x1.53f0b5d4d5140p-7);
}

TEST_CASE("MersenneTwister draws the words of std::mt19937", "[data][random]") {
  for (const std::uint32_t seed : {0U, 1U, 5489U, 4294967295U}) {
    CAPTURE(seed);
    mlpbench::MersenneTwister twister(seed);
    std::mt19937 expected(seed);
    for (std::size_t n = 0; n < 5 * 624; ++n) REQUIRE(twister.next() == expected());
    for (const std::size_t part : {100U, 524U, 1U}) {
      for (const std::uint32_t word : twister.ahead().first(part)) REQUIRE(word == expected());
      twister.skip(part);
    }
  }
}

TEST_CASE("large permutations are NumPy's, and so is what follows", "[data][random]") {
  for (const auto& entry : reference("random_shuffles").at("large")) {
    const auto seed = entry.at("seed").get<std::uint32_t>();
    CAPTURE(seed);
    RandomState stream(seed);
    REQUIRE(sha256_of(stream.permutation(std::size_t{1} << 20)) == entry.at("permutation_1048576"));
    REQUIRE(stream.random_sample() == entry.at("then_random_sample").get<double>());
    REQUIRE(sha256_of(stream.permutation(800)) == entry.at("then_permutation_800"));
    REQUIRE(stream.standard_normal() == entry.at("then_standard_normal").get<double>());
  }
}

TEST_CASE("draws that cross the generator's blocks are NumPy's", "[data][random]") {
  for (const auto& entry : reference("random_shuffles").at("mixed_with_seed_7")) {
    const auto words = entry.at("words").get<std::size_t>();
    CAPTURE(words);
    RandomState stream(7);
    draw_words(stream, words);
    REQUIRE(sha256_of(stream.permutation(1000)) == entry.at("then_permutation_1000"));
    REQUIRE(normals(stream, 3) == numbers(entry.at("then_standard_normal_3")));
    REQUIRE(stream.permutation(5) == integers(entry.at("then_permutation_5")));
    REQUIRE(stream.random_sample() == entry.at("then_random_sample").get<double>());
  }
}

TEST_CASE("a copy within a block of words draws what the original draws", "[data][random]") {
  for (const std::size_t words : {0U, 1U, 300U, 623U, 624U, 625U, 1000U}) {
    CAPTURE(words);
    RandomState stream(3), alone(3);
    draw_words(stream, words);
    draw_words(alone, words);
    RandomState copy = stream;
    const std::vector<double> expected = normals(alone, 701);
    const std::vector<std::size_t> order = alone.permutation(2000);
    REQUIRE(normals(copy, 701) == expected);
    REQUIRE(copy.permutation(2000) == order);
    REQUIRE(normals(stream, 701) == expected);  // the copy's draws left it where it was
    REQUIRE(stream.permutation(2000) == order);
    copy = stream;
    REQUIRE(copy.standard_normal() == alone.standard_normal());
  }
}

TEST_CASE("a shuffle in parts is the whole shuffle", "[data][random]") {
  for (const std::size_t part : {1U, 7U, 256U, 1000U, 3000U, 5000U}) {
    CAPTURE(part);
    RandomState whole(8), parts(8);
    std::vector<std::uint32_t> order(3000);
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t left = order.size(); left > 0; left -= std::min(part, left)) {
      parts.shuffle_last(std::span(order).first(left), part);
    }
    REQUIRE(std::vector<std::size_t>(order.begin(), order.end()) == whole.permutation(3000));
    REQUIRE(parts.random_sample() == whole.random_sample());
  }
}
