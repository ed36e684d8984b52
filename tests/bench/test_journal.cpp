// A run that is killed goes on where its journal ends.

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

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
  using Text = std::string;
  for (const auto& [bad, why] :
       {std::pair{Text("{\"rou"), "it is no JSON object"},
        {Text("[]"), "it is no JSON object"},
        {Text("3"), "it is no JSON object"},
        {Text("{}"), "at: is missing"},
        {Text(""), "it is no JSON object"},
        {next + Text(1, '\0') + "{}", "it is no JSON object"},
        {Text(R"({"round":2,"case":"a","seconds":[1.0],"at":4.0})"), "seconds: has another number of visits"},
        {Text(R"({"round":2,"case":"a","seconds":[1.0,-2.0],"at":4.0})"), "seconds: is no time"},
        {Text(R"({"round":2,"case":"a","seconds":[1.0,1e300],"at":4.0})"), "seconds: is no time"},
        {Text(R"({"round":2,"case":"a","seconds":[1.0,2.0],"at":1.0})"),
         "at: must be from 3.0 to 1000000000.0, but is 1.0"},
        {Text(R"({"round":2,"case":"a","seconds":[1.0,2.0],"at":1e300})"),
         "at: must be from 3.0 to 1000000000.0, but is 1e+300"},
        {Text(R"({"round":0,"case":"a","seconds":[1.0,2.0],"at":4.0})"),
         "round: must be from 1 to 1000000, but is 0"},
        {Text(R"({"round":1,"case":"a","seconds":[1.0,2.0],"at":4.0})"), "the round is there twice"},
        {Text(R"({"plan":"a","epochs":0,"trainings":3})"), "epochs: must be from 1 to 1000000000, but is 0"},
        {Text(R"({"plan":"a","epochs":-5,"trainings":3})"), "epochs: must be a whole number, but is -5"},
        {Text(R"({"plan":"a","epochs":5,"trainings":8.9e22})"),
         "trainings: must be a whole number, but is 8.9e+22"},
        {Text(R"({"plan":"a","epochs":5,"trainings":2000000000})"),
         "trainings: must be from 1 to 1000000000, but is 2000000000"},
        {Text(R"({"study":"curves"})"), "at: is missing"}}) {
    INFO(bad);
    CHECK(damaged(bad + "\n" + next + "\n") == path + ": line 3 is damaged: " + why);
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

TEST_CASE("a plan of more epochs than a training has is refused", "[journal]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("journal.jsonl");
  Journal::begin(path, kIdentity).note_plan("moons/naive/float64", {1'000'000, 1});
  Journal journal = Journal::resume(path, kIdentity);
  CHECK_THROWS_WITH(measure_into(journal),
                    "the journal has a plan of more epochs than a training of moons/naive/float64 has");
}

TEST_CASE("a journal that another process has is refused, and the message says whose it is", "[journal]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("journal.jsonl");
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t other = fork();
  if (other == 0) {
    const Journal journal = Journal::begin(path, kIdentity);
    if (write(ends[1], "x", 1) == 1) pause();
    _exit(0);
  }
  char ready = 0;
  REQUIRE(read(ends[0], &ready, 1) == 1);
  const std::string text = read_file(path);
  const std::string expected =
      path + ": another run writes into this folder: process " + std::to_string(other);
  CHECK(refusal_of(path, kIdentity) == expected);
  CHECK_THROWS_WITH(Journal::begin(path, kIdentity), expected);
  CHECK(read_file(path) == text);
  kill(other, SIGKILL);
  waitpid(other, nullptr, 0);
  close(ends[0]), close(ends[1]);
  CHECK(refusal_of(path, kIdentity).empty());
}

TEST_CASE("a journal is a file of its own: no link is followed, no pipe waited for", "[journal]") {
  const TemporaryFolder folder;
  const std::string target = folder.write("precious", "precious");
  std::filesystem::create_symlink(target, folder.file("link"));
  REQUIRE(mkfifo(folder.file("pipe").c_str(), 0600) == 0);
  for (const auto& [name, why] :
       {std::pair{"link", "is a symbolic link"}, {"pipe", "is not a regular file"}}) {
    CHECK(refusal_of(folder.file(name), kIdentity) == folder.file(name) + ": " + why);
    CHECK_THROWS_AS(Journal::begin(folder.file(name), kIdentity), UserError);
  }
  CHECK(refusal_of(folder.path(), kIdentity) == folder.path() + ": cannot be written: Is a directory");
  CHECK(read_file(target) == "precious");
}
