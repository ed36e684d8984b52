#pragma once

#include <string>
#include <vector>

#include "bench/measure/cases.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace mlpbench {

/// The options that choose cases: --experiment, --backend, --blas, --trainer, --dtype, --threads, --filter.
class SelectionOptions {
 public:
  /// Adds them to `app`, which this object must outlive.
  void add_to(CLI::App& app);

  /// Opens the libraries of --blas, which are backends from now on. UserError for one that cannot be used,
  /// threads that are no numbers, or a filter that no configuration file can hold; whether names exist is
  /// select_cases()'s question.
  Selection selection() const;

 private:
  Selection selection_;
  CLI::Option* blas_ = nullptr;
  std::vector<std::string> threads_;  ///< "1", "2-4"
};

}  // namespace mlpbench
