#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "experiments/experiment.h"

namespace mlpbench {

/// Files through which a peer gets data and returns parameters. They are little-endian numbers without a
/// header, in a temporary folder that lives as long as the object.
class Handover {
 public:
  Handover() = default;
  ~Handover();
  Handover(const Handover&) = delete;
  Handover& operator=(const Handover&) = delete;

  /// The request `prepare` of docs/peers.md: writes data, initial parameters and, for mini-batches, the
  /// orders of all `epochs`, as the trainer would draw them. UserError when the folder cannot be written.
  nlohmann::json prepare(const std::string& name, const Problem& problem, const Settings& settings,
                         DType dtype, std::size_t epochs);

  /// The file for the answer to `parameters`, and what a worker wrote there. UserError when it is not as
  /// long as the network has parameters.
  std::string parameters_file();
  Parameters<double> parameters(const NetworkSpec& network);

 private:
  const std::filesystem::path& folder();

  template <typename V>
  std::string write(const std::string& name, std::span<const V> values);

  std::filesystem::path folder_;
};

/// Samples that an epoch trains on.
std::size_t trained_samples(const Problem& problem, const Settings& settings);

}  // namespace mlpbench
