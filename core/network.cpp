#include "core/network.h"

#include <stdexcept>

namespace mlpbench {

std::size_t NetworkSpec::parameter_count() const noexcept {
  std::size_t count = 0;
  for (std::size_t l = 0; l < layers.size(); ++l) count += layers[l].units * (inputs_of(l) + 1);
  return count;
}

std::size_t NetworkSpec::unit_count() const noexcept {
  std::size_t count = 0;
  for (const LayerSpec& layer : layers) count += layer.units;
  return count;
}

std::string NetworkSpec::shape() const {
  std::string text = std::to_string(inputs);
  for (const LayerSpec& layer : layers) text += "-" + std::to_string(layer.units);
  return text;
}

void NetworkSpec::validate() const {
  if (inputs == 0) throw std::invalid_argument("network: no inputs");
  if (layers.empty()) throw std::invalid_argument("network: no layers");
  for (std::size_t l = 0; l < layers.size(); ++l) {
    if (layers[l].units == 0) throw std::invalid_argument("network: a layer without units");
    const double dropout = layers[l].dropout;
    if (!(dropout >= 0.0 && dropout < 1.0)) throw std::invalid_argument("network: dropout is in [0, 1)");
    if (dropout != 0.0 && l + 1 == layers.size()) {
      throw std::invalid_argument("network: dropout is for hidden layers");
    }
    if (info(layers[l].activation).last_layer_only && l + 1 < layers.size()) {
      throw std::invalid_argument("network: " + std::string(to_string(layers[l].activation)) +
                                  " is for the last layer");
    }
  }
  const Activation last = layers.back().activation;
  if (!fits(loss.kind, last)) {
    throw std::invalid_argument("network: " + std::string(to_string(loss.kind)) + " does not go with " +
                                std::string(to_string(last)));
  }
}

template <typename T>
Parameters<T>::Parameters(const NetworkSpec& network) : buffer_(network.parameter_count()) {
  std::size_t offset = 0;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const std::size_t units = network.layers[l].units, inputs = network.inputs_of(l);
    shapes_.push_back({offset, units, inputs});
    offset += units * (inputs + 1);
  }
}

template <typename T>
MatrixView<T> Parameters<T>::W(std::size_t l) noexcept {
  const LayerShape& s = shapes_[l];
  return {buffer_.data() + s.offset, s.units, s.inputs, s.inputs};
}

template <typename T>
MatrixView<const T> Parameters<T>::W(std::size_t l) const noexcept {
  const LayerShape& s = shapes_[l];
  return {buffer_.data() + s.offset, s.units, s.inputs, s.inputs};
}

template <typename T>
std::span<T> Parameters<T>::b(std::size_t l) noexcept {
  const LayerShape& s = shapes_[l];
  return {buffer_.data() + s.offset + s.units * s.inputs, s.units};
}

template <typename T>
std::span<const T> Parameters<T>::b(std::size_t l) const noexcept {
  const LayerShape& s = shapes_[l];
  return {buffer_.data() + s.offset + s.units * s.inputs, s.units};
}

template class Parameters<float>;
template class Parameters<double>;

}  // namespace mlpbench
