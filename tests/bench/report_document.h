#pragma once

#include <nlohmann/json.hpp>

namespace mlpbench::test {

/// A results.json with every section that a report reads: experiments of the suite on all its backends, one
/// of which could not run, with times, speeds, parity, seeds, curves, times to a target, scaling, a roofline
/// and two planes. All numbers are drawn from one seeded stream: the same document every time.
nlohmann::json report_document();

/// A small one: two cases of one experiment and none of the sections.
nlohmann::json small_report_document();

}  // namespace mlpbench::test
