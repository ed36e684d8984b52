#include <fmt/format.h>

#include <map>
#include <typeindex>

#include "bench/results/csv.h"
#include "bench/results/document.h"

namespace mlpbench {
namespace {

constexpr const char* kBegin = R"(# results.json

`mlpbench run` writes everything that it measured into one file, results/results.json. `mlpbench compare`
and `mlpbench report` read it, and so may you. This page is made from the program's own list of fields
(bench/results/document.h). A test holds the two together, and says how to write the page again.

Versions: `schema_version` is {version}. It is raised when a field goes away or changes its meaning, never
when one is added, so a reader must pass over keys that it does not know. This mlpbench refuses files of
every other version in one line. It takes older files of this version: a field marked *added* may be missing
there, is then not known, and is compared with nothing.

Every key of these tables is in the file. Where a field does not apply or is not known, its value is null.
Older files lack some of the keys: read a missing key as null. Times are
seconds, parts are of 1, rates are a second. Fields marked *identity* tell cases apart: `mlpbench compare`
refuses to compare two cases that differ in one of them.

A program's own record (`--json`) has the keys of `cases[].record`, `reason` (why the backend cannot run),
`test_output`, `parameters`, `measurement` and `machine`. There too every key is always written.

## results.csv

`mlpbench report RESULTS --csv results.csv` writes the rounds in long format: a row for each case and round,
with every key. A case without times has one row, without a round. A value that is not known is empty.

```python
import pandas as pd

rounds = pd.read_csv("results.csv").dropna(subset=["epoch_time [s]"])
keys = ["experiment", "dtype", "trainer"]
times = rounds.groupby(keys + ["backend", "threads"])["epoch_time [s]"].agg(["median", "min", "count"])
print(times.sort_values("median").groupby(keys).head(1))  # the fastest of each experiment

# Times as fast as the base on one thread, in the same round.
base = rounds[(rounds["backend"] == rounds["base"]) & (rounds["threads"] == 1)]
both = rounds.merge(base[keys + ["round", "epoch_time [s]"]], on=keys + ["round"], suffixes=("", " of base"))
both["speed"] = both["epoch_time [s] of base"] / both["epoch_time [s]"]
speeds = both.groupby("case")["speed"].median()
print(speeds)
```

{columns})";

/// Writes a table of a struct's fields, then the tables of the structs in it, each once.
class SchemaWriter {
 public:
  template <HasFields T>
  void section(const std::string& path) {
    places_[typeid(T)] = path;
    std::string rows;
    std::vector<std::function<void()>> inner;
    const T none{};
    T::fields(none, [&](const char* key, const auto& member, const char* about,
                        Presence presence = Presence::nullable, const char* identity = nullptr) {
      const std::string place = path.empty() ? key : path + "." + key;
      rows += fmt::format("| `{}` | {} | {}{}{} |\n", key, type_of(member, place, inner), about,
                          presence_text(presence), identity == nullptr ? "" : " *(identity)*");
    });
    text_ += fmt::format("\n## {}\n\n| key | type | what it is |\n|---|---|---|\n{}",
                         path.empty() ? "The file" : "`" + path + "`", rows);
    for (const auto& write : inner) write();
  }

  const std::string& text() const noexcept { return text_; }

 private:
  using Inner = std::vector<std::function<void()>>;

  static const char* presence_text(Presence presence) {
    return presence == Presence::required ? " *(required)*" : presence == Presence::added ? " *(added)*" : "";
  }

  static std::string type_of(bool, const std::string&, Inner&) { return "true or false"; }
  static std::string type_of(const std::string&, const std::string&, Inner&) { return "text"; }
  static std::string type_of(double, const std::string&, Inner&) { return "number"; }
  static std::string type_of(Count, const std::string&, Inner&) { return "whole number"; }
  static std::string type_of(Limit, const std::string&, Inner&) { return "number or false"; }
  static std::string type_of(const JsonText&, const std::string&, Inner&) { return "any"; }
  template <typename V>
  requires std::is_integral_v<V>
  static std::string type_of(V, const std::string&, Inner&) { return "whole number"; }

  template <typename V>
  std::string type_of(const std::optional<V>&, const std::string& path, Inner& inner) {
    return type_of(V(), path, inner);
  }
  template <typename V>
  std::string type_of(const std::vector<V>&, const std::string& path, Inner& inner) {
    return "list of: " + type_of(V(), path + "[]", inner);
  }
  template <typename V, std::size_t kSize>
  std::string type_of(const std::array<V, kSize>&, const std::string& path, Inner& inner) {
    return fmt::format("list of {}: {}", kSize, type_of(V(), path + "[]", inner));
  }
  template <typename V>
  std::string type_of(const Named<V>&, const std::string& path, Inner& inner) {
    return "object by name of: " + type_of(V(), path + ".*", inner);
  }
  template <HasFields T>
  std::string type_of(const T&, const std::string& path, Inner& inner) {
    const auto [found, is_new] = places_.try_emplace(typeid(T), path);
    if (is_new) inner.push_back([this, path] { section<T>(path); });
    return fmt::format("object `{}`", found->second);
  }

  std::string text_;
  std::map<std::type_index, std::string> places_;
};

}  // namespace

std::string schema_markdown() {
  SchemaWriter writer;
  writer.section<Document>("");
  return fmt::format(kBegin, fmt::arg("version", kResultsSchemaVersion),
                     fmt::arg("columns", csv_schema_markdown())) +
         writer.text();
}

}  // namespace mlpbench
