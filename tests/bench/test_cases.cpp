#include <algorithm>

#include "bench/measure/comparison.h"
#include "support/error.h"
#include "tests/catch.h"

using namespace mlpbench;

namespace {

std::vector<std::string> names_of(const Selection& selection) {
  std::vector<std::string> names;
  for (const Case& what : select_cases(selection)) names.push_back(what.name());
  return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a selection is the product of its lists, unusable backends included", "[cases]") {
  const auto here =
      std::ranges::count_if(all_backends(), [](const BackendEntry& one) { return !one.other_architecture; });
  CHECK(select_cases({}).size() == all_experiments().size() * static_cast<std::size_t>(here) * 2);
  CHECK(names_of({{"moons"}, {"naive"}, {"float32"}}) == Names{"moons/naive/float32"});
}

TEST_CASE("a backend for another architecture has cases only where it is named", "[cases]") {
  for (const BackendEntry& backend : all_backends()) {
    INFO(backend.name);
    const std::string name = "moons/" + std::string(backend.name) + "/float64";
    const Names all = names_of({{"moons"}, {}, {"float64"}});
    CHECK((std::ranges::find(all, name) == all.end()) == backend.other_architecture);
    CHECK(names_of({{"moons"}, {std::string(backend.name)}, {"float64"}}) == Names{name});
  }
}

TEST_CASE("trainers and threads stand in a case's name where they are not the usual ones", "[cases]") {
  const Selection sync{{"moons"}, {"naive"}, {"float64"}, {"sync", "own"}, {1, 2}};
  // mini-batch is serial: one row for any number of threads.
  CHECK(names_of(sync) ==
        Names{"moons/naive/float64", "moons/naive/float64/sync", "moons/naive/float64/sync/t2"});
  const Selection full{{"breast_cancer"}, {"naive"}, {"float64"}, {"full-batch"}, {2, 4}};
  CHECK(names_of(full) == Names{"breast_cancer/naive/float64/t2", "breast_cancer/naive/float64/t4"});
  const Selection all{{"moons"}, {"naive"}, {"float64"}, {"all"}, {1}};
  CHECK(select_cases(all).size() == all_trainers().size());

  Names names = names_of({{}, {}, {}, {"all"}, {1, 2}});
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("a case has the settings of its experiment with its trainer and threads", "[cases]") {
  const Case what = select_cases({{"planar"}, {"naive"}, {"float64"}, {"ensemble"}, {2}}).front();
  const Settings settings = what.settings();
  CHECK(settings.trainer == "ensemble");
  CHECK(settings.ensemble_of == "full-batch");
  CHECK(settings.threads == 2);
  CHECK(settings.epochs == what.experiment->defaults.epochs);
}

TEST_CASE("a filter is looked for in the names of the cases", "[cases]") {
  Selection selection{.experiments = {}, .backends = {"naive"}, .dtypes = {}, .filter = "(oons|anar)/.*32$"};
  CHECK(names_of(selection) == Names{"planar/naive/float32", "moons/naive/float32"});
  selection.filter = "/t2";
  CHECK_THROWS_AS(select_cases(selection), UserError);
  selection.filter = "[";
  CHECK_THROWS_WITH(select_cases(selection), "--filter: '[' is not a regular expression");
}
