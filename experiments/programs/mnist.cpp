#include "experiments/cli/program.h"
#include "experiments/mnist_problem.h"

using namespace mlpbench;

int main(int argc, char** argv) {
  const auto question = std::make_shared<MnistQuestion>();
  Program program;
  program.experiment = mnist_experiment(question);
  program.own_options = {{"--images", "FILE", "train-images-idx3-ubyte", &question->images, true},
                         {"--labels", "FILE", "train-labels-idx1-ubyte", &question->labels, true},
                         {"--test-images", "FILE", "t10k-images-idx3-ubyte", &question->test_images},
                         {"--test-labels", "FILE", "t10k-labels-idx1-ubyte", &question->test_labels}};
  program.examples = {"--images train-images-idx3-ubyte --labels train-labels-idx1-ubyte --dtype float32",
                      "--images I --labels L --test-images TI --test-labels TL --hidden 512,512"};
  return run_program(program, argc, argv);
}
