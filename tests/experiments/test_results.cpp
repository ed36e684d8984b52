#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <regex>
#include <set>
#include <sstream>
#include <tuple>

#include "experiments/files.h"
#include "tests/catch.h"
#include "tests/experiments/runs.h"
#include "tests/support/backends.h"
#include "tests/support/reference.h"

// Every experiment with its own settings, on every backend and in both precisions, against what NumPy
// computed and printed.

using namespace mlpbench;
using mlpbench::test::reference;
using mlpbench::test::Run;

namespace {

/// Trained once for all test cases of this file.
const Run& default_run(const Experiment& experiment, const BackendEntry& backend, DType dtype) {
  static std::map<std::tuple<std::string_view, std::string_view, DType>, Run> runs;
  const std::tuple key(std::string_view(experiment.name), backend.name, dtype);
  const auto found = runs.find(key);
  if (found != runs.end()) return found->second;
  return runs.emplace(key, test::run(experiment, experiment.defaults, backend, dtype)).first->second;
}

void for_each_run(const std::function<void(const Experiment&, const Run&)>& check) {
  test::for_each_backend([&](const BackendEntry& backend) {
    for (const Experiment& experiment : all_experiments()) {
      for (const DType dtype : {DType::float64, DType::float32}) {
        INFO(experiment.name << " in " << to_string(dtype));
        if (!experiment.has_numpy_program || !backend.has(dtype)) continue;
        check(experiment, default_run(experiment, backend, dtype));
      }
    }
  });
}

/// The experiment's own reference file, or null where it has several.
const nlohmann::json* own_reference(const Experiment& experiment) {
  const std::string name(experiment.name);
  return std::ifstream(reference_path(name + ".json")) ? &reference(name) : nullptr;
}

std::string read_text(const std::string& path) {
  std::ifstream file(path);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// What the notebook's cells print for this run.
std::string printed(const Experiment& experiment, const Run& run) {
  FILE* const file = tmpfile();
  REQUIRE(file != nullptr);
  fflush(stdout);
  const int terminal = dup(STDOUT_FILENO);
  dup2(fileno(file), STDOUT_FILENO);
  experiment.print(run.problem, run.result);
  fflush(stdout);
  dup2(terminal, STDOUT_FILENO);
  close(terminal);
  std::string text;
  rewind(file);
  for (int c = fgetc(file); c != EOF; c = fgetc(file)) text += static_cast<char>(c);
  fclose(file);
  return text;
}

/// `text` with every number of more than 12 digits rounded to 12 significant ones, as scripts/diff-notebook
/// does.
std::string rounded(const std::string& text) {
  static const std::regex long_number("[0-9]+\\.[0-9]{11,}");
  std::string result;
  auto from = text.cbegin();
  for (std::sregex_iterator found(text.begin(), text.end(), long_number), end; found != end; ++found) {
    result.append(from, (*found)[0].first).append(fmt::format("{:.12g}", std::stod(found->str())));
    from = (*found)[0].second;
  }
  return result.append(from, text.cend());
}

/// The numbers of more than 12 digits in a text.
std::vector<double> long_numbers(const std::string& text) {
  static const std::regex long_number("[0-9]+\\.[0-9]{11,}");
  std::vector<double> numbers;
  for (std::sregex_iterator found(text.begin(), text.end(), long_number), end; found != end; ++found)
    numbers.push_back(std::stod(found->str()));
  return numbers;
}

std::string expected_text(std::string_view name) {
  return read_text(reference_path("../experiments/expected/" + std::string(name) + ".txt"));
}

}  // namespace

TEST_CASE("every number of the reference files comes out", "[experiments][reference]") {
  for_each_run([](const Experiment& experiment, const Run& run) {
    const Deviation deviation = deviation_from_reference(experiment, run.result);
    INFO("worst: " << deviation.where);
    CHECK(deviation.largest <= test::tolerance(run.result.dtype));
    CHECK(deviation.numbers >= experiment.defaults.epochs / 100);
  });
}

TEST_CASE("no key of the reference files is forgotten", "[experiments][reference]") {
  // Not results of training, compared below, or the business of the tests of the data.
  const std::set<std::string> elsewhere = {"about",
                                           "written_with",
                                           "float64_vs_longdouble_max_abs",
                                           "X",
                                           "y",
                                           "Y",
                                           "train_rows",
                                           "test_rows",
                                           "test_accuracy",
                                           "accuracy",
                                           "cost_per_batch",
                                           "first_rows",
                                           "labels"};
  for (const Experiment& experiment : all_experiments()) {
    if (!experiment.has_numpy_program) continue;
    const Run& run = default_run(experiment, find_backend("naive"), DType::float64);
    std::map<std::string, std::set<std::string>> compared;
    for (const ReferenceValue& value : experiment.reference_values(run.result)) {
      const std::size_t colon = value.key.find(':');
      const std::string file =
          colon == std::string::npos ? std::string(experiment.name) : value.key.substr(0, colon);
      const std::string path = colon == std::string::npos ? value.key : value.key.substr(colon + 1);
      compared[file].insert(path.substr(0, path.find('/')));
    }
    for (const auto& [file, keys] : compared) {
      for (const auto& [key, value] : reference(file).items()) {
        INFO(file << ": " << key);
        CHECK((keys.count(key) == 1 || elsewhere.count(key) == 1));
      }
    }
  }
}

TEST_CASE("accuracies and the rows of the split are NumPy's", "[experiments][reference]") {
  std::size_t compared = 0;
  for_each_run([&](const Experiment& experiment, const Run& run) {
    const nlohmann::json* const numpy = own_reference(experiment);
    if (numpy == nullptr) return;
    for (const char* key : {"accuracy", "test_accuracy"}) {
      if (!numpy->contains(key)) continue;
      REQUIRE(run.result.test_accuracy.has_value());
      CHECK(test::same_accuracy(*run.result.test_accuracy, numpy->at(key), run.problem.test.samples(),
                                run.result.dtype));
      ++compared;
    }
    if (!numpy->contains("train_rows")) return;
    CHECK(run.problem.train_rows == test::integers(numpy->at("train_rows")));
    CHECK(run.problem.test_rows == test::integers(numpy->at("test_rows")));
    ++compared;
  });
  CHECK(compared > 0);
}

TEST_CASE("the mean loss of an epoch is over all its batches", "[experiments][reference]") {
  const Experiment& moons = find_experiment("moons");
  const std::vector<double> batches = test::numbers(reference("moons").at("cost_per_batch"));
  const std::size_t a_epoch = batches.size() / moons.defaults.epochs;
  std::vector<double> means;
  for (std::size_t first = 0; first < batches.size(); first += a_epoch) {
    means.push_back(std::accumulate(&batches[first], &batches[first] + a_epoch, 0.0) /
                    static_cast<double>(a_epoch));
  }
  test::for_each_backend(DType::float64, [&](const BackendEntry& backend) {
    const TrainingTrace& trace = default_run(moons, backend, DType::float64).result.trace;
    CHECK(test::distance(trace.mean_loss_per_epoch, means) <= test::tolerance(DType::float64));
  });
}

TEST_CASE("the printed text is the notebook's, to 12 significant digits", "[experiments][print]") {
  for_each_run([](const Experiment& experiment, const Run& run) {
    if (run.result.dtype != DType::float64) return;
    const std::string text = printed(experiment, run), notebook = expected_text(experiment.name);
    CHECK(rounded(text) == rounded(notebook));
    const std::vector<double> ours = long_numbers(text), theirs = long_numbers(notebook);
    REQUIRE(ours.size() == theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) {  // 14 significant digits
      INFO(run.result.backend->name << " " << ours[i] << " " << theirs[i]);
      CHECK(std::abs(ours[i] - theirs[i]) <= 1e-14 * theirs[i]);
    }
    // As many digits as well: one number in ten has 15 or 17 instead of 16.
    const auto lines = std::count(text.begin(), text.end(), '\n');
    CHECK(std::abs(static_cast<long>(text.size()) - static_cast<long>(notebook.size())) <= lines);
  });
}

TEST_CASE("float32 prints as many lines and 7 digits for 16", "[experiments][print]") {
  for_each_run([](const Experiment& experiment, const Run& run) {
    if (run.result.dtype != DType::float32) return;
    const std::string text = printed(experiment, run), exact = expected_text(experiment.name);
    CHECK(std::count(text.begin(), text.end(), '\n') == std::count(exact.begin(), exact.end(), '\n'));
    CHECK_FALSE(std::regex_search(text, std::regex("[0-9]{9}")));
  });
}

TEST_CASE("the expected texts are those of the notebooks' pages", "[experiments][print]") {
  // "## name", then lines indented by four blanks, on which arrays stand without NumPy's line breaks.
  std::istringstream page(read_text(reference_path("notebook_output.md")));
  std::map<std::string, std::string> notebooks;
  std::string section;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind("## ", 0) == 0) section = line.substr(3, line.find(' ', 3) - 3);
    if (line.rfind("    ", 0) == 0) notebooks[section] += line.substr(4) + "\n";
  }
  CHECK(notebooks.size() == 5);
  for (const auto& [name, text] : notebooks) {
    CHECK(std::regex_replace(expected_text(name), std::regex("\n +"), " ") == text);
  }
}
