// Subnormal numbers in training: flushed or kept, in every thread, and the caller's mode afterwards.

#include <atomic>
#include <bit>
#include <limits>
#include <map>
#include <set>

#include "core/training/thread_pool.h"
#include "support/cpu.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/backends.h"
#include "tests/support/sizes.h"
#include "tests/training/example.h"

namespace mlpbench::test {
namespace {

/// By its bits: to an instruction that takes subnormal operands for 0 it would be equal to 0.
template <typename T>
bool is_subnormal(T value) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  const Bits magnitude = std::bit_cast<Bits>(value) << 1 >> 1;
  return magnitude != 0 && magnitude < std::bit_cast<Bits>(std::numeric_limits<T>::min());
}

/// A backend whose every result is looked at.
template <typename T>
class Watched final : public Backend<T> {
 public:
  /// `fused`: chunk_gradients() is the backend's own, else composed of the operations.
  Watched(const BackendEntry& entry, bool fused)
      : inner_(entry.get<T>()),
        fused_(fused),
        // The weight gradients of a library with threads of its own are theirs, in their mode.
        sees_weight_gradients_(!entry.library || entry.library().threads == 1) {}

  std::size_t subnormals() const { return subnormals_; }

  void dense_forward(MatrixView<const T> W, std::span<const T> b, MatrixView<const T> X,
                     Activation activation, MatrixView<T> A, std::span<T> scratch,
                     MatrixView<T> Z) const noexcept override {
    inner_.dense_forward(W, b, X, activation, A, scratch, Z);
    see(A);
    see(Z);
  }
  double output_delta(const LossSpec& loss, Activation activation, MatrixView<const T> A,
                      MatrixView<const T> Y, MatrixView<T> dZ,
                      MatrixView<const T> Z) const noexcept override {
    const double sum = inner_.output_delta(loss, activation, A, Y, dZ, Z);
    see(dZ);
    return sum;
  }
  void weight_gradient(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                       std::span<T> db, std::span<T> scratch) const noexcept override {
    inner_.weight_gradient(dZ, X, scale, dW, db, scratch);
    if (!sees_weight_gradients_) return;
    see(dW);
    see(db);
  }
  void weight_gradient_block(MatrixView<const T> dZ, MatrixView<const T> X, T scale, MatrixView<T> dW,
                             std::span<T> db, Block block, std::span<T> scratch) const noexcept override {
    inner_.weight_gradient_block(dZ, X, scale, dW, db, block, scratch);
    if (!sees_weight_gradients_) return;
    see(MatrixView<const T>{&dW(block.row, block.col), block.rows, block.cols, dW.stride});
    if (block.col == 0) see(db.subspan(block.row, block.rows));
  }
  void input_delta(MatrixView<const T> W, MatrixView<const T> dZ, MatrixView<const T> saved_prev,
                   Activation activation, MatrixView<T> dZ_prev,
                   std::span<T> scratch) const noexcept override {
    inner_.input_delta(W, dZ, saved_prev, activation, dZ_prev, scratch);
    see(dZ_prev);
  }
  void update(const UpdateRule<T>& rule, std::span<T> theta, std::span<const T> gradient,
              MatrixView<T> state) const noexcept override {
    inner_.update(rule, theta, gradient, state);
    see(theta);
    see(state);
  }
  void accumulate(std::span<T> sum, std::span<const T> addend) const noexcept override {
    inner_.accumulate(sum, addend);
    see(sum);
  }
  std::size_t scratch_size(const NetworkSpec& network, std::size_t batch) const noexcept override {
    return inner_.scratch_size(network, batch);
  }
  double chunk_gradients(const NetworkSpec& network, const Parameters<T>& theta, MatrixView<const T> X,
                         MatrixView<const T> Y, T gradient_scale, Parameters<T>& gradient,
                         Workspace<T>& workspace) const noexcept override {
    if (!fused_) {
      return Backend<T>::chunk_gradients(network, theta, X, Y, gradient_scale, gradient, workspace);
    }
    const double loss = inner_.chunk_gradients(network, theta, X, Y, gradient_scale, gradient, workspace);
    if (sees_weight_gradients_) see(gradient.all());
    return loss;
  }

 private:
  void see(MatrixView<const T> results) const noexcept {
    for (std::size_t i = 0; i < results.rows; ++i) see(std::span(results.row(i), results.cols));
  }
  void see(MatrixView<T> results) const noexcept { see(MatrixView<const T>(results)); }
  void see(std::span<const T> results) const noexcept {
    subnormals_ += static_cast<std::size_t>(std::count_if(results.begin(), results.end(), is_subnormal<T>));
  }

  const Backend<T>& inner_;
  bool fused_, sees_weight_gradients_;
  mutable std::atomic<std::size_t> subnormals_ = 0;
};

/// 3-5-4-2 ReLU, ReLU, softmax with small weights. In T the second layer's outputs and deltas are then
/// subnormal, and so are the gradients of the third layer's weights.
template <typename T>
struct Tiny : Example {
  Tiny() : Example(60) {
    network.layers[0].activation = Activation::relu;
    const double least = static_cast<double>(std::numeric_limits<T>::min()), root = std::sqrt(least);
    const double scales[] = {root, 0.1 * root, 0.1 * least};
    for (std::size_t l = 0; l < 3; ++l) {
      const MatrixView<double> W = initial.W(l);
      for (std::size_t i = 0; i < W.rows; ++i) {
        for (std::size_t j = 0; j < W.cols; ++j) W(i, j) *= scales[l];
      }
      for (double& b : initial.b(l)) b = 0.0;
    }
  }
};

/// A trainer, and how it is run.
struct Way {
  std::string_view trainer;
  TrainingOptions options;
};

/// Every trainer on one thread and on three, hogwild in both forms, and inference.
std::vector<Way> ways(bool threads) {
  std::vector<Way> all;
  for (const TrainerEntry& trainer : all_trainers()) {
    for (const std::size_t count : Sizes{1, 3}) {
      if (count > 1 && (!threads || !trainer.parallel)) continue;
      for (const HogwildForm form : {HogwildForm::strict, HogwildForm::fast}) {
        if (form == HogwildForm::fast && !trainer.reads("--hogwild-form")) continue;
        TrainingOptions options;
        options.epochs = 2;
        options.learning_rate = 0.5;
        options.batch_size = 10;
        options.threads = count;
        options.force_parallel = count > 1;
        options.workers = 3;
        options.local_steps = 2;
        options.hogwild_form = form;
        all.push_back({trainer.name, options});
      }
    }
  }
  all.push_back({kPredict, all.front().options});
  return all;
}

constexpr Subnormals kModes[] = {Subnormals::flush, Subnormals::keep};

/// What flushing_bits() says in a mode.
std::string bits_of(Subnormals mode) {
  const SubnormalsScope scope(mode);
  return flushing_bits();
}

/// "FTZ and DAZ" ("FZ" on aarch64) or "", and all other control bits too.
std::string state() {
#if defined(__x86_64__)
  constexpr unsigned kStatus = 0x3F;
  return flushing_bits() + " " + std::to_string(__builtin_ia32_stmxcsr() & ~kStatus);
#else
  std::uint64_t control = 0;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  return flushing_bits() + " " + std::to_string(control);
#endif
}

}  // namespace

TEST_CASE("a scope sets the mode of its thread, and puts back the one before") {
  CHECK(bits_of(Subnormals::flush) != "");
  CHECK(bits_of(Subnormals::keep) == "");
  const std::string before = state();
  volatile float least = std::numeric_limits<float>::min();
  for (const Subnormals outer : kModes) {
    const SubnormalsScope scope(outer);
    for (const Subnormals inner : kModes) {
      const SubnormalsScope nested(inner);
      const volatile float half = least * 0.5f, whole = half * 2.0f;
      CHECK(is_subnormal<float>(half) == (inner == Subnormals::keep));
      CHECK((std::bit_cast<std::uint32_t>(static_cast<float>(whole)) != 0) == (inner == Subnormals::keep));
    }
    CHECK(flushing_bits() == bits_of(outer));
    const volatile float subnormal = std::bit_cast<float>(1U), scaled = subnormal * 0x1p100f;
    CHECK((std::bit_cast<std::uint32_t>(static_cast<float>(scaled)) != 0) == (outer == Subnormals::keep));
  }
  CHECK(state() == before);
}

TEMPLATE_TEST_CASE("no result of training is subnormal where they are flushed; some are where they are kept",
                   "", float, double) {
  using T = TestType;
  const Tiny<T> example;
  for_each_backend(kDTypeOf<T>, [&](const BackendEntry& entry) {
    const bool own_threads = entry.library && entry.library().threads > 1;
    for (Way& way : ways(!own_threads)) {
      for (const bool fused : {false, true}) {
        if (fused && way.trainer == kPredict) continue;
        for (const Subnormals mode : kModes) {
          INFO(way.trainer << " on " << way.options.threads << " threads, fused " << fused << ", "
                           << (mode == Subnormals::flush ? "flush" : "keep"));
          const Watched<T> watched(entry, fused);
          way.options.subnormals = mode;
          const Trained<T> trained = train<T>(way.trainer, watched, example, way.options);
          CHECK((watched.subnormals() > 0) == (mode == Subnormals::keep));
          if (way.trainer == kPredict) continue;
          const std::span<const T> theta = trained.theta.all();
          CHECK(std::any_of(theta.begin(), theta.end(), is_subnormal<T>) == (mode == Subnormals::keep));
        }
      }
    }
  });
}

TEMPLATE_TEST_CASE("training on subnormals leaves the same bits on all threads and backends of a family", "",
                   float, double) {
  using T = TestType;
  const Tiny<T> example;
  for (const Subnormals mode : kModes) {
    std::map<std::string, Parameters<T>> of_family;
    for_each_backend(kDTypeOf<T>, [&](const BackendEntry& entry) {
      for (Way& way : ways(entry.block_invariant)) {
        if (way.trainer == kPredict || !find_trainer(way.trainer).deterministic) continue;
        way.options.subnormals = mode;
        const Trained<T> trained = train<T>(way.trainer, entry.get<T>(), example, way.options);
        const std::string family(entry.rounding_family.empty() ? entry.name : entry.rounding_family);
        const auto [first, is_new] =
            of_family.try_emplace(family + " " + std::string(way.trainer), trained.theta);
        INFO(first->first << " on " << way.options.threads << " threads, "
                          << (mode == Subnormals::flush ? "flush" : "keep"));
        CHECK((is_new || bitwise_equal(trained.theta, first->second)));
      }
    });
  }
}

TEST_CASE("the caller's mode is as before after training, and after an exception") {
  const Example example(60);
  for (const Way& way : ways(true)) {
    for (const Subnormals before : kModes) {
      for (const Subnormals mode : kModes) {
        INFO(way.trainer << " on " << way.options.threads << " threads");
        const SubnormalsScope scope(before);
        const std::string expected = state();
        std::set<std::string> during;
        TrainingOptions options = way.options;
        options.subnormals = mode;
        options.progress = [&](std::size_t) { during.insert(flushing_bits()); };
        train<double>(way.trainer, reference_backend<double>(), example, options);
        CHECK(state() == expected);
        if (way.trainer == kPredict) continue;
        CHECK(during == std::set<std::string>{bits_of(mode)});
        options.learning_rate = std::numeric_limits<double>::infinity();
        CHECK_THROWS_AS(train<double>(way.trainer, reference_backend<double>(), example, options),
                        WrongResult);
        CHECK(state() == expected);
      }
    }
  }
}

TEST_CASE("flushing differs between the architectures at the smallest normal number alone") {
  // 2^-126 (1 - 2^-26) rounds up to the smallest normal number. x86-64 asks whether a result is tiny after
  // it was rounded, ARM before: Intel SDM, volume 1, 11.5.2.5; Arm ARM for A-profile, FPRound() with FPCR.FZ.
  constexpr float kLeast = std::numeric_limits<float>::min();
  const volatile float below_one = 0x1.fffp-1f, above_least = 0x1.0008p-126f, half = 0.5f;
  const auto product = [&](float factor) { return static_cast<float>(factor * above_least); };
  {
    const SubnormalsScope scope(Subnormals::keep);
    CHECK(product(below_one) == kLeast);
    CHECK(product(half) == 0x1.0008p-127f);
  }
  const SubnormalsScope scope(Subnormals::flush);
  const volatile float boundary = product(below_one), subnormal = product(half);
  CHECK(std::bit_cast<std::uint32_t>(static_cast<float>(boundary)) ==
        (architecture() == "aarch64" ? 0U : std::bit_cast<std::uint32_t>(kLeast)));
  CHECK(std::bit_cast<std::uint32_t>(static_cast<float>(subnormal)) == 0U);
}

}  // namespace mlpbench::test
