// What a shared library that brings an MPI offers: mpi/module.cpp, built once for each MPI there is. The
// program opens it under that MPI's launcher alone (launched_ranks.cpp).
#pragma once

#include <string>

#include "core/training/communicator.h"
#include "support/shared_library.h"

namespace mlpbench {

/// Raised with every change of Communicator or ModuleHeader.
inline constexpr int kRanksInterface = 2;

/// The symbol `mlpbench_ranks` of a module.
struct RanksModule {
  ModuleHeader header = {.magic = "mlpbench ranks", .interface = kRanksInterface};

  /// MPI_Init. Null, and why in `error`, where MPI cannot be used.
  Communicator* (*open)(std::string& error) = nullptr;

  void (*close)(Communicator* ranks) = nullptr;  ///< MPI_Finalize
};

}  // namespace mlpbench
