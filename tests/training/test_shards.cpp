// Data that are cut into shards: the bits depend on the number of shards alone.

#include <algorithm>

#include "core/data/generators.h"
#include "core/data/idx.h"
#include "core/training/batches.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/idx.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/thread_ranks.h"
#include "tests/training/rank_cases.h"

namespace mlpbench::test {
namespace {

constexpr std::size_t kShards = 8;

/// The samples of the rank's shards.
Dataset part_of(const Dataset& data, const Shards& shards) {
  const IndexRange own = shards.own_of(data.samples());
  std::vector<std::size_t> rows(own.count);
  for (std::size_t n = 0; n < own.count; ++n) rows[n] = own.first + n;
  return select_rows(data, rows);
}

template <typename T>
Trained<T> train_part(std::string_view trainer, const Example& example, TrainingOptions options,
                      Communicator* ranks, std::size_t count = kShards) {
  const std::size_t rank = ranks == nullptr ? 0 : ranks->rank(), size = ranks == nullptr ? 1 : ranks->size();
  const Shards shards = shards_of_rank(count, example.data.samples(), rank, size);
  const Dataset part = part_of(example.data, shards);
  options.ranks = ranks;
  options.shards = count;
  Trained<T> result;
  result.theta = example.parameters<T>();
  RandomState stream(5);
  result.trace = find_trainer(trainer).train(TrainingRun<T>{
      usable_backends().front()->get<T>(), example.network, part, options, result.theta, stream, shards});
  result.next_random = stream.random_sample();
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("sharded training leaves the same bits on any number of ranks and threads", "", float,
                   double) {
  Example dropping(1003);
  dropping.drop(0.3);
  for (const Example& example : {Example(1003), dropping}) {
    for (const char* trainer : {"full-batch", "sync"}) {
      TrainingOptions options = rank_options(3, 64);
      options.optimiser.name = "adam";
      const Trained<TestType> expected = train_part<TestType>(trainer, example, options, nullptr);
      for (const std::size_t size : {1u, 2u, 3u, 8u, 11u}) {
        for (const std::size_t threads : {1u, 2u}) {
          INFO(trainer << ": " << size << " ranks of " << threads << " threads");
          options.threads = threads;
          std::vector<Trained<TestType>> of_ranks(size);
          on_ranks(size, [&](Communicator& ranks) {
            of_ranks[ranks.rank()] = train_part<TestType>(trainer, example, options, &ranks);
          });
          for (const Trained<TestType>& rank : of_ranks) {
            REQUIRE(bitwise_equal(rank.theta, expected.theta));
            REQUIRE(rank.trace.loss_per_epoch == expected.trace.loss_per_epoch);
            REQUIRE(rank.trace.mean_loss_per_epoch == expected.trace.mean_loss_per_epoch);
            REQUIRE(rank.trace.samples_trained == expected.trace.samples_trained);
            REQUIRE(rank.trace.ranks == std::min(size, kShards));
            REQUIRE(rank.next_random == expected.next_random);
          }
        }
      }
      CHECK(expected.trace.samples_trained == 3 * 1003);
    }
  }
}

TEST_CASE("one shard is the whole, and more are nearly it") {
  const Example example(1003);
  const TrainingOptions options = rank_options(5, 64);
  const Trained<double> whole =
      train<double>("full-batch", usable_backends().front()->get<double>(), example, options);
  CHECK(bitwise_equal(train_part<double>("full-batch", example, options, nullptr, 1).theta, whole.theta));
  const Trained<double> cut = train_part<double>("full-batch", example, options, nullptr);
  CHECK_FALSE(bitwise_equal(cut.theta, whole.theta));
  for (std::size_t i = 0; i < whole.theta.all().size(); ++i)
    CHECK(cut.theta.all()[i] == Approx(whole.theta.all()[i]).epsilon(1e-10).margin(1e-12));
}

TEST_CASE("an epoch of shards has each sample once, and each batch its share of each shard") {
  const Example example(1003);
  TrainingOptions options = rank_options(2, 64);
  RandomState stream(5);
  Parameters<float> theta = example.parameters<float>();
  const TrainingRun<float> run{
      usable_backends().front()->get<float>(), example.network, example.data, options, theta, stream,
      shards_of_rank(kShards, 1003, 0, 1)};
  Batches<float> batches(run);
  REQUIRE(batches.count() == 16);
  std::vector<std::uint32_t> last;
  for (int epoch = 0; epoch < 2; ++epoch) {
    batches.shuffle();
    std::vector<std::uint32_t> all;
    for (std::size_t b = 0; b < batches.count(); ++b) {
      const auto samples = batches.samples(b);
      REQUIRE(samples.size() == batches.size(b));
      for (std::size_t n = 0; n < samples.size(); ++n) {
        std::size_t shard = 0;  // of column n
        while (first_of_rank(samples.size(), shard + 1, kShards) <= n) ++shard;
        const IndexRange rows = range_of_rank(1003, shard, kShards);
        REQUIRE(samples[n] >= rows.first);
        REQUIRE(samples[n] < rows.end());
      }
      all.insert(all.end(), samples.begin(), samples.end());
    }
    CHECK(all != last);
    last = all;
    std::sort(all.begin(), all.end());
    REQUIRE(all.size() == 1003);
    for (std::size_t n = 0; n < all.size(); ++n) REQUIRE(all[n] == n);
  }
}

TEST_CASE("what shards cannot do is refused in a line") {
  const Example example(100);
  TrainingOptions options = rank_options(1, 12);
  CHECK_THROWS_WITH(train_part<double>("sync", example, options, nullptr),
                    "--batch-size 12: must be a multiple of --shards 8");
  options.batch_size = 16;
  CHECK_THROWS_WITH(train_part<double>("local-sgd", example, options, nullptr),
                    "--shards: is for trainer full-batch or sync, not for local-sgd");
  options.reduction = Reduction::allreduce;
  CHECK_THROWS_AS(train_part<double>("sync", example, options, nullptr), UserError);
}

TEST_CASE("a generator makes the rows of a part alone, with the bits of the whole") {
  const Dataset whole = teacher_labels(503, 7, 0.05, 42);
  const RowRange parts[] = {{3, 100}, {103, 1}, {400, 103}};
  const std::vector<Dataset> made = teacher_labels(503, 7, 0.05, 42, parts);
  for (std::size_t p = 0; p < made.size(); ++p) {
    REQUIRE(made[p].samples() == parts[p].count);
    for (std::size_t i = 0; i < parts[p].count; ++i) {
      for (std::size_t j = 0; j < 7; ++j) REQUIRE(made[p].X(i, j) == whole.X(parts[p].first + i, j));
      REQUIRE(made[p].Y(i, 0) == whole.Y(parts[p].first + i, 0));
    }
  }
}

TEST_CASE("Gaussians that are skipped leave the stream where drawing them does") {
  for (const std::size_t before : {0u, 1u, 2u}) {
    for (const std::size_t count : {0u, 1u, 2u, 3u, 1000u, 1001u}) {
      RandomState drawn(7), skipped(7);
      for (std::size_t n = 0; n < before; ++n) drawn.standard_normal(), skipped.standard_normal();
      for (std::size_t n = 0; n < count; ++n) drawn.standard_normal();
      skipped.skip_normal(count);
      INFO(count << " after " << before);
      for (int n = 0; n < 3; ++n) CHECK(drawn.standard_normal() == skipped.standard_normal());
      CHECK(drawn.random_sample() == skipped.random_sample());
    }
  }
}

TEST_CASE("images of a part of an IDX file are those of the whole") {
  const TemporaryFolder folder;
  const std::string file = folder.write("images", SmallImages(50).images);
  const IdxImages all = read_idx_images(file), part = read_idx_images(file, {11, 20}, 50);
  REQUIRE(part.count == 20);
  REQUIRE(part.bytes.size() == 20 * 16);
  for (std::size_t i = 0; i < part.count; ++i) CHECK(std::ranges::equal(part.image(i), all.image(11 + i)));
  CHECK_THROWS_WITH(read_idx_images(file, {0, 10}, 49),
                    Catch::EndsWith("holds 50 images, and there are 49 labels"));
}

TEST_CASE("a rank's memory is that of its shards") {
  const auto bytes_of = [](std::size_t samples, std::size_t count, std::size_t rank, std::size_t size) {
    const Shards shards = shards_of_rank(count, samples, rank, size);
    const IndexRange own = shards.own_of(samples);
    const std::size_t before = BufferBytes::now();
    BufferBytes::restart_peak();
    const RowRange parts[] = {{own.first, own.count}};
    const std::vector<Dataset> data = teacher_labels(samples, 28, 0.05, 42, parts);
    Example example(1);
    example.network.inputs = 28;
    example.network.layers.back() = {1, Activation::sigmoid};
    example.network.loss = {Loss::binary_cross_entropy, 0.0};
    Parameters<double> theta(example.network);
    RandomState stream(1);
    TrainingOptions options = rank_options(1, 64);
    const TrainingRun<double> run{usable_backends().front()->get<double>(),
                                  example.network,
                                  data.front(),
                                  options,
                                  theta,
                                  stream,
                                  shards};
    const Batches<double> batches(run);
    return BufferBytes::peak() - before;
  };
  const std::size_t alone = bytes_of(40000, 8, 0, 1), eighth = bytes_of(40000, 8, 3, 8);
  CHECK(eighth < alone / 7);
  CHECK(bytes_of(80000, 16, 3, 16) < eighth * 11 / 10);  // twice the data on twice the ranks
}

}  // namespace mlpbench::test
