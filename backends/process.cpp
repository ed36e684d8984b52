#include "backends/process.h"

namespace mlpbench {

// Linked when the blas backend, which has the real one, is not built.
void prepare_process(int, char**) {}

std::optional<int> openblas_threads() { return std::nullopt; }

}  // namespace mlpbench
