#include "bench/programs/identity.h"

#include <fmt/format.h>

#include "experiments/cli/provenance.h"
#include "support/digest.h"
#include "support/input_file.h"

namespace mlpbench {
namespace {

/// Of the file that runs: two builds of one commit differ in it.
std::string program_hash() {
  InputFile file("/proc/self/exe");
  std::string content(file.size(), '\0');
  const auto bytes = std::as_writable_bytes(std::span(content));
  file.read(bytes);
  Sha256 sha;
  sha.add(bytes);
  return sha.hex();
}

}  // namespace

nlohmann::ordered_json run_identity(const std::vector<Case>& cases, const RunOptions& options) {
  const BuildFacts build = build_facts();
  const MachineFacts machine = machine_facts();
  std::string names;
  for (const Case& what : cases)
    names += what.name() + (what.unusable_reason.empty() ? "\n" : " cannot run\n");
  return {{"journal", 1},
          {"build", fmt::format("{}, program {}", build.git_commit, program_hash().substr(0, 16))},
          {"machine", fmt::format("{}, {} cores", machine.cpu, machine.cores_allowed.value)},
          {"selection", options.config},
          {"cases", names}};
}

}  // namespace mlpbench
