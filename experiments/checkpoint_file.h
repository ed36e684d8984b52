#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/training/run_state.h"
#include "experiments/experiment.h"
#include "support/tensor_file.h"

namespace mlpbench {

/// What the numbers of a run depend on, by name: settings, backend, precision; data and initial weights as
/// SHA-256.
nlohmann::ordered_json identity_of(const Experiment& experiment, const Problem& problem,
                                   const Settings& settings, const BackendEntry& backend, DType dtype);

/// The state of one run in a file (support/tensor_file.h), written every few epochs, so that a run that was
/// killed goes on where it was. Each piece of RunState is a tensor of bytes; the metadata "run" says which
/// run it is: everything that its numbers depend on.
class CheckpointFile {
 public:
  /// Reads the file where there is one. Throws UserError "PATH: what differs" for a file that is no
  /// checkpoint, and for one of another run: other data, initial weights or settings. The number of threads
  /// may be another one.
  CheckpointFile(std::string path, std::size_t every, const Experiment& experiment, const Problem& problem,
                 const Settings& settings, const BackendEntry& backend, DType dtype);

  /// Epochs that the file's run had trained, or nothing where there was no file.
  std::optional<std::size_t> epochs() const;

  /// For the run. Valid as long as the object.
  const Checkpoints& checkpoints() const noexcept { return checkpoints_; }

 private:
  void require_same_run() const;
  void restore(const RunState& state) const;
  void save(const RunState& state) const;

  std::string path_;
  std::string run_;  ///< JSON
  std::optional<TensorFile> found_;
  Checkpoints checkpoints_;
};

}  // namespace mlpbench
