#pragma once

#include <string>
#include <string_view>

namespace mlpbench {

// Where a program finds the files of the suite: ../share/mlpbench/ beside its own folder, in a build and in
// an installation. An installation can therefore be moved and needs no source tree.

/// The data set NAME of experiments/data/, or $MLPBENCH_DATA_DIR/NAME.
std::string data_path(std::string_view name);

/// The NumPy values NAME of tests/reference/, or $MLPBENCH_REFERENCE_DIR/NAME.
std::string reference_path(std::string_view name);

/// The script NAME of bench/peers/, or $MLPBENCH_PEERS_DIR/NAME.
std::string peer_script_path(std::string_view name);

}  // namespace mlpbench
