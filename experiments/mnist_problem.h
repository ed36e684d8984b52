#pragma once

#include <memory>
#include <string>

#include "experiments/experiment.h"

namespace mlpbench {

/// The IDX files to train on. Without test files a fifth of the training files is the test set.
struct MnistQuestion {
  std::string images, labels;
  std::string test_images, test_labels;
};

/// The experiment of IDX files, which are read whenever a problem is built:
///   - a pixel is a feature, its grey value / 255, from 0 to 1;
///   - the classes are 0 to the largest training label, one-hot;
///   - without test files, train_test_split(split_seed) of the training files;
///   - ReLU, softmax and cross-entropy; weights are Gaussians from RandomState(seed) times sqrt(2 / inputs),
///     layer by layer, W in rows of units, biases 0.
/// The grey values are widened
/// straight into the two sets, so that no sample is held twice: with the files' bytes 9 (pixels) + 8
/// (classes) bytes a sample, and the trainer's own copy. Building throws UserError, one line that
/// begins with the file or the option, for a file that core/data/idx.h refuses, as many labels as there are
/// not images, test images of another size than the training images, a test label that the training labels do
/// not reach, one class only, too few images, one of the two test files alone, or more data than this machine
/// can hold.
Experiment mnist_experiment(std::shared_ptr<const MnistQuestion> question);

}  // namespace mlpbench
