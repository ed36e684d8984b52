// Signals in every phase of a program.

#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/catch.h"
#include "tests/support/child.h"

using namespace mlpbench::test;
using nlohmann::json;
using Arguments = std::vector<std::string>;

namespace {

/// A file of which one naive step of all rows takes a minute.
std::string write_many_rows(const TemporaryFolder& folder) {
  std::string text = "a,b,y\n";
  for (int row = 0; row < 100'000; ++row) {
    text += std::to_string(row % 97) + "," + std::to_string(row % 89) + "," + std::to_string(row % 2) + "\n";
  }
  return folder.write("rows.csv", text);
}

}  // namespace

TEST_CASE("a signal ends a run within a second, with 128 + its number and a record that says incomplete") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    for (const Arguments& trainer :
         {Arguments{"--trainer", "mini-batch"}, Arguments{"--trainer", "full-batch"},
          Arguments{"--trainer", "sync", "--threads", "2", "--force-parallel"},
          Arguments{"--trainer", "hogwild", "--threads", "2"},
          Arguments{"--trainer", "local-sgd", "--threads", "2"},
          Arguments{"--trainer", "ensemble", "--members", "3", "--threads", "2"},
          Arguments{"--backend", "all"}}) {
      const TemporaryFolder folder;
      const std::string file = folder.file("record.json");
      const Interrupted ended =
          run_and_interrupt("digits", joined(trainer, {"--epochs", "500000", "--json", file}), 0.3, signal);
      INFO(trainer[1] << ": " << ended.finished.err);
      CHECK(ended.finished.exit_code == 128 + signal);
      CHECK(ended.finished.out.empty());
      CHECK(ended.finished.error_lines() == 1);
      CHECK(ended.finished.err.find("interrupted after ") != std::string::npos);
      CHECK(ended.seconds < 1.0);
      const json record = json::parse(read_file(file));
      const json& last = record.is_array() ? record.back() : record;
      CHECK(last["incomplete"] == true);
      CHECK(last["epochs_trained"] == last["loss_per_epoch"].size());
      CHECK(last["epochs_trained"] < 500000);
    }
  }
}

TEST_CASE("a signal ends a long step of naive within a second, on every trainer") {
  const TemporaryFolder folder;
  const std::string file = write_many_rows(folder), record = folder.file("record.json");
  for (const Arguments& trainer : {Arguments{"full-batch"}, Arguments{"full-batch", "--threads", "2"},
                                   Arguments{"sync", "--batch-size", "5000", "--threads", "2"},
                                   Arguments{"mini-batch", "--batch-size", "50000"},
                                   Arguments{"hogwild", "--batch-size", "20000", "--threads", "2"},
                                   Arguments{"local-sgd", "--batch-size", "20000", "--threads", "2"}}) {
    const Arguments arguments = joined({file, "--target", "y", "--task", "binary", "--backend", "naive",
                                        "--hidden", "512,256", "--json", record, "--quiet", "--trainer"},
                                       trainer);
    const Interrupted ended = run_and_interrupt("train_csv", arguments, 1.0, SIGTERM);
    INFO(trainer[0] << ": " << ended.finished.err);
    CHECK(ended.finished.exit_code == 128 + SIGTERM);
    CHECK(ended.seconds < 1.0);
    const json kept = json::parse(read_file(record));
    CHECK(kept["incomplete"] == true);
    CHECK(kept["epochs_trained"] == 0);
    CHECK(kept["test_accuracy"].is_null());
  }
}

TEST_CASE("a second signal, whichever, ends a run at once") {
  const TemporaryFolder folder;
  const std::string file = write_many_rows(folder);
  for (const int second : {SIGINT, SIGHUP}) {
    const Interrupted ended = run_and_interrupt(
        "train_csv",
        {file, "--target", "y", "--task", "binary", "--backend", "naive", "--hidden", "4096,4096", "--quiet"},
        2.0, SIGTERM, second);
    CHECK(ended.finished.exit_code == 128 + second);  // it died of it
    CHECK(ended.seconds < 0.5);
  }
}

TEST_CASE("a signal that the caller ignores stays ignored") {
  const Finished finished =
      run_after("trap '' HUP; (sleep 0.1; kill -HUP $$) &", "moons", "--epochs 20000 --quiet");
  CHECK(finished.exit_code == 0);
}
