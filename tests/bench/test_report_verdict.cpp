#include <algorithm>

#include "bench/report/facts.h"
#include "bench/report/groups.h"
#include "bench/stats/order.h"
#include "tests/bench/report_document.h"
#include "tests/catch.h"

using namespace mlpbench;
using nlohmann::json;

namespace {

/// Times that are `factor` times those of `base` in each of its rounds, but for the first `even` of them,
/// which are a hundredth shorter.
void set_times(json& entry, const json& base, double factor, std::size_t even = 0) {
  std::vector<double> times = base["epoch_seconds"].get<std::vector<double>>();
  for (std::size_t i = 0; i < times.size(); ++i) times[i] *= i < even ? 0.99 : factor;
  entry["epoch_seconds"] = times;
  entry["part_seconds"] = {times, times};
  const Summary summary = summarize(times);
  entry["seconds"]["lowest"] = summary.lowest;
  entry["seconds"]["median"] = summary.median;
  entry["seconds"]["highest"] = summary.highest;
}

json& case_of(json& document, const std::string& name) {
  const auto named = [&](const json& entry) { return entry["name"] == name; };
  return *std::find_if(document["cases"].begin(), document["cases"].end(), named);
}

std::string verdict_of(const json& document) { return verdict(document_of(document, "results.json")); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// How summary_table() calls the runner-up of moons.
std::string runner_up_of_moons(const json& document) {
  const Table grid = summary_table(document_of(document, "results.json"));
  const auto row = std::find_if(grid.rows().begin(), grid.rows().end(),
                                [](const Table::Row& line) { return line.cells[0].text == "moons"; });
  return row->cells[3].text;
}

}  // namespace

TEST_CASE("verdict: the leader of a table is the fastest where every other backend is separated",
          "[report]") {
  const json document = test::report_document();
  const std::string text = verdict_of(document);
  CHECK(has(text, " avx2 is the fastest in 5 of 5 tables, "));
  CHECK_FALSE(has(text, "Not separated"));
  CHECK(runner_up_of_moons(document).starts_with("blas float64, "));
}

TEST_CASE("verdict: a table whose leader is not separated is not won, and is named", "[report]") {
  json document = test::report_document();
  const json leader = case_of(document, "moons/avx2/float32");
  // Ahead in 15 rounds of 20, which happens by chance in one of 25 comparisons.
  set_times(case_of(document, "moons/naive/float32"), leader, 1.05, 5);
  std::string text = verdict_of(document);
  CHECK(has(text, " avx2 is the fastest in 4 of 5 tables, "));
  CHECK(has(text, " as naive. Not separated: avx2 from naive in moons."));
  CHECK(runner_up_of_moons(document) == "naive not separated");

  // In all rounds, by no more than that.
  set_times(case_of(document, "moons/naive/float32"), leader, 1.05, 0);
  CHECK(has(verdict_of(document), " avx2 is the fastest in 5 of 5 tables, "));

  // Another dtype of another backend counts as well.
  set_times(case_of(document, "moons/blas/float64"), leader, 1.05, 5);
  set_times(case_of(document, "moons/naive/float32"), leader, 1.05, 5);
  text = verdict_of(document);
  CHECK(has(text, "Not separated: avx2 from blas and naive in moons."));
  // What is wrong has no speed to be compared with.
  case_of(document, "moons/blas/float64")["wrong"] = "planted";
  CHECK(has(verdict_of(document), "Not separated: avx2 from naive in moons."));
}

TEST_CASE("verdict: the more pairs are compared, the more rounds each must win", "[report]") {
  // Ahead in 18 rounds of 20: p = 0.0004.
  json one = test::small_report_document();
  set_times(case_of(one, "moons/naive/float64"), case_of(one, "moons/avx2/float64"), 1.05, 2);
  CHECK(has(verdict_of(one), " avx2 is the fastest in 1 of 1 table, 1.05 times as fast as naive."));
  json document = test::report_document();
  const json cases = document["cases"];
  for (int copy = 0; copy < 4; ++copy) {
    for (json entry : cases) {
      for (const char* key : {"name", "experiment"}) {
        entry[key] = entry[key].get<std::string>() + std::to_string(copy);
      }
      document["cases"].push_back(entry);
    }
  }
  set_times(case_of(document, "moons/naive/float32"), case_of(document, "moons/avx2/float32"), 1.05, 2);
  const Document read = document_of(document, "results.json");
  CHECK(leader_comparisons(groups_of(read)) == 25 * 6);
  CHECK(has(verdict(read), "in 24 of 25 tables, "));
  CHECK(has(verdict(read), "Not separated: avx2 from naive in moons."));
}

TEST_CASE("verdict: nobody is the fastest where nothing can be separated", "[report]") {
  json document = test::report_document();
  for (json& entry : document["cases"]) {
    if (entry.contains("unavailable")) continue;
    std::vector<double> times = entry["epoch_seconds"].get<std::vector<double>>();
    times.resize(6);
    set_times(entry, {{"epoch_seconds", times}}, 1.0);
  }
  const std::string text = verdict_of(document);
  CHECK(has(text, " avx2 has the lowest median in 5 of 5 tables, "));
  CHECK(has(text, ". Not separated: avx2 from "));
  CHECK(has(text, ", and in 2 more tables."));

  // A table of one backend has no winner, nor has one without a stated confidence.
  json lone = test::small_report_document();
  lone["cases"].erase(1);
  CHECK_FALSE(has(verdict_of(lone), "fastest"));
  json unknown = test::small_report_document();
  unknown["method"].erase("confidence");
  CHECK(has(verdict_of(unknown), " avx2 has the lowest median in 1 of 1 table."));
}
