#include <cstdlib>
#include <filesystem>

#include "core/training/communicator.h"
#include "core/training/mpi/module.h"
#include "support/error.h"
#include "support/program_folder.h"
#include "support/shared_library.h"

namespace mlpbench {
namespace {

/// An MPI whose launcher tells the processes how many they are.
struct Launcher {
  const char *name, *variable, *module;
};
constexpr Launcher kLaunchers[] = {{"Open MPI", "OMPI_COMM_WORLD_SIZE", "ranks_openmpi.so"},
                                   {"MPICH", "PMI_SIZE", "ranks_mpich.so"}};

/// That started this process and others; null: nobody did.
const Launcher* launcher() {
  for (const Launcher& one : kLaunchers) {
    if (const char* const size = std::getenv(one.variable); size != nullptr)
      return std::atoi(size) > 1 ? &one : nullptr;
  }
  return nullptr;
}

const RanksModule& load(const Launcher& launcher) {
  const std::filesystem::path file =
      folder_of_suite(MLPBENCH_MODULES_FROM_PROGRAMS, "../lib/mlpbench", MLPBENCH_MODULE_FOLDER) /
      launcher.module;
  try {
    return *static_cast<const RanksModule*>(
        open_module(file.string(), "mlpbench_ranks", RanksModule().header, "module of ranks"));
  } catch (const UserError& error) {
    throw UserError(std::string("started by ") + launcher.name + ": " + error.what());
  }
}

struct Launched {
  LocalCommunicator alone;
  const RanksModule* module = nullptr;
  Communicator* ranks = &alone;

  Launched() {
    const Launcher* const by = launcher();
    if (by == nullptr) return;
    module = &load(*by);
    std::string error;
    ranks = module->open(error);
    if (ranks == nullptr) throw UserError(std::string("started by ") + by->name + ": " + error);
  }
};

Launched& launched() {
  static Launched once;
  return once;
}

}  // namespace

Communicator& launched_ranks() { return *launched().ranks; }

void close_launched_ranks() {
  Launched& now = launched();
  if (now.module != nullptr) now.module->close(now.ranks);
  now.module = nullptr;
  now.ranks = &now.alone;
}

}  // namespace mlpbench
