#pragma once

#include <string>

#include "bench/results/document.h"

namespace mlpbench {

/// The rounds of a result in long format, as RFC 4180 has it. There is a row for each case and round, with
/// every key of the case. A case without times has one row without a round. The titles have the unit; a value
/// that is not known is empty.
std::string csv_of(const Document& document);

/// The columns of csv_of() as rows of a table in Markdown: title, what it is.
std::string csv_schema_markdown();

}  // namespace mlpbench
