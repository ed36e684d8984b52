// Under a launcher of MPI: every rank trains every case of tests/training/rank_cases.h with the others and
// alone, and compares the bits. Exit code 1 and a line for each difference; 77 where there is no launcher.
//
//   mpirun -n 4 ranks_check 1 2      on 1 and on 2 threads a rank
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "backends/registry.h"
#include "core/training/communicator.h"
#include "tests/training/rank_cases.h"

namespace mlpbench::test {
namespace {

template <typename T>
int differences(Communicator& ranks, std::size_t threads) {
  int found = 0;
  for (const RankCase& run : rank_cases()) {
    const Trained<T> expected = train_alone<T>(run);
    TrainingOptions options = run.options;
    options.ranks = &ranks;
    options.threads = threads;
    const Trained<T> actual =
        train<T>(run.trainer, usable_backends().front()->get<T>(), run.example, options);
    if (bitwise_equal(actual.theta, expected.theta) &&
        actual.trace.loss_per_epoch == expected.trace.loss_per_epoch)
      continue;
    std::fprintf(stderr, "rank %zu of %zu, %zu threads, float%zu: %.*s, %s: other bits\n", ranks.rank(),
                 ranks.size(), threads, 8 * sizeof(T), static_cast<int>(run.trainer.size()),
                 run.trainer.data(), run.name.c_str());
    ++found;
  }
  return found;
}

int check(int argc, char** argv) {
  Communicator& ranks = launched_ranks();
  if (ranks.size() == 1) {
    std::fprintf(stderr, "ranks_check: no launcher of MPI started this\n");
    return 77;
  }
  int found = 0;
  for (int i = 1; i < argc; ++i) {
    const auto threads = static_cast<std::size_t>(std::atoi(argv[i]));
    found += differences<float>(ranks, threads) + differences<double>(ranks, threads);
  }
  if (ranks.is_first())
    std::printf("%s: %zu ranks, %zu cases\n", ranks.library().c_str(), ranks.size(), rank_cases().size());
  ranks.meet();
  close_launched_ranks();
  return found == 0 ? 0 : 1;
}

}  // namespace
}  // namespace mlpbench::test

int main(int argc, char** argv) {
  try {
    return mlpbench::test::check(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ranks_check: %s\n", error.what());
    return 2;
  }
}
