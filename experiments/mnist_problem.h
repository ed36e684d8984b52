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
/// The grey values are widened directly into the two sets, so that no sample is held twice. With the files'
/// bytes that is 9 (pixels) + 8 (classes) bytes a sample, and the trainer's own copy. Building throws
/// UserError, one line that begins with the file or the option. The reasons are: a file that core/data/idx.h
/// refuses, different numbers of labels and images, or test images of another size than the training images.
/// Or a test label that the training labels do not have, one class only, too few images, or one of the two
/// test files alone. Or more data than this machine can hold.
Experiment mnist_experiment(std::shared_ptr<const MnistQuestion> question);

}  // namespace mlpbench
