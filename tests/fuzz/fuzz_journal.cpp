// Any bytes as the journal of a run that is gone on with.

#include "bench/measure/journal.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mlpbench;
  const std::string& path = fuzz::as_file(data, size);
  return fuzz::reads_or_refuses([&] {
    const Journal journal = Journal::resume(path, {{"run", "of the fuzz target"}});
    journal.round_of("a", 0);
    journal.plan_of("a");
  });
}
