#include "experiments/cli/program_main.h"

#include <fmt/format.h>

#include <new>

#include "backends/process.h"
#include "support/error.h"

namespace mlpbench {

int program_main(std::string_view program, int argc, char** argv,
                 const std::function<int(StandardOutput&)>& body) {
  StandardOutput::prepare();
  try {
    prepare_process(argc, argv);
    StandardOutput output;
    const int code = body(output);
    output.finish();
    return code;
  } catch (const WrongResult& error) {
    fmt::print(stderr, "{}: {}\n", program, error.what());
    return kExitWrongResult;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "{}: not enough memory\n", program);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}: {}\n", program, error.what());
  }
  return kExitUsage;
}

}  // namespace mlpbench
