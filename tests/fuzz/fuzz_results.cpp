// Any bytes as results.json, from the reader to the reports.

#include "bench/report/reports.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mlpbench;
  const std::string& path = fuzz::as_file(data, size);
  return fuzz::reads_or_refuses([&] {
    const ReportInput input = report_input(read_document(path), "");
    console_report(input);
    markdown_report(input);
  });
}
