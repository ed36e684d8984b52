#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "bench/results/speeds.h"

namespace mlpbench {

/// The cases of one experiment and one trainer: what a table compares.
struct Group {
  std::span<const ReportCase> cases;
  const Document* document;

  /// A case that ran, for what all of them share: the network, the data. Else the first one.
  const ReportCase& typical() const noexcept;

  /// The case with the lowest median of those that are right and timed, or null.
  const ReportCase* fastest() const noexcept;

  /// The case that the speeds of this dtype are against, or null.
  const ReportCase* base(const std::string& dtype) const noexcept;

  bool is_regression() const noexcept;

  /// "moons", or "moons, hogwild" where the experiment's own trainer, which comes first, is another.
  std::string name;

  /// "moons: 2-4-1, 10 epochs of 800 samples, mini-batch"
  std::string title() const;

  /// "openblas takes 300 us in float64, 305 us in float32 an epoch", on one thread, or that it has no times.
  std::string base_text() const;

  /// "test accuracy [10 seeds]", "training MSE".
  std::string quality_title() const;
};

/// In the order of the document, which must stay where it is.
std::vector<Group> groups_of(const Document& document);

/// Whose case has the lowest median of a table, and which backends it could not be told from.
struct Leader {
  const Group* group;
  const ReportCase* row;
  std::vector<std::string> not_separated_from;  ///< in the suite's order
  const ReportCase* runner_up = nullptr;        ///< of the other backends the one with the lowest median
  std::optional<PairedRatio> ahead;             ///< how many times as fast the leader is as the runner-up

  bool fastest() const noexcept { return not_separated_from.empty(); }
};

/// A leader for each group in which at least two backends were timed and are right. It is compared with every
/// such case of every other backend, in any dtype and on any number of threads. The comparison uses the
/// quotients of the same rounds (paired_ratio()). A backend is separated from it where the intervals of all
/// of its cases exclude 1. All leader_comparisons() intervals hold together with the method's confidence; too
/// few rounds for that, or a confidence that is not stated, separate nothing.
std::vector<Leader> leaders_of(const std::vector<Group>& groups, const Document& document);

/// How many pairs of cases leaders_of() compares.
std::size_t leader_comparisons(const std::vector<Group>& groups);

/// The accuracy or mean squared error with each seed, or of the run where there were none.
std::vector<double> qualities_of(const ReportCase& row);

/// "99.12 % [98.25, 99.12]" of accuracies, "0.103 [0.1, 0.11]" of errors, kNotKnown of none.
std::string quality_text(const ReportCase& row);

/// "avx2 float32", "avx2 float32, 4 threads, 2 ranks"
std::string case_label(const ReportCase& row);

/// Pointers to the entries of a list for which `holds` is true.
template <typename List, typename Holds>
auto entries_where(const List& list, Holds holds) {
  std::vector<const typename List::value_type*> found;
  for (const auto& entry : list) {
    if (std::invoke(holds, entry)) found.push_back(&entry);
  }
  return found;
}

/// The entries of a list, or what its pointers point to, under the name that `key` gives each. They are in
/// the order of `place`, then of the names.
template <typename List, typename Key, typename Place = std::size_t (*)(std::string_view)>
auto by_name(
    const List& list, Key key, Place place = [](std::string_view) { return std::size_t{0}; }) {
  using Entry = std::remove_cv_t<std::remove_pointer_t<typename List::value_type>>;
  std::map<std::pair<std::size_t, std::string>, std::vector<const Entry*>> sorted;
  for (const auto& entry : list) {
    const Entry* pointer = nullptr;
    if constexpr (std::is_pointer_v<typename List::value_type>) {
      pointer = entry;
    } else {
      pointer = &entry;
    }
    const std::string name = std::invoke(key, *pointer);
    sorted[{place(name), name}].push_back(pointer);
  }
  std::vector<std::pair<std::string, std::vector<const Entry*>>> named;
  for (auto& [at, entries] : sorted) named.emplace_back(at.second, std::move(entries));
  return named;
}

/// The names that by_name() would find.
template <typename... Arguments>
std::vector<std::string> names_by(const Arguments&... arguments) {
  std::vector<std::string> names;
  for (auto& [name, entries] : by_name(arguments...)) names.push_back(name);
  return names;
}

}  // namespace mlpbench
