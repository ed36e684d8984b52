#include "core/training/parallel_step.h"

namespace mlpbench {

StepParts step_parts(const NetworkSpec& network, std::size_t batch, std::size_t threads,
                     std::size_t element_bytes) noexcept {
  const std::size_t chunks = Chunks(network, batch).count();
  const std::size_t most = ceil_div(chunks, threads);  // of one thread
  if (8 * most * threads <= 9 * chunks) return {true, chunks};
  return {false, ceil_div(batch, samples_of_block(batch, threads)),
          2 * network.unit_count() * batch * element_bytes};
}

}  // namespace mlpbench
