// A run that is killed goes on where its journal ends.

#include "bench/measure/journal.h"
#include "bench/measure/measure.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using namespace mlpbench::test;
using nlohmann::ordered_json;

namespace {

const ordered_json kIdentity = {{"build", "commit abc"}, {"selection", "rounds = 3\nseeds = 2\n"}};

MeasureOptions short_options() {
  MeasureOptions options;
  options.rounds = 3;
  options.seconds_per_run = 1e-4;
  options.precision = 1e-6;
  return options;
}

/// moons on the naive backend, in both precisions.
Comparison measure_into(Journal& journal) {
  return measure(select_cases({{"moons"}, {"naive"}, {}}), short_options(), {.journal = &journal});
}

std::string refusal_of(const std::string& path, const ordered_json& identity) {
  try {
    Journal::resume(path, identity);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a journal that ends anywhere is gone on with: all rounds, and those that it had", "[journal]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("journal.jsonl");
  Journal first = Journal::begin(path, kIdentity);
  const Comparison whole = measure_into(first);
  const std::string text = read_file(path);
  REQUIRE(lines_of(text) == 1 + 2 + 2 * 3);  // identity, plans, rounds
  CHECK_FALSE(whole.resumed);

  for (std::size_t length = 0; length <= text.size(); length += text.size() / 13) {
    INFO("the first " << length << " bytes");
    folder.write("journal.jsonl", text.substr(0, length));
    Journal journal = Journal::resume(path, kIdentity);
    const Comparison again = measure_into(journal);
    const std::string kept = text.substr(0, text.rfind('\n', length > 0 ? length - 1 : 0) + 1);
    const bool has_rounds = kept.find("\"round\"") != std::string::npos;
    CHECK(again.resumed == has_rounds);
    const std::string completed = read_file(path);
    if (!kept.empty() && length > 0 && text.find('\n') < length) CHECK(completed.starts_with(kept));
    CHECK(lines_of(completed) == lines_of(text));
    CHECK(refusal_of(path, kIdentity).empty());
    for (std::size_t i = 0; i < whole.cases.size(); ++i) {
      const CaseResult& row = again.cases[i];
      CHECK(row.stop == Stop::rounds);
      REQUIRE(row.seconds.size() == 3);
      for (std::size_t round = 0; round < 3; ++round) {
        const Journal::Round* noted = journal.round_of(row.what.name(), round);
        if (noted == nullptr) continue;
        CHECK(noted->seconds[0] == whole.cases[i].visits[0][round]);
        CHECK(row.visits[1][round] == whole.cases[i].visits[1][round]);
      }
      const std::optional<VisitPlan> plan = journal.plan_of(row.what.name());
      if (plan) CHECK(row.plan.epochs == plan->epochs);
    }
  }
}

TEST_CASE("the budget counts the rounds of earlier processes", "[journal]") {
  const TemporaryFolder folder;
  const std::string name = "moons/naive/float64";
  Journal first = Journal::begin(folder.file("j"), kIdentity);
  for (std::size_t round = 0; round < 3; ++round)
    first.note_round(name, round, {{1e-4, 1e-4}, 2.0 + double(round)});
  Journal journal = Journal::resume(folder.file("j"), kIdentity);
  CHECK(journal.seconds_spent() == 4.0);
  MeasureOptions options = short_options();
  options.rounds = 5;
  options.budget_seconds = 3.5;
  const Comparison comparison =
      measure(select_cases({{"moons"}, {"naive"}, {"float64"}}), options, {.journal = &journal});
  // The third round was begun within the budget, at 3 seconds; a fourth is not.
  CHECK(comparison.cases[0].seconds.size() == 3);
  CHECK(comparison.cases[0].stop == Stop::budget);
}

TEST_CASE("a journal of another run, or a damaged one, is refused in one line", "[journal]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("journal.jsonl");
  Journal::begin(path, kIdentity).note_round("a", 0, {{1.0, 2.0}, 3.0});
  const std::string text = read_file(path);
  CHECK(refusal_of(path, kIdentity).empty());

  const auto other = [&](const char* key, const char* value) {
    ordered_json identity = kIdentity;
    identity[key] = value;
    return refusal_of(path, identity);
  };
  CHECK(other("build", "commit def") == path + ": is of another run: build, commit abc against commit def; " +
                                            "without --resume a new one begins");
  CHECK(other("selection", "rounds = 4\nseeds = 2\n").find(": selection, rounds = 3 against rounds = 4;") !=
        std::string::npos);
  CHECK(other("selection", "rounds = 3\nseeds = 2\nquick = true\n").find(", nothing against quick = true;") !=
        std::string::npos);
  CHECK(other("machine", "Z").find(": machine, nothing against Z;") != std::string::npos);

  const auto damaged = [&](const std::string& lines) {
    folder.write("journal.jsonl", text + lines);
    return refusal_of(path, kIdentity);
  };
  const std::string next = R"({"round":2,"case":"a","seconds":[1.0,2.0],"at":4.0})";
  CHECK(damaged(next).empty());  // a last line without its end is dropped
  CHECK(damaged(next.substr(0, 20)).empty());
  for (const std::string& bad :
       {std::string("{\"rou"), std::string("[]"), std::string("3"), std::string("{}"), std::string(""),
        std::string(R"({"round":2,"case":"a","seconds":[1.0],"at":4.0})"),
        std::string(R"({"round":2,"case":"a","seconds":[1.0,-2.0],"at":4.0})"),
        std::string(R"({"round":2,"case":"a","seconds":[1.0,2.0],"at":1.0})"),
        std::string(R"({"round":0,"case":"a","seconds":[1.0,2.0],"at":4.0})"),
        std::string(R"({"round":1,"case":"a","seconds":[1.0,2.0],"at":4.0})"),
        std::string(R"({"plan":"a","epochs":0,"trainings":3})"), std::string(R"({"study":"curves"})")}) {
    INFO(bad);
    CHECK(damaged(bad + "\n" + next + "\n") == path + ": line 3 is damaged");
  }
  folder.write("journal.jsonl", "no journal\n");
  CHECK(refusal_of(path, kIdentity).find("is of another run") != std::string::npos);
}

TEST_CASE("a journal is begun where there is none, and goes away when it is no longer needed", "[journal]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("journal.jsonl");
  Journal journal = Journal::resume(path, kIdentity);
  CHECK(read_file(path) == kIdentity.dump() + "\n");
  journal.remove();
  CHECK(folder.names().empty());
  CHECK_THROWS_AS(Journal::begin(folder.file("none/journal.jsonl"), kIdentity), UserError);
}
