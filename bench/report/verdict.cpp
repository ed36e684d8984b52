#include <fmt/format.h>

#include <algorithm>

#include "bench/report/facts.h"
#include "bench/report/leaders.h"
#include "bench/report/words.h"
#include "support/format.h"

namespace mlpbench {
namespace {

constexpr std::size_t kMaxNamedTables = 3;

/// " Not separated: avx2 from naive in worked_examples, and in 3 more tables."
std::string undecided(const std::vector<Leader>& leaders) {
  std::string text;
  std::size_t named = 0, more = 0;
  for (const Leader& leader : leaders) {
    if (leader.fastest()) continue;
    if (named == kMaxNamedTables) {
      ++more;
      continue;
    }
    text += fmt::format("{}{} from {} in {}", named++ == 0 ? "" : ", ", leader.row->backend,
                        names_text(leader.not_separated_from), leader.group->name);
  }
  if (text.empty()) return "";
  if (more > 0) text += fmt::format(", and in {}", format_count(more, "more table"));
  return " Not separated: " + text + ".";
}

/// " avx2 is the fastest in 6 of 7 tables, 1.2 to 22.7 times as fast as naive.": the backend that wins most
/// of the tables in which there is something to win, and where nobody does.
std::string winner(const Document& document) {
  const std::vector<Group> groups = groups_of(document);
  const std::vector<Leader> leaders = leaders_of(groups, document);
  if (leaders.empty()) return "";
  std::vector<const ReportCase*> fastest;
  for (const Leader& leader : leaders) {
    if (leader.fastest()) fastest.push_back(leader.row);
  }
  const std::string tables = format_count(leaders.size(), "table");
  if (fastest.empty()) {
    return fmt::format(" No backend is the fastest in any of {}.", tables) + undecided(leaders);
  }
  const auto wins = by_name(fastest, &ReportCase::backend, document.suite.backend_order());
  const auto& [backend, rows] = *std::max_element(wins.begin(), wins.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();
  });
  std::string text = fmt::format(" {} is the fastest in {} of {}", backend, rows.size(), tables);
  std::vector<double> ratios;
  for (const ReportCase* row : rows) {
    if (row->speed) ratios.push_back(row->speed->ratio);
  }
  const Range range = range_over(ratios);
  if (range.known()) {
    const std::string lowest = number_text(range.lowest), highest = number_text(range.highest);
    text += fmt::format(", {}{} times as fast as naive", lowest, lowest == highest ? "" : " to " + highest);
  }
  return text + "." + undecided(leaders);
}

/// "40 precise enough, 8 all rounds done"
std::string stops(const Document& document) {
  std::map<std::string, std::size_t> counts;
  for (const ReportCase& row : document.cases) {
    if (row.timed()) ++counts[row.stopped.empty() ? "unknown" : row.stopped];
  }
  std::string text;
  for (const auto& [why, count] : counts)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, why);
  return text.empty() ? "nothing timed" : text;
}

/// What the results were held against: "NumPy", "NumPy or naive".
std::string references(const Document& document) {
  bool numpy = false, naive = false;
  for (const ReportCase& row : document.cases) {
    numpy = numpy || row.parity.with == "NumPy";
    naive = naive || row.parity.with == "naive";
  }
  return numpy && naive ? "NumPy or naive" : naive ? "naive" : "NumPy";
}

}  // namespace

Tally tally_of(const Document& document) {
  Tally tally;
  for (const ReportCase& row : document.cases) {
    if (!row.unavailable.empty()) {
      ++tally.unavailable;
    } else {
      ++(row.wrong.empty() ? tally.right : tally.wrong);
    }
    tally.timed += row.timed();
  }
  return tally;
}

std::string verdict(const Document& document) {
  const Tally tally = tally_of(document);
  const std::size_t ran = tally.right + tally.wrong;
  std::string text;
  if (ran == 0) {
    text = "EMPTY: no case ran.";
  } else if (tally.wrong > 0) {
    text = fmt::format("WRONG: {} of {} differ from {} and have no speed.", tally.wrong,
                       format_count(ran, "case"), references(document));
  } else {
    text = fmt::format("{}: {} that ran agree with {}.", document.interrupted() ? "INTERRUPTED" : "RIGHT",
                       tally.right == 1 ? "the one case" : fmt::format("all {} cases", tally.right),
                       references(document));
  }
  text += winner(document);
  if (tally.unavailable > 0)
    text += fmt::format(" {} could not run here.", format_count(tally.unavailable, "case"));
  const double seconds = document.method.wall_seconds;
  if (seconds >= 0.0) text += fmt::format(" Timed in {}: {}.", format_duration(seconds), stops(document));
  return text;
}

std::string commit_of(const Document& document) {
  const std::string& commit = document.build.git_commit;
  return commit.empty() || commit == "-" ? "?" : commit.substr(0, 12);
}

}  // namespace mlpbench
