#include "experiments/csv_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "support/error.h"
#include "support/option_values.h"
#include "support/text.h"

namespace mlpbench {
namespace {

std::vector<std::string_view> decimal_words() { return {".", ","}; }

/// The columns between commas; an empty text has none.
std::vector<std::string> parse_columns(std::string_view option, std::string_view text) {
  std::vector<std::string> columns;
  if (text.empty()) return columns;
  for (std::string_view rest = text;;) {
    const std::size_t end = rest.find(',');
    columns.emplace_back(rest.substr(0, end));
    if (columns.back().empty()) {
      throw UserError(fmt::format("{}: '{}' is not a list of columns like A,B (or @1,@3, by number)", option,
                                  printable(text)));
    }
    if (end == std::string_view::npos) return columns;
    rest.remove_prefix(end + 1);
  }
}

/// 0 where nothing is said. Not what is in numbers, names and quotes.
char parse_delimiter(std::string_view text) {
  if (text.empty()) return '\0';
  if (text == "tab" || text == "\t" || text == "\\t") return '\t';
  constexpr std::string_view kTaken = ",;|:~^!$%&/*#";
  if (text.size() == 1 && kTaken.find(text.front()) != std::string_view::npos) return text.front();
  throw UserError(fmt::format("--delimiter: '{}' is not tab or one of {}", printable(text), kTaken));
}

}  // namespace

std::span<const CsvOption> csv_options() {
  static constexpr std::array kOptions = {
      CsvOption{"--target", "COLUMN", "the column to predict", &CsvQuestion::target},
      CsvOption{"--task", "TASK", "binary, multiclass, regression (by the target)", &CsvQuestion::task,
                task_words, true},
      CsvOption{"--drop", "COLUMN[,...]", "columns to leave out; @1 is the first", &CsvQuestion::drop},
      CsvOption{"--categorical", "COLUMN[,...]", "columns of names: one feature a name, 0 or 1",
                &CsvQuestion::categorical},
      CsvOption{"--missing", "RULE", "drop, mean or median (default refuse)", &CsvQuestion::missing,
                missing_words},
      CsvOption{"--delimiter", "CHAR", "between cells, such as ; or tab (,)", &CsvQuestion::delimiter,
                nullptr, true},
      CsvOption{"--decimal", "CHAR", "of numbers: . or , (.)", &CsvQuestion::decimal, decimal_words, true}};
  return kOptions;
}

std::vector<std::string_view> task_words() { return {"binary", "multiclass", "regression"}; }

CsvFormat format_of(const CsvQuestion& question) {
  CsvFormat format;
  format.delimiter = parse_delimiter(question.delimiter);
  if (!question.decimal.empty() && parse_word("--decimal", question.decimal, decimal_words()) == 1) {
    format.decimal = ',';
  }
  format.drop = parse_columns("--drop", question.drop);
  if (std::find(format.drop.begin(), format.drop.end(), question.target) != format.drop.end()) {
    throw UserError(fmt::format("--drop: '{}' is the target", printable(question.target)));
  }
  return format;
}

ColumnRules rules_of(const CsvQuestion& question) {
  ColumnRules rules{parse_columns("--categorical", question.categorical)};
  if (!question.missing.empty()) {
    rules.missing = static_cast<MissingRule>(parse_word("--missing", question.missing, missing_words()));
  }
  return rules;
}

std::optional<Task> task_of(const CsvQuestion& question) {
  if (question.task.empty()) return std::nullopt;
  return static_cast<Task>(parse_word("--task", question.task, task_words()));
}

}  // namespace mlpbench
