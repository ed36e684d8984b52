#include "core/activation.h"

#include <algorithm>
#include <iterator>

namespace mlpbench {

std::vector<Activation> hidden_activations() {
  std::vector<Activation> hidden;
  std::copy_if(kActivations.begin(), kActivations.end(), std::back_inserter(hidden),
               [](Activation activation) { return !info(activation).last_layer_only; });
  return hidden;
}

}  // namespace mlpbench
