#include <fmt/format.h>

#include "experiments/cli/program.h"
#include "experiments/notebook.h"
#include "experiments/programs/mnist_problem.h"

using namespace mlpbench;

namespace {

Settings default_settings() {
  Settings settings;
  settings.hidden = {128};
  settings.epochs = 5;
  settings.learning_rate = 0.1;
  settings.batch_size = 128;
  settings.seed = 42;
  settings.keep_incomplete_batch = true;  // no notebook to agree with, and images of a user are not dropped
  settings.trainer = "mini-batch";
  return settings;
}

void print(const Problem& problem, const RunResult& result) {
  print_epochs(shown_losses(result.trace));
  fmt::print("Test Accuracy: {:.2f}% of {} images\n", 100.0 * result.test_accuracy.value(),
             problem.test.samples());
}

}  // namespace

int main(int argc, char** argv) {
  MnistQuestion question;
  Program program;
  program.experiment.name = "mnist";
  program.experiment.about =
      "mnist: trains on images in the IDX files of MNIST, Fashion-MNIST and their like, unpacked.\n"
      "A pixel is a feature, grey / 255. Without test files a fifth of the images is the test set.";
  program.experiment.defaults = default_settings();
  program.command_line = {
      .program = program.experiment.name,
      .about = program.experiment.about,
      .defaults = program.experiment.defaults,
      .own_options = {{"--images", "FILE", "train-images-idx3-ubyte", &question.images, true},
                      {"--labels", "FILE", "train-labels-idx1-ubyte", &question.labels, true},
                      {"--test-images", "FILE", "t10k-images-idx3-ubyte", &question.test_images},
                      {"--test-labels", "FILE", "t10k-labels-idx1-ubyte", &question.test_labels}},
      .examples = {"--images train-images-idx3-ubyte --labels train-labels-idx1-ubyte --dtype float32",
                   "--images I --labels L --test-images TI --test-labels TL --hidden 512,512"},
  };
  program.build = [&](Options& options) { return build_mnist_problem(question, options); };
  program.print = print;
  return run_program(program, argc, argv);
}
