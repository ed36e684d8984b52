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
  const nlohmann::ordered_json build = build_info(), machine = machine_info();
  std::string names;
  for (const Case& what : cases)
    names += what.name() + (what.unusable_reason.empty() ? "\n" : " cannot run\n");
  return {{"journal", 1},
          {"build", fmt::format("{}, program {}", build.at("git_commit").get<std::string>(),
                                program_hash().substr(0, 16))},
          {"machine", fmt::format("{}, {} cores", machine.at("cpu").get<std::string>(),
                                  machine.at("cores_allowed").dump())},
          {"selection", options.config},
          {"cases", names}};
}

}  // namespace mlpbench
