#include <fmt/format.h>

#include "experiments/cli/program.h"
#include "experiments/notebook.h"
#include "experiments/programs/mnist_problem.h"

using namespace mlpbench;

namespace {

/// No notebook to agree with: images of a user are not dropped.
constexpr const char* kDefaults =
    "--trainer mini-batch --epochs 5 --learning-rate 0.1 --batch-size 128 --hidden 128 --seed 42 "
    "--keep-incomplete-batch";

void print(const Problem& problem, const RunResult& result) {
  print_epochs(shown_losses(result.trace));
  fmt::print("Test Accuracy: {:.2f}% of {} images\n", 100.0 * result.test_accuracy.value(),
             problem.test.samples());
}

}  // namespace

int main(int argc, char** argv) {
  MnistQuestion question;
  Program program;
  program.experiment = {
      .name = "mnist",
      .about =
          "trains on images in the IDX files of MNIST, Fashion-MNIST and their like, unpacked.\n"
          "A pixel is a feature, grey / 255. Without test files a fifth of the images is the test set.",
      .defaults = settings_of(kDefaults)};
  program.own_options = {{"--images", "FILE", "train-images-idx3-ubyte", &question.images, true},
                         {"--labels", "FILE", "train-labels-idx1-ubyte", &question.labels, true},
                         {"--test-images", "FILE", "t10k-images-idx3-ubyte", &question.test_images},
                         {"--test-labels", "FILE", "t10k-labels-idx1-ubyte", &question.test_labels}};
  program.examples = {"--images train-images-idx3-ubyte --labels train-labels-idx1-ubyte --dtype float32",
                      "--images I --labels L --test-images TI --test-labels TL --hidden 512,512"};
  program.build = [&](Options& options) { return build_mnist_problem(question, options); };
  program.print = print;
  return run_program(program, argc, argv);
}
