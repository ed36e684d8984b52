#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "bench/report/facts.h"
#include "bench/report/groups.h"
#include "bench/report/words.h"
#include "support/format.h"

namespace mlpbench {
namespace {

/// " Not separated: avx2 from naive in worked_examples, and in 3 more tables."
std::string undecided(const std::vector<Leader>& leaders) {
  constexpr std::size_t kMaxNamedTables = 3;
  std::vector<const Leader*> open = entries_where(leaders, [](const Leader& one) { return !one.fastest(); });
  if (open.empty()) return "";
  const std::size_t more = open.size() - std::min(open.size(), kMaxNamedTables);
  open.resize(open.size() - more);
  const std::string named = listed(open, [](const Leader* one) {
    return fmt::format("{} from {} in {}", one->row->backend, names_text(one->not_separated_from),
                       one->group->name);
  });
  const std::string rest = more > 0 ? ", and in " + format_count(more, "more table") : "";
  return fmt::format(" Not separated: {}{}.", named, rest);
}

/// ", 0.9 to 4.1 times as fast as openblas": the lowest and the highest over all tables in which both have
/// times. They are of the faster row of `backend` in each and the same precision of `base`; empty without
/// any.
std::string times_as_fast(const Document& document, const std::string& backend, const std::string& base) {
  std::vector<double> ratios;
  for (const Group& group : groups_of(document)) {
    const ReportCase* best = nullptr;
    for (const ReportCase& row : group.cases) {
      if (row.backend != backend || !row.timed() || !row.wrong.empty()) continue;
      if (best == nullptr || row.seconds.median < best->seconds.median) best = &row;
    }
    const ReportCase* of = best == nullptr ? nullptr : row_of(document, *best, base);
    if (of == nullptr || of->backend == backend) continue;
    if (const auto speed = paired_speed(*of, *best, document.method.confidence))
      ratios.push_back(speed->ratio);
  }
  const Range range = range_over(ratios);
  if (!range.known()) return "";
  const std::string lowest = number_text(range.lowest), highest = number_text(range.highest);
  return fmt::format("{}{} times as fast as {}", lowest, lowest == highest ? "" : " to " + highest, base);
}

/// The backend that wins most of the tables in which there is something to win. Every table counts.
///   " avx512 is the fastest in 5 of 7 tables, 0.9 to 4.1 times as fast as openblas. It is slower than avx2
///   in 2."
std::string winner(const Document& document) {
  const std::vector<Group> groups = groups_of(document);
  const std::vector<Leader> leaders = leaders_of(groups, document);
  if (leaders.empty()) return "";
  const auto name = [](const Leader& one) { return one.row->backend; };
  const auto fastest = entries_where(leaders, &Leader::fastest);
  const std::string tables = format_count(leaders.size(), "table");
  const auto wins =
      by_name(fastest.empty() ? entries_where(leaders, [](const Leader&) { return true; }) : fastest, name,
              document.suite.backend_order());
  const auto most = std::ranges::max_element(wins, {}, [](const auto& one) { return one.second.size(); });
  const std::string& backend = most->first;
  std::string text =
      fmt::format(" {} {} in {} of {}", backend, fastest.empty() ? "has the lowest median" : "is the fastest",
                  most->second.size(), tables);
  std::string ratios = times_as_fast(document, backend, document.method.base);
  if (document.method.base != "naive") {
    const std::string plain = times_as_fast(document, backend, "naive");
    if (!plain.empty()) ratios += (ratios.empty() ? "" : " and ") + plain;
  }
  if (!ratios.empty()) text += ", " + ratios;
  const auto lost =
      entries_where(leaders, [&](const Leader& one) { return one.fastest() && one.row->backend != backend; });
  if (!lost.empty()) {
    const auto by_backend = by_name(lost, name, document.suite.backend_order());
    const auto count = [](const auto& one) { return fmt::format("{} in {}", one.first, one.second.size()); };
    text += ". It is slower than " + listed(by_backend, count);
  }
  return text + "." + undecided(leaders);
}

/// "precision reached in 40 cases, all rounds done in 8 cases"
std::string stops(const Document& document) {
  std::map<std::string, std::size_t> counts;
  for (const ReportCase& row : document.cases) {
    if (row.timed()) ++counts[row.stopped.empty() ? "unknown" : row.stopped];
  }
  const auto text = [](const auto& one) {
    return fmt::format("{} in {}", one.first, format_count(one.second, "case"));
  };
  return listed(counts, text, "nothing timed");
}

/// What the results were compared with: "NumPy", "NumPy or naive".
std::string references(const Document& document) {
  const auto with = [&](const char* name) {
    return std::ranges::any_of(document.cases,
                               [&](const ReportCase& row) { return row.parity.with == name; });
  };
  return !with("naive") ? "NumPy" : with("NumPy") ? "NumPy or naive" : "naive";
}

/// ", 2 in accuracy alone", or empty.
std::string in_accuracy_alone(const Document& document) {
  const auto count = std::ranges::count_if(document.cases, [](const ReportCase& row) {
    return row.recorded && row.wrong.empty() && !row.parity.why_none.empty();
  });
  return count == 0 ? "" : fmt::format(", {} in accuracy alone", count);
}

/// Names of groups.
using Tables = std::vector<std::string>;

/// "1.0e-12 in float64, 2.0e-05 in float32, 3.1e-04 in float32 of my.csv": the tolerances of all cases. For
/// each dtype the tolerance of most tables has no table's name.
std::string tolerances_text(const Document& document) {
  std::map<std::pair<std::size_t, std::string>, std::map<std::string, Tables>> all;
  for (const Group& group : groups_of(document)) {
    for (const ReportCase& row : group.cases) {
      if (std::isnan(row.parity.tolerance)) continue;
      const std::string tolerance = exponent_text(row.parity.tolerance);
      Tables& tables = all[{place_of_dtype(row.dtype), row.dtype}][tolerance];
      if (tables.empty() || tables.back() != group.name) tables.push_back(group.name);
    }
  }
  std::string usual, others;
  for (const auto& [dtype, by_tolerance] : all) {
    const auto most =
        std::ranges::max_element(by_tolerance, {}, [](const auto& one) { return one.second.size(); });
    usual += fmt::format("{}{} in {}", usual.empty() ? "" : ", ", most->first, dtype.second);
    for (auto one = by_tolerance.begin(); one != by_tolerance.end(); ++one) {
      if (one == most) continue;
      others += fmt::format(", {} in {} of {}", one->first, dtype.second, names_text(one->second));
    }
  }
  return usual + others;
}

/// What is said of some cases for one reason.
struct Note {
  std::vector<std::string> backends, dtypes, tables;
  std::string why;
};

/// Makes one note of those that differ in `list` alone.
void merge(std::vector<std::string> Note::*list, std::vector<Note>& notes) {
  std::vector<Note> merged;
  for (const Note& note : notes) {
    const auto alike = [&](const Note& one) {
      const auto lists = {&Note::backends, &Note::dtypes, &Note::tables};
      return one.why == note.why && std::ranges::all_of(lists, [&](auto member) {
               return member == list || one.*member == note.*member;
             });
    };
    const auto found = std::ranges::find_if(merged, alike);
    if (found == merged.end()) {
      merged.push_back(note);
    } else if (const std::string& name = (note.*list).front(); ((*found).*list).back() != name) {
      ((*found).*list).push_back(name);
    }
  }
  notes = std::move(merged);
}

/// "sklearn, jax: no parity in float64, float32: ...". Tables are named where it is not all of them.
template <typename Reason>
void add_notes(const std::vector<Group>& groups, const std::string& what, Reason reason,
               std::vector<std::string>& lines) {
  std::vector<Note> notes;
  for (const Group& group : groups) {
    for (const ReportCase& row : group.cases) {
      if (const std::string& why = reason(row); !why.empty())
        notes.push_back({{row.backend}, {row.dtype}, {group.name}, why});
    }
  }
  for (const auto list : {&Note::tables, &Note::dtypes, &Note::backends}) merge(list, notes);
  for (const Note& note : notes) {
    const bool everywhere = note.tables.size() == groups.size();
    lines.push_back(fmt::format("{}: {} in {}{}: {}", listed(note.backends), what, listed(note.dtypes),
                                everywhere ? "" : " of " + names_text(note.tables), note.why));
  }
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
    text = fmt::format("{}: {} that ran agree with {}{}.", document.interrupted() ? "INTERRUPTED" : "CORRECT",
                       tally.right == 1 ? "the one case" : fmt::format("all {} cases", tally.right),
                       references(document), in_accuracy_alone(document));
  }
  text += winner(document);
  if (tally.unavailable > 0)
    text += fmt::format(" {} could not run here.", format_count(tally.unavailable, "case"));
  const double seconds = document.method.wall_seconds;
  if (seconds >= 0.0) text += fmt::format(" Timed in {}: {}.", format_duration(seconds), stops(document));
  return text;
}

std::vector<std::string> case_notes(const Document& document) {
  const std::vector<Group> groups = groups_of(document);
  std::vector<std::string> lines;
  add_notes(
      groups, "no parity", [](const ReportCase& row) -> auto& { return row.parity.why_none; }, lines);
  return lines;
}

std::string confidence_text(const Document& document) { return percent_text(document.method.confidence, 0); }

std::vector<std::string> method_sentences(const Document& document) {
  const MethodFacts& method = document.method;
  const MeasurementFacts& measurement = document.measurement;
  const double reading = measurement.clock_reading_seconds;
  std::vector<std::string> all = {
      "Every case is run whole once and every number of it is compared with its reference before anything is "
      "timed. A wrong case has no speed. That run is the warm-up.",
      fmt::format("Then all cases are timed in rounds, twice in each, in an order drawn anew for every round "
                  "(seed {}): at most {} rounds. A case stops once its interval is within {} of its middle, "
                  "or with the rounds or the budget ({} s; 0 is none). Nothing is dropped.",
                  count_text(method.order_seed), count_text(method.rounds), percent_text(method.precision, 0),
                  number_text(method.budget_seconds)),
      fmt::format(
          "Times are medians with the exact {} interval of their rank. Speeds are medians of the quotients "
          "of the same rounds with the interval of the sign test. All {} of these hold together.",
          confidence_text(document), count_text(method.comparisons)),
  };
  if (const std::size_t pairs = leader_comparisons(groups_of(document)); pairs > 0) {
    all.push_back(fmt::format(
        "The fastest backend of a table has the case with the lowest median, which must be faster "
        "than every case of every other backend in the same rounds. These are {}, whose "
        "intervals hold together with {}.",
        format_count(pairs, "comparison"), confidence_text(document)));
  }
  if (!measurement.clock.empty()) {
    all.push_back(fmt::format("Clock: {} ({}), {} a reading. Timed: {}. Not timed: {}.", measurement.clock,
                              measurement.clock_source, seconds_text(reading), measurement.timed,
                              measurement.not_timed));
  }
  return all;
}

std::string how_to_read(const Document& document) {
  const std::string allowed = tolerances_text(document);
  return fmt::format(
      "time/epoch is the median over the rounds. against {0} is {0}'s time on one thread divided by the "
      "row's, of the same round and dtype. All of these intervals hold together with {1}. faster and slower: "
      "the interval excludes 1. not separated: it does not, which does not mean equal. noise is the smallest "
      "effect that the row can tell from none: the same code against itself. parity is the largest "
      "distance of any loss, weight or output from the reference's, relative where the value is above 1.{2}",
      document.method.base, confidence_text(document), allowed.empty() ? "" : " Allowed: " + allowed + ".");
}

std::string commit_of(const Document& document) {
  const std::string& commit = document.build.git_commit;
  return commit.empty() || commit == "-" ? "?" : commit.substr(0, 12);
}

}  // namespace mlpbench
