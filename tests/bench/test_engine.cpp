// The engine that times everything: order, stop, probes, journal.

#include <set>

#include "bench/measure/check.h"
#include "bench/measure/engine.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/temporary_folder.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

/// What time() was called with: "a:calls".
using Calls = std::vector<std::string>;

Item item(const std::string& name, double seconds, Calls& calls) {
  Item made;
  made.name = name;
  made.time = [name, seconds, &calls](std::size_t count, std::size_t round) {
    calls.push_back(name + ":" + std::to_string(count));
    return std::vector{seconds * (round % 2 == 0 ? 1.0 : 2.0), static_cast<double>(round)};
  };
  return made;
}

std::vector<Measurement> timed(std::vector<Item> items, std::size_t rounds, double precision,
                               Journal* journal = nullptr) {
  std::vector<Measurement> all(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) items[i].result = &all[i];
  const EngineHooks hooks{.journal = journal};
  check_items(items, hooks);
  time_items(items, {.rounds = rounds, .precision = precision}, hooks);
  return all;
}

}  // namespace

TEST_CASE("a wrong item is not timed, and its ratios fall away", "[engine]") {
  Calls calls;
  std::vector<Item> items{item("base", 1.0, calls), item("other", 2.0, calls)};
  items[0].check = [] { return std::string("planted"); };
  items[1].base = 0;
  const std::vector<Measurement> all = timed(items, 3, 0.05);
  CHECK(all[0].wrong == "planted");
  CHECK(all[0].seconds.empty());
  CHECK(all[1].seconds == std::vector<double>{2.0, 4.0, 2.0});
  CHECK(all[1].also == std::vector<std::vector<double>>{{0.0}, {1.0}, {2.0}});
  CHECK(all[1].stop == Stop::rounds);
  items[1].beside_base = true;  // then it is checked with its base
  for (const Measurement& series : timed(items, 3, 0.05)) CHECK(series.wrong == "planted");
}

TEST_CASE("an item ends when its ratio is known, its base with the last of them", "[engine]") {
  Calls calls;
  std::vector<Item> items{item("base", 1.0, calls), item("steady", 3.0, calls), item("alone", 1.0, calls),
                          item("wild", 1.0, calls)};
  items[1].base = 0;
  items[3].base = 0;
  std::size_t round_of_wild = 0;
  items[3].time = [&](std::size_t, std::size_t) { return std::vector{++round_of_wild % 3 == 0 ? 9.0 : 1.0}; };
  const std::vector<Measurement> all = timed(items, 12, 0.05);
  // The times double in every second round, and the quotient of a round stays; two ratios need 7 rounds.
  CHECK(all[1].stop == Stop::precise);
  CHECK(all[1].seconds.size() == 7);
  CHECK(all[2].stop == Stop::rounds);  // without a base it is the time that has to be known
  CHECK(all[3].stop == Stop::rounds);
  CHECK(all[0].seconds.size() == 12);
  const std::vector<Measurement> none = timed({items[2]}, 12, 2.0);
  CHECK(none[0].stop == Stop::precise);
  CHECK(none[0].seconds.size() == 6);
  for (const Measurement& series : timed(items, 8, 0.0)) CHECK(series.stop == Stop::rounds);
}

TEST_CASE("calls are doubled until a visit is long enough, and repeated beyond the most at once",
          "[engine]") {
  Calls calls;
  std::vector<Item> items{item("a", 1.0, calls)};
  items[0].seconds = 20.0;
  CHECK(timed(items, 1, 0.0)[0].plan.epochs == 20);
  CHECK(calls == Calls{"a:1", "a:2", "a:4", "a:8", "a:20"});
  calls.clear();
  items[0].max_calls = 6;
  items[0].call_seconds = [] { return 1.0; };
  const std::vector<Measurement> all = timed(items, 1, 0.0);
  CHECK(all[0].plan.trainings == 3);
  CHECK(calls == Calls{"a:6", "a:6", "a:6"});
  CHECK(all[0].seconds == std::vector<double>{1.0});
}

TEST_CASE("a round visits all in random order, what lies beside its base next to it", "[engine]") {
  Calls calls;
  std::vector<Item> items;
  for (const char* name : {"a", "b", "c", "d"}) items.push_back(item(name, 1.0, calls));
  for (Item& each : items) each.beside_base = true;
  items[1].base = 0;
  items[3].base = 2;
  timed(items, 20, 0.0);
  REQUIRE(calls.size() == 80);
  std::set<std::string> orders;
  for (std::size_t round = 0; round < 20; ++round) {
    std::string order;
    for (std::size_t i = 0; i < 4; ++i) order += calls[4 * round + i].front();
    orders.insert(order);
    CHECK((order.find("ab") < 4 || order.find("ba") < 4));
    CHECK((order.find("cd") < 4 || order.find("dc") < 4));
  }
  CHECK(orders.size() > 4);
}

TEST_CASE("what was interrupted keeps its whole rounds, and the journal all of them", "[engine][journal]") {
  const TemporaryFolder folder;
  const std::string path = folder.file("journal.jsonl");
  Calls calls;
  std::vector<Item> items{item("a", 1.0, calls), item("b", 3.0, calls)};
  items[0].probe = Probe{};
  items[1].visits = 2;
  Journal first = Journal::begin(path, {{"build", "x"}});
  std::vector<Measurement> all(2);
  for (std::size_t i = 0; i < 2; ++i) items[i].result = &all[i];
  std::size_t visits = 0;
  const EngineHooks hooks{.next =
                              [&](const std::string&) {
                                if (++visits > 3 * 2 + 1) throw Interrupted();
                              },
                          .journal = &first};
  check_items(items, hooks);
  CHECK_THROWS_AS(time_items(items, {.rounds = 4, .precision = 0.0}, hooks), Interrupted);
  for (const Measurement& series : all) CHECK(series.seconds.size() >= 2);
  CHECK(all[0].readings.at(1).flops > 0.0);

  calls.clear();
  Journal journal = Journal::resume(path, {{"build", "x"}});
  const std::vector<Measurement> again = timed(items, 4, 0.0, &journal);
  CHECK(calls.size() < 12 - 6 + 1);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(again[i].seconds.size() == 4);
    for (std::size_t round = 0; round < 2; ++round) CHECK(again[i].seconds[round] == all[i].seconds[round]);
  }
  CHECK(again[0].readings[1].flops == all[0].readings[1].flops);
  CHECK(again[0].also == std::vector<std::vector<double>>{{0.0}, {1.0}, {2.0}, {3.0}});
  items[0].visits = 2;
  Journal other = Journal::resume(path, {{"build", "x"}});
  CHECK_THROWS_AS(timed(items, 4, 0.0, &other), UserError);
}
