#pragma once

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "experiments/experiment.h"
#include "support/child_process.h"
#include "tests/catch.h"
#include "tests/support/child.h"

namespace mlpbench::test {

using Words = std::set<std::string>;

inline std::vector<std::string> programs() {
  std::vector<std::string> names = {"mlpbench", "bench_ops", "bench_training", "train_csv", "mnist"};
  for (const Experiment& experiment : all_experiments()) {
    names.emplace_back(experiment.name);
  }
  return names;
}

inline std::string shell_file(const std::string& program, const std::string& kind) {
  const Finished finished = run(program, {"--shell-file", kind});
  INFO(program << " " << kind << ": " << finished.err);
  REQUIRE(finished.exit_code == 0);
  CHECK(finished.err.empty());
  CHECK(finished.out.ends_with("\n"));
  return finished.out;
}

/// What a program of the PATH prints, on either stream.
inline std::string output_of(const std::vector<std::string>& arguments) {
  const ChildResult child = run_child(arguments, "");
  CHECK(child.exit_code == 0);
  return child.output + child.errors;
}

inline Words lines_of(const std::string& text) {
  Words lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.insert(line);
  return lines;
}

}  // namespace mlpbench::test
