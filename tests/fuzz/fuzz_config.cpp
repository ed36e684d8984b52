// Any bytes as the TOML file of `mlpbench run --config`.

#include <CLI/CLI.hpp>

#include "bench/programs/commands.h"
#include "support/standard_output.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mlpbench;
  const std::string& path = fuzz::as_file(data, size);
  return fuzz::reads_or_refuses([&] {
    CLI::App app("fuzz", "mlpbench");
    const Command command = run_command(app, "");
    const char* const arguments[] = {"mlpbench", "run", "--config", path.c_str(), "--print-config"};
    try {
      app.parse(5, arguments);
    } catch (const CLI::ParseError& error) {
      throw UserError("refused");
    }
    StandardOutput output;
    command.run(output);
  });
}
