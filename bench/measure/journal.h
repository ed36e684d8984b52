#pragma once

#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/measure/comparison.h"
#include "support/file_descriptor.h"

namespace mlpbench {

/// What a run has measured so far, a JSON object a line, so that one that is killed can be gone on with. The
/// first line is the run's identity; the others are
///   {"plan": CASE, "epochs": of a training, "trainings": of a visit}
///   {"round": counted from 1, "case": CASE, "seconds": [an epoch in both parts], "at": seconds of rounds}
///   {"round": counted from 1, "case": STUDY/ITEM, "seconds": [a call], "at": ..., "also": [probes, results]}
/// Each line is handed to the system before the next visit.
///
/// The journal is locked while the object lives: two runs into one folder would mix their results. The lock
/// is of fcntl(2), which a file system may not know; then nothing is locked.
class Journal {
 public:
  /// A new journal in place of the one that is there. UserError when it cannot be written, is no regular file
  /// or a symbolic link, or another process has it, whose number the message has.
  static Journal begin(const std::string& path, const nlohmann::ordered_json& identity);

  /// Reads the existing journal, drops a last line that was not finished, and goes on after it. A missing
  /// journal, and one that ends in its first line, is begun. UserError "PATH: ..." when it is of a run with
  /// another identity, which is named, or damaged before its last line; and as begin().
  static Journal resume(const std::string& path, const nlohmann::ordered_json& identity);

  /// Of an earlier process, or nothing.
  std::optional<VisitPlan> plan_of(const std::string& name) const;

  struct Round {
    std::vector<double> seconds;    ///< of a call, one a visit
    double at;                      ///< seconds of rounds when it was done
    std::vector<double> also = {};  ///< other numbers of a round of one visit; infinity is null in the file
  };
  /// Round `round`, counted from 0, of an item in an earlier process, or null.
  const Round* round_of(const std::string& name, std::size_t round) const;

  /// Whether an earlier process has left rounds.
  bool resumed() const noexcept { return !rounds_.empty(); }

  /// Seconds of all rounds that are noted.
  double seconds_spent() const noexcept { return seconds_spent_; }

  void note_plan(const std::string& name, const VisitPlan& plan);
  void note_round(const std::string& name, std::size_t round, const Round& measured);

  /// The run is complete, and its results are written.
  void remove();

 private:
  explicit Journal(std::string path) : path_(std::move(path)) {}

  void open();
  std::string text() const;
  void cut(std::size_t bytes);
  void write(const nlohmann::ordered_json& line);
  void read_line(const nlohmann::ordered_json& line);

  std::string path_;
  FileDescriptor file_;
  std::map<std::string, VisitPlan> plans_;
  std::map<std::pair<std::string, std::size_t>, Round> rounds_;
  double seconds_spent_ = 0.0;
};

}  // namespace mlpbench
