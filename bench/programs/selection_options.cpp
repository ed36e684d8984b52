#include "bench/programs/selection_options.h"

#include <CLI/CLI.hpp>
#include <set>

#include "backends/blas_libraries.h"
#include "experiments/cli/command_page.h"
#include "support/error.h"
#include "support/option_values.h"
#include "support/text.h"

namespace mlpbench {
namespace {

/// "1", "1,2", "1-4"; ascending, each once.
std::vector<std::size_t> parse_threads(const std::vector<std::string>& texts) {
  std::set<std::size_t> threads;
  for (const std::string& text : texts) {
    const std::size_t dash = std::min(text.find('-'), text.size());
    const auto low = parse_integer("--threads", text.substr(0, dash), 1, kMaxThreads);
    const auto high =
        dash == text.size() ? low : parse_integer("--threads", text.substr(dash + 1), low, kMaxThreads);
    for (std::size_t count = low; count <= high; ++count) threads.insert(count);
  }
  return {threads.begin(), threads.end()};
}

}  // namespace

void SelectionOptions::add_to(CLI::App& app) {
  const auto add_list = [&app](const char* name, std::vector<std::string>& values, const char* about,
                               const std::vector<std::string_view>& words) {
    CLI::Option* option = app.add_option(name, values, about)->delimiter(',')->group("Cases");
    set_type(*option, words.empty() ? "N[,...]" : "NAME[,...]", words);
  };
  add_list("--experiment", selection_.experiments, "only these experiments", names_of(all_experiments()));
  add_list("--backend", selection_.backends, "only these; a speed needs naive among them",
           names_of(all_backends()));
  blas_ = add_blas_option(app)->group("Cases");
  add_list("--trainer", selection_.trainers, "these (own: each experiment's own); all",
           names_of(all_trainers()));
  add_list("--dtype", selection_.dtypes, "only float64 or float32", dtype_words());
  add_list("--threads", threads_, "of the parallel trainers (1); 1,2 or 1-4", {});
  app.add_option("--filter", selection_.filter, "only cases whose name has a match (--list names them)")
      ->type_name("REGEX")
      ->group("Cases");
}

Selection SelectionOptions::selection() const {
  Selection selection = selection_;
  selection.blas = blas_->results();
  add_usable_blas_libraries(selection.blas);
  if (!threads_.empty()) selection.threads = parse_threads(threads_);
  // What a quoted line of TOML could not hold; names have letters, digits, '_', '-' and '/'.
  const std::size_t odd = selection.filter.find_first_of("#'\n");
  if (odd != std::string::npos) {
    throw UserError("--filter: no case has a " + printable(selection.filter.substr(odd, 1)) + " in its name");
  }
  return selection;
}

}  // namespace mlpbench
