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

RankParts rank_parts(const NetworkSpec& network, std::size_t batch, std::size_t ranks,
                     Reduction reduction) noexcept {
  if (reduction == Reduction::allreduce) return RankParts::chunks;
  const std::size_t chunks = Chunks(network, batch).count(), most = ceil_div(chunks, ranks);
  if (8 * most * ranks <= 9 * chunks) return RankParts::chunks;
  const bool needs_z = info(network.layers.back().activation).needs_z;
  const std::size_t units = network.unit_count(), rows = units + (needs_z ? network.outputs() : 0);
  const std::size_t parameters = network.parameter_count();
  const std::size_t most_samples =
      std::min(batch, ceil_div(ceil_div(batch, kBlockSamples), ranks) * kBlockSamples);
  const std::size_t sent = (rows + ceil_div(units, ranks)) * most_samples + ceil_div(parameters, ranks);
  if (10 * sent * (ranks - 1) <= 22 * parameters) return RankParts::tiles;
  return chunks > 1 ? RankParts::chunks : RankParts::none;
}

std::size_t busy_ranks(const NetworkSpec& network, std::size_t batch, std::size_t ranks,
                       Reduction reduction) noexcept {
  const RankParts parts = rank_parts(network, batch, ranks, reduction);
  if (parts == RankParts::none) return 1;
  if (parts == RankParts::chunks && reduction == Reduction::ordered)
    return std::min(ranks, Chunks(network, batch).count());
  std::size_t most = ceil_div(batch, kBlockSamples);  // of what ranks get: samples, and of tiles rows too
  for (const LayerSpec& layer : network.layers)
    most = std::max(most, parts == RankParts::tiles ? layer.units : most);
  return std::min(ranks, most);
}

}  // namespace mlpbench
