// Any bytes as a CSV file, from the parser to the features of a network.

#include "core/data/table_encoding.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mlpbench;
  if (size == 0) return 0;
  // The first byte chooses the options.
  const std::uint8_t choice = data[0];
  CsvFormat format;
  if (choice & 1) format.delimiter = ';';
  if (choice & 2) format.decimal = ',';
  const MissingRule missing = MissingRule((choice >> 2) % missing_words().size());
  return fuzz::reads_or_refuses([&] {
    const CsvTable table = parse_csv("fuzz.csv", {reinterpret_cast<const char*>(data) + 1, size - 1}, format);
    ColumnRules rules;
    rules.missing = missing;
    if (choice & 16 && table.columns() > 1) rules.categorical = {table.name(1)};
    const UsableRows usable = usable_rows(table, 0, rules, std::vector<bool>(table.rows(), true));
    if (usable.rows.empty()) return;
    TableEncoding encoding = learn_columns(table, 0, rules, usable.rows);
    EncodedCells cells;
    Matrix<double> X = encode(encoding, table, usable.rows, cells);
    learn_scaling(encoding, table, X);
    class_labels(table, 0, usable.rows, LabelRule::by_value);
  });
}
