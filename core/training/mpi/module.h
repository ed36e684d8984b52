// What a shared library that brings an MPI offers: mpi/module.cpp, built once for each MPI there is. The
// program opens it under that MPI's launcher alone (launched_ranks.cpp).
#pragma once

#include <string>

#include "core/training/communicator.h"

namespace mlpbench {

/// Raised with every change of Communicator.
inline constexpr int kRanksInterface = 1;

/// The symbol `mlpbench_ranks` of a module. What stands before `open` is checked before it is called.
struct RanksModule {
  char magic[16] = "mlpbench ranks";
  int interface = kRanksInterface;
  int compiler_abi = __GXX_ABI_VERSION;

  /// MPI_Init. Null, and why in `error`, where MPI cannot be used.
  Communicator* (*open)(std::string& error) = nullptr;

  void (*close)(Communicator* ranks) = nullptr;  ///< MPI_Finalize
};

}  // namespace mlpbench
