#pragma once

#include <nlohmann/json.hpp>

#include "bench/report/reports.h"

namespace mlpbench::test {

/// A results.json with every section that a report reads. It has experiments of the suite on all its
/// backends, one of which could not run. It has times, speeds, parity, seeds, curves, times to a target,
/// scaling, a roofline and two planes. All numbers are drawn from one seeded stream: the same document every
/// time.
nlohmann::json report_document();

/// A small one: two cases of one experiment and none of the sections.
nlohmann::json small_report_document();

inline ReportInput input_of(const nlohmann::json& document) {
  return {document_of(document, "results.json"), std::nullopt};
}

/// The same document with the entries of all its lists in another order.
nlohmann::json shuffled(nlohmann::json document, std::uint32_t seed);

/// Experiments, backends, trainers, classes, operations and facts with dangerous names. They break out of
/// HTML, attributes, Markdown, tables, gnuplot strings and lines where they are not escaped.
nlohmann::json with_hostile_names(nlohmann::json document);

/// No more than what a result must have: no cases, no sections.
nlohmann::json bare_document();

/// Every number that may be unknown is null, in all sections; times stay.
nlohmann::json without_numbers(nlohmann::json document);

/// Whether one of `words`, separated by |, stands in the text by itself.
bool has_word(const std::string& text, const std::string& words);

}  // namespace mlpbench::test
