// The activations: one file each in core/activations, and here a line in each of the two lists. Kernels,
// tests and command lines iterate over them.
#pragma once

#include <string_view>
#include <vector>

#include "core/activations/elu.h"
#include "core/activations/gelu.h"
#include "core/activations/hard_tanh.h"
#include "core/activations/identity.h"
#include "core/activations/leaky_relu.h"
#include "core/activations/relu.h"
#include "core/activations/sigmoid.h"
#include "core/activations/silu.h"
#include "core/activations/softmax.h"
#include "core/activations/softplus.h"
#include "core/activations/tanh.h"
#include "core/matrix_view.h"
#include "support/type_list.h"

namespace mlpbench {

/// An entry has `info`, forward(z) = act(z) of one element, and backward(s, dA) = dA * act'(z). There s is
/// act(z), or z itself if the entry needs it. V is a number or a vector of them.
using ActivationTypes =
    TypeList<math::Relu, math::Tanh, math::Sigmoid, math::Elu, math::Identity, math::LeakyRelu,
             math::HardTanh, math::Silu, math::Softplus, math::Gelu, math::GeluTanh, math::Softmax>;

/// The function of a layer.
enum class Activation {
  relu = ActivationTypes::index<math::Relu>(),
  tanh = ActivationTypes::index<math::Tanh>(),
  sigmoid = ActivationTypes::index<math::Sigmoid>(),
  elu = ActivationTypes::index<math::Elu>(),
  identity = ActivationTypes::index<math::Identity>(),
  leaky_relu = ActivationTypes::index<math::LeakyRelu>(),
  hard_tanh = ActivationTypes::index<math::HardTanh>(),
  silu = ActivationTypes::index<math::Silu>(),
  softplus = ActivationTypes::index<math::Softplus>(),
  gelu = ActivationTypes::index<math::Gelu>(),
  gelu_tanh = ActivationTypes::index<math::GeluTanh>(),
  softmax = ActivationTypes::index<math::Softmax>()
};

/// body(math::Relu{}) for Activation::relu, and so on.
template <typename Body>
[[gnu::always_inline]] inline constexpr decltype(auto) visit(Activation activation, Body&& body) {
  return ActivationTypes::visit(static_cast<std::size_t>(activation), body);
}

constexpr const ActivationInfo& info(Activation activation) noexcept {
  return visit(activation, [](auto act) -> const ActivationInfo& { return decltype(act)::info; });
}
inline std::string_view to_string(Activation activation) noexcept { return info(activation).name; }

inline constexpr auto kActivations = ActivationTypes::values<Activation>();

/// Those that are not for the last layer only.
std::vector<Activation> hidden_activations();

/// act(z), and dA * act'(z) from `saved`, which is z or act(z).
template <typename T>
T forward(Activation activation, T z) {
  return visit(activation, [&](auto act) { return act.forward(z); });
}
template <typename T>
T backward(Activation activation, T saved, T dA) {
  return visit(activation, [&](auto act) { return act.backward(saved, dA); });
}

/// What an activation does to all units of a sample, in place; nothing for those that go by element.
template <typename T>
void forward_units(Activation activation, MatrixView<T> A) {
  visit(activation, [&](auto act) {
    if constexpr (decltype(act)::info.last_layer_only) {
      for (std::size_t n = 0; n < A.cols; ++n) {
        act.template forward_units<T>(
            A.rows, [&](std::size_t u) { return A(u, n); }, [&](std::size_t u, T a) { A(u, n) = a; });
      }
    }
  });
}

}  // namespace mlpbench
