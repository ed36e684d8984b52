#pragma once

#include <string>
#include <vector>

#include "bench/report/groups.h"
#include "support/table.h"

namespace mlpbench {

// What a document says in sentences.

/// How the cases ended.
struct Tally {
  std::size_t right = 0, wrong = 0, unavailable = 0, timed = 0;
};
Tally tally_of(const Document& document);

/// "CORRECT: all 56 cases that ran agree with NumPy. avx2 is the fastest in 7 of 7 experiments, ...": one
/// line, its word first: CORRECT, WRONG, INTERRUPTED or EMPTY.
std::string verdict(const Document& document);

/// What the tables leave out, a line for each backend and reason. These are cases that could not run here,
/// and those without a reference.
std::vector<std::string> case_notes(const Document& document);

/// Processor; its state; system and compiler; libraries and commit. Four lines.
std::vector<std::string> machine_lines(const Document& document);

/// What may spoil the numbers, each in a sentence or two: the run's own limits first, then what `mlpbench
/// doctor` would fix.
std::vector<std::string> warnings(const Document& document);

/// What the document does not know of the machine: "governor, turbo", or empty.
std::string unknowns(const Document& document);

/// The confidence of the method's intervals: "95 %".
std::string confidence_text(const Document& document);

/// How the numbers were made, a sentence or two each: rounds, clock, intervals, stops.
std::vector<std::string> method_sentences(const Document& document);

/// How to read the tables of cases.
std::string how_to_read(const Document& document);

/// The commands that make the document again, a line each.
std::string reproduce_commands(const Document& document);

/// The first 12 digits of the commit, "?" without.
std::string commit_of(const Document& document);

// The tables of the reports. Each is empty where the document has nothing for it.

/// A line for each group: the fastest, how fast that is, the runner-up, right or wrong.
Table summary_table(const Document& document);

/// A line for each case of a group. Group::base_text() belongs beside it: a ratio needs its absolute base.
Table backend_table(const Group& group);

/// What each backend executes: instruction set, and the library with its kernels.
Table isa_table(const Document& document);

/// Rounds, lowest, median, 95th percentile, highest, noise, Holm's p-value and why it stopped.
Table details_table(const Document& document);

/// Cases down, experiments across: the largest difference and what is allowed.
Table parity_table(const Document& document);

/// The median time over all seeds, those that did not reach the target at infinity.
Table target_table(const Document& document);

/// Of each experiment, optimiser and batch.
Table optimiser_table(const Document& document);

/// How they were tuned and what is shown.
inline constexpr const char* kOptimiserNote =
    "A fifth of the training data is held out. Each optimiser and batch has seven constant learning rates "
    "from "
    "0.001 to 1, each on as many seeds as the result; the rate whose median seed first reaches the target "
    "loss "
    "on the held-out data is chosen. The result is of other seeds: median [lowest, highest]. The test data "
    "are looked at once, with the weights of the best epoch.";

inline constexpr const char* kTargetNote =
    "Median [lowest, highest] over all seeds; a seed that did not reach the target counts as ∞.";

Table scaling_table(const Document& document);
Table crossover_table(const Document& document);
Table determinism_table(const Document& document);
Table simulated_ranks_table(const Document& document);

inline constexpr const char* kSimulatedTitle = "Many nodes, simulated";
inline constexpr const char* kSimulatedNote =
    "Seconds of a step, simulated, but for the time of computing on one thread of this machine. Efficiency "
    "is "
    "against one rank; the error is that of the cost model. Of two rows alike the first one's messages are "
    "SMPI's flows, the second one's LogGP's (docs/distributed.md).";
Table bandwidth_table(const RooflineFact& roofline);
Table peak_table(const RooflineFact& roofline);
Table operation_table(const RooflineFact& roofline);
Table curve_table(const Document& document);
Table boundary_table(const Document& document);

/// The twelve rules for reporting parallel performance (Hoefler and Belli 2015), applied to the document.
/// `rule` and `fact` are the titles of their columns.
Table rules_table(const Document& document, const char* rule, const char* fact);

/// Quality with each seed.
Table seeds_table(const Group& group);

/// Every fact of machine, measurement, build, method and selection: its name with its section, and its value.
Table provenance_table(const Document& document);

/// The true classes down, the predicted ones across.
Table confusion_table(const ReportCase& row);

/// Seconds to the target, one a seed, ascending; infinity for each seed that did not reach it.
std::vector<double> times_to_target(const TargetFact& target);

}  // namespace mlpbench
