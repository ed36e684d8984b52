// Peers that misbehave, and what becomes of their rows. Workers are shell scripts: no Python.

#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/measure/measure.h"
#include "bench/programs/run.h"
#include "support/error.h"
#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench;
using namespace mlpbench::test;

namespace {

constexpr const char* kHello =
    R"({"protocol":1,"version":"Fake 1","threads":1,"dtypes":["float64"],"compared":"losses"})";

/// A worker that says `hello`, and runs the shell's `cases` for other requests, whose text is $line.
std::string worker(const TemporaryFolder& folder, const std::string& hello, const std::string& cases = "") {
  return "sh " + folder.write("worker.sh", "read -r line\necho '" + hello +
                                               "'\nwhile read -r line; do case \"$line\" in\n" + cases +
                                               "*) echo '{}';; esac; done\n");
}

std::shared_ptr<Peer> peer(const std::string& command, double seconds = 20.0) {
  return peers_of({{}, {"fake=" + command}, "", seconds}).front();
}

std::string reason(const std::string& command, double seconds = 20.0) {
  return peer(command, seconds)->unusable_reason(DType::float64);
}

const Experiment& moons() { return find_experiment("moons"); }

std::string refusal_of_training(Peer& peer) {
  const Problem problem = moons().build(moons().defaults);
  try {
    peer.train(moons(), problem, moons().defaults, DType::float64);
  } catch (const UserError& error) {
    return error.what();
  }
  return "trained";
}

/// A worker whose trainings of moons are naive's, and that ends in its training number `dies` and in every
/// one of planar.
std::string copying_worker(const TemporaryFolder& folder, int dies, const std::string& compared) {
  const Problem problem = moons().build(moons().defaults);
  const RunResult run =
      run_experiment(moons(), problem, moons().defaults, find_backend("naive"), DType::float64);
  std::ofstream parameters(folder.file("trained"), std::ios::binary);
  const std::span<const double> values = run.parameters.all();
  parameters.write(reinterpret_cast<const char*>(values.data()),
                   static_cast<std::streamsize>(values.size_bytes()));
  const nlohmann::json answer = {{"seconds", 0.02},
                                 {"losses", run.trace.loss_per_epoch},
                                 {"mean_losses", run.trace.mean_loss_per_epoch}};
  folder.write("answer", answer.dump() + "\n");
  const std::string train = "*'\"op\":\"train\"'*) n=$((n + 1)); if [ $n = " + std::to_string(dies) +
                            " ]; then echo out of luck >&2; exit 7; fi; cat " + folder.file("answer") +
                            ";;\n";
  const std::string copy = "*'\"op\":\"parameters\"'*) file=${line#*'\"file\":\"'}; cp " +
                           folder.file("trained") + " \"${file%%'\"'*}\"; echo '{}';;\n";
  std::string hello = kHello;
  if (compared != "losses") {
    hello.replace(hello.find("\"losses\""), 8, "\"accuracy\",\"why\":\"it has a mind of its own\"");
  }
  return worker(folder, hello, "*planar*'\"op\":\"train\"'*) exit 8;;\n" + train + copy);
}

Comparison measured(const std::string& command, std::size_t rounds,
                    const std::vector<std::string>& experiments = {"moons"}) {
  Selection selection{experiments, {"naive"}, {"float64"}};
  selection.peers = {peer(command)};
  return measure(select_cases(selection), {.rounds = rounds, .precision = 0.0}, {});
}

}  // namespace

TEST_CASE("a worker that does not say what it is, is a peer with a reason", "[peers]") {
  const TemporaryFolder folder;
  CHECK(reason("echo garbage; sleep 60") == "the worker answered 'garbage' (request: hello)");
  CHECK(reason("echo \"[1, 2]\"; sleep 60") == "the worker answered '[1, 2]' (request: hello)");
  CHECK(reason("sleep 60", 0.2) == "the worker did not answer for 0.2 s (request: hello)");
  CHECK(reason("no-such-worker --fast").find("ended with exit code 127: ") != std::string::npos);
  CHECK(reason(worker(folder, R"({"error":"NumPy is not installed"})")) == "NumPy is not installed");
  CHECK(reason(worker(folder, R"({"protocol":2})")).find("it speaks protocol 2") != std::string::npos);
  CHECK(reason(worker(folder, R"({"protocol":1})")).find("docs/peers.md") != std::string::npos);
  std::string two_threads = kHello;
  two_threads.replace(two_threads.find("threads\":1"), 10, "threads\":2");
  CHECK(reason(worker(folder, two_threads)) == "Fake 1 computes on 2 threads, not on one");
  CHECK(reason(worker(folder, kHello)) == "");
  CHECK(peer(worker(folder, kHello))->unusable_reason(DType::float32) == "Fake 1 has no float32");
}

TEST_CASE("a peer that refuses a case goes on; one that errs or dies is started again, twice", "[peers]") {
  const TemporaryFolder folder;
  const auto refusing = peer(worker(folder, kHello, "*prepare*) echo '{\"error\":\"no tanh\"}';;\n"));
  CHECK(refusal_of_training(*refusing) == "no tanh");
  CHECK(refusing->unusable_reason(DType::float64) == "");

  for (const auto& [answer, words] : std::initializer_list<std::pair<std::string, std::string>>{
           {"echo '{}'", "(request: train)"},
           {"echo '{\"seconds\":1,\"losses\":[1],\"mean_losses\":[1]}'", "1 losses of 10 epochs"},
           {"echo pardon", "the worker answered 'pardon' (request: train)"},
           {"exit 9", "the worker ended with exit code 9 (request: train)"}}) {
    const auto erring = peer(worker(folder, kHello, "*'\"train\"'*) " + answer + ";;\n"));
    const std::string said = refusal_of_training(*erring);
    INFO(said);
    CHECK(said.find(words) != std::string::npos);
    CHECK(erring->unusable_reason(DType::float64) == "");
    CHECK(refusal_of_training(*erring) == said);
    CHECK(refusal_of_training(*erring) == said);
    CHECK(refusal_of_training(*erring) == "not started again after 3 failures: " + said);
  }
}

TEST_CASE("a loss that is no number is a wrong result", "[peers]") {
  const TemporaryFolder folder;
  const auto diverging = peer(worker(
      folder, kHello, "*'\"train\"'*) echo '{\"seconds\":1,\"losses\":[0.7,null],\"mean_losses\":[]}';;\n"));
  const Problem problem = moons().build(moons().defaults);
  CHECK_THROWS_AS(diverging->train(moons(), problem, moons().defaults, DType::float64), WrongResult);
}

TEST_CASE("a peer that trains as the reference does is a row like others", "[peers]") {
  const TemporaryFolder folder;
  const Comparison comparison = measured(copying_worker(folder, 0, "losses"), 3);
  REQUIRE(comparison.cases.size() == 2);
  const CaseResult& row = comparison.cases[1];
  CHECK(row.what.name() == "moons/fake/float64");
  CHECK(row.what.unusable_reason == "");
  CHECK(row.wrong == "");
  CHECK(row.parity.with == "NumPy");
  CHECK(row.parity.deviation.largest < 1e-12);
  REQUIRE(row.seconds.size() == 3);
  CHECK(row.seconds[0] == Approx(0.002));  // as it says itself
  const Document document = run_document(comparison, RunOptions());
  CHECK(document.cases.at(0).record().subnormals == "flush");
  CHECK(document.cases.at(1).record().subnormals == "");  // its process, its mode
}

TEST_CASE("a peer that takes no weights is compared by accuracy, and says why", "[peers]") {
  const TemporaryFolder folder;
  const Comparison comparison = measured(copying_worker(folder, 0, "accuracy"), 1);
  const CaseResult& row = comparison.cases.at(1);
  CHECK(row.wrong == "");
  CHECK(row.parity.with.empty());
  CHECK(row.parity.why_none == "it has a mind of its own");
}

TEST_CASE("a peer that dies in the middle is a row with the reason, and the rest goes on", "[peers]") {
  const TemporaryFolder folder;
  const Comparison comparison = measured(copying_worker(folder, 6, "losses"), 5);
  const CaseResult &naive = comparison.cases.at(0), &dead = comparison.cases.at(1);
  CHECK(dead.what.unusable_reason == "the worker ended with exit code 7: out of luck (request: train)");
  CHECK_FALSE(dead.timed());
  CHECK_FALSE(dead.run);
  CHECK(naive.seconds.size() == 5);
  CHECK(comparison.wrong_cases() == 0);
}

TEST_CASE("a peer that dies in one case trains the others", "[peers]") {
  const TemporaryFolder folder;
  const Comparison comparison = measured(copying_worker(folder, 0, "losses"), 3, {"planar", "moons"});
  REQUIRE(comparison.cases.size() == 4);
  const CaseResult &planar = comparison.cases[1], &moons = comparison.cases[3];
  CHECK(planar.what.unusable_reason == "the worker ended with exit code 8 (request: train)");
  CHECK(moons.what.name() == "moons/fake/float64");
  CHECK(moons.what.unusable_reason == "");
  CHECK(moons.seconds.size() == 3);
}

TEST_CASE("mlpbench run reports peers that cannot run, and refuses what is none", "[peers]") {
  const TemporaryFolder folder;
  const std::vector<std::string> one = {
      "run",       "--experiment", "moons",   "--backend", "naive", "--dtype",  "float64",
      "--studies", "none",         "--quick", "--rounds",  "2",     "--output", folder.path()};
  const Finished ran =
      run("mlpbench", joined(one, {"--peers", "numpy", "--peer-python", folder.file("python"), "--peer",
                                   "odd=echo garbage", "--peer", "late=sleep 60", "--peer-timeout", "0.2"}));
  INFO(ran.out << ran.err);
  CHECK(ran.exit_code == 0);
  const nlohmann::json cases = nlohmann::json::parse(read_file(folder.file("results.json"))).at("cases");
  REQUIRE(cases.size() == 4);
  CHECK(cases[0].at("kind") == "backend");
  CHECK(cases[0].at("epoch_seconds").size() == 2);
  const char* const reasons[] = {"No such file", "answered 'garbage'", "did not answer for 0.2 s"};
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK(cases[i].at("kind") == "peer");
    CHECK(cases[i].at("unavailable").get<std::string>().find(reasons[i - 1]) != std::string::npos);
    CHECK(ran.out.find(reasons[i - 1]) != std::string::npos);
  }

  for (const auto& [option, text, words] : std::initializer_list<std::array<std::string, 3>>{
           {"--peers", "tensorflow", "--peers: 'tensorflow' is none of numpy, sklearn"},
           {"--peer", "command", "--peer: 'command' is not NAME=COMMAND"},
           {"--peer", "=command", "--peer: '=command' is not NAME=COMMAND"},
           {"--peer", "a b=c", "--peer: 'a b=c' is not NAME=COMMAND"},
           {"--peer", "a=", "--peer: 'a=' is not NAME=COMMAND"},
           {"--peer", "naive=true", "--peer: there is a row 'naive' already"},
           {"--peer", "a=it's", "no configuration file can hold"},
           {"--peer-timeout", "0", "--peer-timeout"}}) {
    const Finished refused = run("mlpbench", {"run", "--list", option, text});
    INFO(text << ": " << refused.err);
    CHECK(refused.exit_code == 2);
    CHECK(refused.error_lines() == 1);
    CHECK(refused.err.find(words) != std::string::npos);
  }
}

TEST_CASE("the configuration of a run with peers makes the same run", "[peers]") {
  const TemporaryFolder folder;
  const auto config = [](const std::vector<std::string>& more) {
    return run("mlpbench", joined({"run", "--print-config", "--experiment", "moons"}, more)).out;
  };
  const std::string text = config({"--peers", "numpy", "--peer-python", "/bin/false", "--peer",
                                   "a=echo \"1, 2\"", "--peer", "b=true", "--peer-timeout", "9"});
  INFO(text);
  for (const std::string line : {"peers = [\"numpy\"]", "peer = ['a=echo \"1, 2\"', 'b=true']",
                                 "peer-python = '/bin/false'", "peer-timeout = 9"}) {
    CHECK(text.find(line + "\n") != std::string::npos);
  }
  CHECK(config({"--config", folder.write("run.toml", text)}) == text);
}
