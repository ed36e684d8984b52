#include "experiments/memory.h"

namespace mlpbench {

void require_data_memory(std::string_view option, std::size_t samples, std::size_t features) {
  const double numbers = static_cast<double>(features) + 1.0;
  require_memory(option, "the data set", (16.0 * numbers + 24.0) * static_cast<double>(samples));
}

void require_network_memory(std::string_view option, std::string_view what, std::size_t inputs,
                            std::span<const LayerSpec> layers, std::size_t samples_at_once) {
  double parameters = 0.0, kept = 0.0;
  for (const LayerSpec& layer : layers) {
    const auto units = static_cast<double>(layer.units);
    parameters += (static_cast<double>(inputs) + 1.0) * units;
    kept += units * static_cast<double>(layer.kept());
    inputs = layer.units;
  }
  require_memory(option, what,
                 sizeof(double) * (5.0 * parameters + kept * static_cast<double>(samples_at_once)));
}

}  // namespace mlpbench
