// Times each operation of core/backend.h by itself: see add_operation_rows().

#include <CLI/CLI.hpp>

#include "bench/operations/suite.h"
#include "experiments/cli/command_page.h"

using namespace mlpbench;

int main(int argc, char** argv) {
  constexpr SuiteText kText = {"bench_ops",
                               "Times each operation of a training step by itself, on every backend.",
                               "dense_forward/.*/512x784x256/float32"};
  std::vector<std::string> shapes;
  const auto add_options = [&shapes](CLI::App& app) {
    CLI::Option* option =
        app.add_option("--shape", shapes, "only products: units x inputs x batch, 512x784x256");
    option->delimiter(',')->group("Shapes of your own");
    set_type(*option, "SHAPE[,...]");
  };
  return suite_main(argc, argv, kText, add_options, [&shapes](Suite& suite) {
    if (shapes.empty()) return add_operation_rows(suite, all_backends());
    add_product_rows(suite, all_backends(), shapes);
  });
}
