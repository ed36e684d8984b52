#include "bench/results/csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "support/text.h"

namespace mlpbench {
namespace {

/// What a row is of. Of a case without times the round is none.
struct CsvEntry {
  const Document& document;
  const ReportCase& row;
  std::optional<std::size_t> round;
};

struct CsvColumn {
  const char *title, *about;
  std::string (*text)(const CsvEntry&);
};

std::string csv_number(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }

std::string csv_count(double value) { return std::isfinite(value) ? fmt::format("{:.0f}", value) : ""; }

/// The value of the entry's round.
std::string of_round(const CsvEntry& e, const std::vector<double>& values) {
  return e.round && *e.round < values.size() ? csv_number(values[*e.round]) : "";
}

constexpr CsvColumn kCsvColumns[] = {
    {"date", "when the run began, UTC", [](const CsvEntry& e) { return e.document.date; }},
    {"commit", "of mlpbench", [](const CsvEntry& e) { return e.document.build.git_commit; }},
    {"cpu", "model", [](const CsvEntry& e) { return e.document.machine.cpu; }},
    {"case", "name", [](const CsvEntry& e) { return e.row.name; }},
    {"experiment", "name", [](const CsvEntry& e) { return e.row.experiment; }},
    {"backend", "name, also that of a peer", [](const CsvEntry& e) { return e.row.backend; }},
    {"kind", "backend or peer", [](const CsvEntry& e) { return e.row.kind; }},
    {"dtype", "float64 or float32", [](const CsvEntry& e) { return e.row.dtype; }},
    {"trainer", "name", [](const CsvEntry& e) { return e.row.trainer; }},
    {"threads", "that were asked for", [](const CsvEntry& e) { return std::to_string(e.row.threads); }},
    {"isa", "instruction set, and the library with its kernels",
     [](const CsvEntry& e) { return e.row.record().isa; }},
    {"layers", "units of each layer, inputs first",
     [](const CsvEntry& e) { return fmt::format("{}", fmt::join(e.row.record().layers, "-")); }},
    {"batch_size [samples]", "of an update",
     [](const CsvEntry& e) { return csv_count(e.row.record().batch_size); }},
    {"optimiser", "name", [](const CsvEntry& e) { return e.row.record().optimiser; }},
    {"learning_rate", "of the run that was checked",
     [](const CsvEntry& e) { return csv_number(e.row.record().learning_rate); }},
    {"seed", "of the run that was checked", [](const CsvEntry& e) { return csv_count(e.row.record().seed); }},
    {"base", "backend that speeds are ratios to", [](const CsvEntry& e) { return e.document.method.base; }},
    {"result", "correct, wrong or unavailable",
     [](const CsvEntry& e) {
       return std::string(!e.row.unavailable.empty() ? "unavailable"
                          : e.row.wrong.empty()      ? "correct"
                                                     : "wrong");
     }},
    {"why", "it is wrong or unavailable",
     [](const CsvEntry& e) { return e.row.unavailable.empty() ? e.row.wrong : e.row.unavailable; }},
    {"test_accuracy", "part of 1",
     [](const CsvEntry& e) { return csv_number(e.row.record().test_accuracy); }},
    {"test_mse", "of a regression", [](const CsvEntry& e) { return csv_number(e.row.record().test_mse); }},
    {"difference", "the largest of any number from the reference, relative where the value is above 1",
     [](const CsvEntry& e) { return csv_number(e.row.parity.largest); }},
    {"samples_per_epoch [samples]", "all members' of an ensemble",
     [](const CsvEntry& e) { return csv_count(e.row.samples_per_epoch); }},
    {"work_per_epoch [flop]", "by the formulas, products alone",
     [](const CsvEntry& e) { return csv_count(e.row.flop_per_epoch); }},
    {"peak_memory [B]", "of the suite's own buffers",
     [](const CsvEntry& e) { return csv_count(e.row.peak_bytes); }},
    {"noise", "smallest effect that the case can tell from nothing, part of 1",
     [](const CsvEntry& e) { return csv_number(e.row.noise_floor); }},
    {"round", "from 1 on; empty where nothing was timed",
     [](const CsvEntry& e) { return e.round ? std::to_string(*e.round + 1) : ""; }},
    {"epoch_time [s]", "mean of the round's two parts",
     [](const CsvEntry& e) { return of_round(e, e.row.epoch_seconds); }},
    {"first_part [s]", "time of an epoch in the first part",
     [](const CsvEntry& e) { return of_round(e, e.row.part_seconds[0]); }},
    {"second_part [s]", "the same code, a moment later",
     [](const CsvEntry& e) { return of_round(e, e.row.part_seconds[1]); }},
};

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string csv_line(const CsvEntry& entry) {
  std::string line;
  for (const CsvColumn& column : kCsvColumns) {
    line.append(&column == kCsvColumns ? "" : ",").append(csv_field(utf8(column.text(entry))));
  }
  return line + "\n";
}

}  // namespace

std::string csv_of(const Document& document) {
  std::string text;
  for (const CsvColumn& column : kCsvColumns)
    text.append(text.empty() ? "" : ",").append(csv_field(column.title));
  text += "\n";
  for (const ReportCase& row : document.cases) {
    if (!row.timed()) text += csv_line({document, row, std::nullopt});
    for (std::size_t round = 0; round < row.epoch_seconds.size(); ++round)
      text += csv_line({document, row, round});
  }
  return text;
}

std::string csv_schema_markdown() {
  std::string text = "| column | what it is |\n|---|---|\n";
  for (const CsvColumn& column : kCsvColumns)
    text += fmt::format("| `{}` | {} |\n", column.title, column.about);
  return text;
}

}  // namespace mlpbench
