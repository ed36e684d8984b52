#include "experiments/csv_prediction.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "support/format.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// A cell of CSV (RFC 4180): in quotes where it has to be.
std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

template <typename T>
Matrix<double> model_outputs(const Model& model, const Matrix<double>& X, const BackendEntry& backend) {
  Parameters<T> theta(model.network);
  theta.assign(model.parameters);
  return predict_all(backend.get<T>(), model.network, theta, X);
}

/// The shortest text that reads back as the value in the model's precision.
std::string number_text(double value, DType dtype) {
  return dtype == DType::float32 ? fmt::format("{}", static_cast<float>(value)) : fmt::format("{}", value);
}

/// The probability of each class: a single output is that of the second one.
std::vector<double> probabilities_of(const Matrix<double>& outputs, std::size_t sample) {
  if (outputs.rows() == 1) return {1.0 - outputs(0, sample), outputs(0, sample)};
  std::vector<double> probabilities;
  for (std::size_t k = 0; k < outputs.rows(); ++k) probabilities.push_back(outputs(k, sample));
  return probabilities;
}

std::string class_lines(const Model& model, const Matrix<double>& outputs) {
  const std::vector<std::string>& names = model.encoding->class_names;
  std::string text = "prediction";
  for (const std::string& name : names) text += "," + csv_cell("probability (" + name + ")");
  text += "\n";
  for (std::size_t n = 0; n < outputs.cols(); ++n) {
    const std::vector<double> all = probabilities_of(outputs, n);
    // As core/metrics.h: the first of equal outputs, and above 0.5.
    const auto best = static_cast<std::size_t>(std::max_element(all.begin(), all.end()) - all.begin());
    text += csv_cell(names[best]);
    for (const double probability : all) text += "," + number_text(probability, model.dtype);
    text += "\n";
  }
  return text;
}

std::string value_lines(const Model& model, const Matrix<double>& outputs) {
  std::string text = "prediction\n";
  for (std::size_t n = 0; n < outputs.cols(); ++n) {
    const double value = outputs(0, n) * model.encoding->target_scale + model.encoding->target_mean;
    text += number_text(value, model.dtype) + "\n";
  }
  return text;
}

}  // namespace

Predictions predict_csv(const Model& model, const CsvTable& table, const BackendEntry& backend) {
  if (!model.encoding) {
    throw UserError(fmt::format("{}: is a network of {}, which was not trained on a CSV file",
                                printable_path(model.path), printable(model.experiment)));
  }
  const std::size_t classes = model.encoding->class_names.size();
  const std::size_t expected =
      model.task == Task::regression ? 0 : std::max<std::size_t>(model.network.outputs(), 2);
  if (classes != expected)
    throw UserError(printable_path(model.path) + ": its classes do not fit its network");
  std::vector<std::size_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  EncodedCells cells;
  Matrix<double> X = encode(*model.encoding, table, rows, cells);
  const Matrix<double> outputs =
      (model.dtype == DType::float32 ? model_outputs<float> : model_outputs<double>)(model, X, backend);
  Predictions predictions;
  predictions.text =
      model.task == Task::regression ? value_lines(model, outputs) : class_lines(model, outputs);
  if (cells.unseen > 0) {
    predictions.unseen_names = fmt::format("{}: no training row had this name; {} of this kind: all 0",
                                           cells.first_unseen, format_count(cells.unseen, "cell"));
  }
  return predictions;
}

}  // namespace mlpbench
