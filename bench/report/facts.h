#pragma once

#include <string>
#include <vector>

#include "bench/results/document.h"
#include "support/table.h"

namespace mlpbench {

// What a document says in sentences.

/// How the cases ended.
struct Tally {
  std::size_t right = 0, wrong = 0, unavailable = 0, timed = 0;
};
Tally tally_of(const Document& document);

/// "RIGHT: all 56 cases that ran agree with NumPy. avx2 is the fastest in 7 of 7 experiments, ...": one line,
/// its word first: RIGHT, WRONG, INTERRUPTED or EMPTY.
std::string verdict(const Document& document);

/// Processor; its state; system and compiler; libraries and commit. Four lines.
std::vector<std::string> machine_lines(const Document& document);

/// What may spoil the numbers, each in a sentence or two: the run's own limits first, then what `mlpbench
/// doctor` would mend.
std::vector<std::string> warnings(const Document& document);

/// What the document does not know of the machine: "governor, turbo", or empty.
std::string unknowns(const Document& document);

/// The confidence of the method's intervals: "95 %".
std::string confidence_text(const Document& document);

/// How the numbers were made, a sentence or two each: rounds, clock, intervals, stops.
std::vector<std::string> method_sentences(const Document& document);

/// How to read the tables of cases.
std::string how_to_read(const Document& document);

/// Every fact of machine, measurement, build, method and selection: its name with its section, and its value.
Table provenance_table(const Document& document);

/// The commands that make the document again, a line each.
std::string reproduce_commands(const Document& document);

/// The first 12 digits of the commit, "?" without.
std::string commit_of(const Document& document);

}  // namespace mlpbench
