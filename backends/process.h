#pragma once

#include <optional>

namespace mlpbench {

/// The first call of every program's main.
///
/// OpenBLAS picks its kernels when it is loaded, before main, and a version that does not know the CPU picks
/// ones that are four to five times slower: Debian 12's 0.3.21 takes SSE3 kernels on Sapphire Rapids. When
/// the kernels in use belong to a lesser instruction set than this CPU offers, the process replaces itself
/// once by the same program with OPENBLAS_CORETYPE set to ones that fit. A variable that the user has set is
/// left alone. OpenBLAS is given one thread: the trainers own all parallelism. Without OpenBLAS this does
/// nothing.
void prepare_process(int argc, char** argv);

/// How many threads OpenBLAS computes a product on; empty without OpenBLAS.
std::optional<int> openblas_threads();

}  // namespace mlpbench
