// What a saved network says of the rows of a CSV file.

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "experiments/cli/command_page.h"
#include "experiments/cli/program_main.h"
#include "experiments/cli/provenance.h"
#include "experiments/csv_prediction.h"
#include "experiments/csv_question.h"
#include "support/atomic_file.h"
#include "support/error.h"

namespace mlpbench {
namespace {

constexpr const char* kFooter =
    "Examples:\n"
    "  train_csv flowers.csv --target species --save flowers.safetensors\n"
    "  predict --load flowers.safetensors new.csv --output predicted.csv\n"
    "\n"
    "Exit codes: 0 done, 2 wrong usage, file or data";

int run(int argc, char** argv, StandardOutput& output) {
  CsvQuestion question;
  std::string load, backend, file;
  CLI::App app(
      "predict: the classes and probabilities, or values, that a network of train_csv --save gives\n"
      "for the rows of a CSV file. Columns are found by their names.",
      "predict");
  app.set_version_flag("--version", version_line());
  const auto option = [&](const char* name, std::string& value, const char* type, const char* about) {
    CLI::Option* added = app.add_option(name, value, about);
    set_type(*added, type);
    return added;
  };
  option("FILE", question.file, "", "the rows; - is stdin")->required();
  option("--load", load, "FILE", "the network, of train_csv --save")->required();
  set_type(*option("--backend", backend, "NAME", "that computes (the fastest)"), "NAME",
           names_of(all_backends()));
  option("--delimiter", question.delimiter, "CHAR", "between cells, such as ; or tab (,)");
  option("--decimal", question.decimal, "CHAR", "of numbers: . or , (.)");
  option("--output", file, "FILE", "for the predictions (stdout)");
  add_backend_options(app, "Options");
  app.footer(kFooter);
  if (!parse_command_line(app, argc, argv, output)) return kExitOk;

  add_backends(added_backends(app));
  if (!file.empty()) require_writable("--output", file);
  const Model model = read_model(load);
  const BackendEntry& computes = find_backend(
      backend.empty() ? usable_backends().front()->name : std::string_view(backend), model.dtype);
  const Predictions predictions = predict_csv(model, read_csv(question.file, format_of(question)), computes);
  if (!predictions.unseen_names.empty()) report("predict", "note: " + predictions.unseen_names);
  if (file.empty()) {
    output.print([&] { fmt::print("{}", predictions.text); });
  } else {
    write_file("--output", file, predictions.text);
  }
  return kExitOk;
}

}  // namespace
}  // namespace mlpbench

int main(int argc, char** argv) {
  return mlpbench::program_main(
      "predict", [&](mlpbench::StandardOutput& output) { return mlpbench::run(argc, argv, output); });
}
