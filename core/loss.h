// The losses: one file each in core/losses, and here a line in each of the two lists.
#pragma once

#include "core/losses/binary_cross_entropy.h"
#include "core/losses/huber.h"
#include "core/losses/mean_absolute_error.h"
#include "core/losses/mean_squared_error.h"
#include "core/losses/softmax_cross_entropy.h"

namespace mlpbench {

/// An entry has `info`; value(a, y, spec), what one output adds to the loss; and delta(a, y, spec), the
/// derivative that training uses. It is in z where the last activation is the canonical one, else in a.
using LossTypes = TypeList<math::BinaryCrossEntropy, math::SoftmaxCrossEntropy, math::MeanSquaredError,
                           math::Huber, math::MeanAbsoluteError>;

/// What training lowers.
enum class Loss {
  binary_cross_entropy = LossTypes::index<math::BinaryCrossEntropy>(),
  softmax_cross_entropy = LossTypes::index<math::SoftmaxCrossEntropy>(),
  mean_squared_error = LossTypes::index<math::MeanSquaredError>(),
  huber = LossTypes::index<math::Huber>(),
  mean_absolute_error = LossTypes::index<math::MeanAbsoluteError>()
};

/// body(math::BinaryCrossEntropy{}) for Loss::binary_cross_entropy, and so on.
template <typename Body>
[[gnu::always_inline]] inline constexpr decltype(auto) visit(Loss loss, Body&& body) {
  return LossTypes::visit(static_cast<std::size_t>(loss), body);
}

constexpr const LossInfo& info(Loss loss) noexcept {
  return visit(loss, [](auto of) -> const LossInfo& { return decltype(of)::info; });
}
inline std::string_view to_string(Loss loss) noexcept { return info(loss).name; }

inline constexpr auto kLosses = LossTypes::values<Loss>();

/// Whether the loss may follow `last`.
constexpr bool fits(Loss loss, Activation last) noexcept {
  return info(loss).canonical_only ? last == info(loss).canonical : !info(last).last_layer_only;
}

/// body(of, act) of a loss and of the activation that its derivative goes back through. That is the last
/// layer's, or the identity where the derivative is in z. A choice at each output costs up to 6 ns.
template <typename Body>
[[gnu::always_inline]] inline constexpr decltype(auto) visit(Loss loss, Activation last, Body&& body) {
  return visit(loss, [&](auto of) {
    if constexpr (decltype(of)::info.canonical_only) {
      return body(of, math::Identity{});
    } else {
      return visit(last, [&](auto act) { return body(of, act); });
    }
  });
}

/// What one output a adds to the loss.
template <typename T>
T loss_value(const LossSpec& loss, T a, T y) {
  return visit(loss.kind, [&](auto of) { return of.value(a, y, loss); });
}

/// dZ of one output a, whose activation has the derivative of `saved`.
template <typename T>
T output_delta_of(const LossSpec& loss, Activation last, T a, T saved, T y) {
  return visit(loss.kind, last, [&](auto of, auto act) { return act.backward(saved, of.delta(a, y, loss)); });
}

}  // namespace mlpbench
