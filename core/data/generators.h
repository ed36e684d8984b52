#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/random_state.h"

namespace mlpbench {

// Synthetic data, drawn as the NumPy notebooks draw them. The values equal NumPy's to the last bit where sin
// and cos are the C library's. A NumPy with its own vectorised ones differs by up to 4e-16.

/// Two interleaving half circles of radius 1: `sklearn.datasets.make_moons(samples, noise=noise,
/// random_state=seed)`.
///
/// X is (samples x 2), Y (samples x 1), samples/2 points of label 0, the rest of label 1:
///   label 0: (cos t, sin t)              t = linspace(0, pi, samples / 2)
///   label 1: (1 - cos t, 1 - sin t - 0.5)  t = linspace(0, pi, samples - samples / 2)
/// The rows are shuffled, then noise * Gaussian is added to x and y of every row in turn. noise 0 draws the
/// Gaussians, nullopt does not. Throws std::invalid_argument when noise is negative or not finite.
Dataset make_moons(std::size_t samples, std::optional<double> noise, std::uint32_t seed);

/// A flower of four rays in two interleaved classes, the planar data set of the notebooks.
///
/// X is (samples x 2), Y (samples x 1), first all of label 0, then all of label 1. For label l, with m =
/// samples / 2:
///   angle  = linspace(3.12 l, 3.12 (l + 1), m) + 0.2 * m Gaussians
///   radius = 4 sin(4 angle) + 0.2 * m Gaussians
///   point  = (radius sin(angle), radius cos(angle))
/// `stream` is left where the notebook goes on to draw its weights. Throws std::invalid_argument when samples
/// is odd.
Dataset planar_flower(RandomState& stream, std::size_t samples = 400);

/// A noisy line, y = 3 x + 2 + 0.1 g. X (samples x 1) is drawn first, uniform in [0, 1), then Y (samples x 1)
/// with as many Gaussians g. The notebook draws its weights from `stream` before this.
Dataset linear_regression(RandomState& stream, std::size_t samples = 100);

/// Inputs of the shape of tabular data, labelled by a network that the student does not know. They serve
/// measurements on any number of samples.
///
/// X is (samples x features) of Gaussians, Y (samples x 1). RandomState(seed) draws V (16 x features) and v
/// (16), both Gaussian, then X row after row. Then it draws u (samples), uniform in [0, 1). For every row x
/// of X:
///   score = sum_k v_k tanh(2 / sqrt(features) sum_j V_kj x_j)
///   label = score > 0, turned round where u < label_noise
/// The score is odd in x, so both labels are equally likely. No network is right more often than 1 -
/// label_noise on average (the Bayes accuracy). Holds one copy of X and nothing else that grows with samples
/// but Y. Throws std::invalid_argument when features is 0 or label_noise is not in [0, 0.5).
Dataset teacher_labels(std::size_t samples, std::size_t features, double label_noise, std::uint32_t seed);

/// The same of the rows [first, first + count) of `samples`, for each of `parts`, which ascend and do not
/// overlap. Holds these rows alone; what lies between them is drawn and thrown away.
std::vector<Dataset> teacher_labels(std::size_t samples, std::size_t features, double label_noise,
                                    std::uint32_t seed, std::span<const RowRange> parts);

}  // namespace mlpbench
