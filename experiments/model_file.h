#pragma once

#include <memory>
#include <string>

#include "core/data/table_encoding.h"
#include "experiments/experiment.h"

namespace mlpbench {

/// A trained network in a file (support/tensor_file.h), with all that other data need to be predicted:
///   tensors   layers.0.weight (units x inputs), layers.0.bias (units), layers.1.weight, ... in the type of
///             the run: the names and shapes of a state_dict of PyTorch's Linear layers
///   metadata  "mlpbench": version of these rules; "model": JSON of network, task, experiment, settings and,
///             for a CSV file, its TableEncoding
/// Texts are UTF-8.
struct Model {
  std::string path;  ///< of the file
  std::string experiment;
  NetworkSpec network;
  Task task = Task::binary;
  DType dtype = DType::float64;
  Parameters<double> parameters;
  std::shared_ptr<const TableEncoding> encoding;  ///< null unless trained on a CSV file
};

/// Throws UserError "PATH: what is wrong" for a file that is no such, of another version, truncated, or
/// whose tensors do not fit its network.
Model read_model(const std::string& path);

/// The content of a run's file. UserError for a name of a column or class that is not UTF-8.
std::string model_content(const Problem& problem, const RunResult& result);

/// Makes the model's parameters the initial ones of `problem`. UserError that names the file and what differs
/// when network, features, classes or type are others.
void start_from(const Model& model, DType dtype, Problem& problem);

}  // namespace mlpbench
