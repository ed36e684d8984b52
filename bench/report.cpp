#include "bench/report.h"

#include <fmt/format.h>

#include <set>

#include "experiments/cli/backend_comparison.h"
#include "experiments/cli/format.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/record.h"
#include "experiments/cli/table.h"

namespace mlpbench {
namespace {

double samples_per_second(const CaseResult& result) {
  const double epochs = static_cast<double>(result.run->trace.samples_trained) /
                        static_cast<double>(result.run->settings.epochs);
  return epochs / spread_of(result.epoch_seconds).median;
}

/// "8.31x [8.1, 8.5]"
std::string speed_cell(const std::optional<Spread>& speed) {
  if (!speed) return "";
  return fmt::format("{:.3g}x [{:.3g}, {:.3g}]", speed->median, speed->lowest, speed->highest);
}

/// The rows of one experiment lie together; [first, last).
struct Section {
  std::size_t first, last;
};

std::vector<Section> sections(const Comparison& comparison) {
  std::vector<Section> all;
  for (std::size_t i = 0; i < comparison.cases.size(); ++i) {
    const Experiment* experiment = comparison.cases[i].what.experiment;
    if (i == 0 || comparison.cases[i - 1].what.experiment != experiment) all.push_back({i, i});
    all.back().last = i + 1;
  }
  return all;
}

Table section_table(const Comparison& comparison, Section section) {
  const Problem& problem = comparison.problem_of(comparison.cases[section.first]);
  Table table;
  table.add_column("backend", Table::Align::left);
  table.add_column("dtype", Table::Align::left);
  table.add_column("final loss");
  table.add_column(quality_title(problem));
  table.add_column("from NumPy");
  table.add_column("time/epoch");
  table.add_column("lowest");
  table.add_column("highest");
  table.add_column("samples/s");
  table.add_column("against naive");
  for (std::size_t i = section.first; i < section.last; ++i) {
    const CaseResult& row = comparison.cases[i];
    std::vector<std::string> cells = {std::string(row.what.backend->name),
                                      std::string(to_string(row.what.dtype))};
    if (!row.what.unusable_reason.empty()) {
      table.add_row(cells, "unavailable: " + row.what.unusable_reason);
    } else if (!row.wrong.empty()) {
      table.add_row(cells, "WRONG, not timed: " + row.wrong);
    } else {
      const Spread seconds = spread_of(row.epoch_seconds);
      cells.insert(cells.end(),
                   {fmt::format("{:.7f}", row.run->trace.loss_per_epoch.back()), quality_text(*row.run),
                    fmt::format("{:.1e}", row.deviation->largest), format_seconds(seconds.median),
                    format_seconds(seconds.lowest), format_seconds(seconds.highest),
                    format_quantity(samples_per_second(row)), speed_cell(comparison.speed_of(row))});
      table.add_row(std::move(cells));
    }
  }
  return table;
}

std::string section_title(const Comparison& comparison, Section section) {
  const CaseResult& row = comparison.cases[section.first];
  const Problem& problem = comparison.problem_of(row);
  const Settings& settings = row.what.experiment->defaults;
  return fmt::format("{}: {}, {} of {}, {}", row.what.experiment->name, problem.network.shape(),
                     format_count(settings.epochs, "epoch"), format_count(problem.train.samples(), "sample"),
                     settings.trainer);
}

/// The absolute numbers behind "against naive", or that there are none.
std::string base_line(const Comparison& comparison, Section section) {
  std::string text;
  std::set<DType> seen;
  for (std::size_t i = section.first; i < section.last; ++i) {
    const CaseResult* base = comparison.base_of(comparison.cases[i]);
    if (base == nullptr || !seen.insert(base->what.dtype).second) continue;
    text += fmt::format("{}{} in {}", text.empty() ? "naive takes " : ", ",
                        format_seconds(spread_of(base->epoch_seconds).median), to_string(base->what.dtype));
  }
  return text.empty() ? "naive was not run: no speed" : text + " an epoch";
}

/// Lines of at most `width` columns, broken at blanks.
std::string wrapped(const std::string& text, std::size_t width) {
  std::string lines;
  std::size_t start = 0;
  while (text.size() - start > width) {
    const std::size_t blank = text.rfind(' ', start + width);
    lines += text.substr(start, blank - start) + "\n";
    start = blank + 1;
  }
  return lines + text.substr(start);
}

std::string how_to_read(const Comparison& comparison) {
  return fmt::format(
      "time/epoch is the median of {} rounds with the lowest and the highest beside it. against naive is the "
      "median "
      "[lowest, highest] of naive's time divided by the row's, both of the same round and the same "
      "precision. from "
      "NumPy is the largest distance of any loss, weight or output from the NumPy program's, relative where "
      "the value "
      "is above 1; {:.0e} is allowed in float64, {:.0e} in float32.",
      comparison.options.rounds, reference_tolerance(DType::float64), reference_tolerance(DType::float32));
}

/// The instruction sets that the backends executed, once each.
std::vector<std::pair<std::string, std::string>> executed_isas(const Comparison& comparison) {
  std::vector<std::pair<std::string, std::string>> all;
  std::set<std::string_view> seen;
  for (const CaseResult& row : comparison.cases) {
    if (row.what.unusable_reason.empty() && seen.insert(row.what.backend->name).second) {
      all.emplace_back(row.what.backend->name, row.what.backend->isa());
    }
  }
  return all;
}

std::string bullet_list(const nlohmann::ordered_json& facts) {
  std::string text;
  for (const auto& [name, value] : facts.items()) {
    text += fmt::format("- {}: {}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return text;
}

}  // namespace

std::string verdict(const Comparison& comparison) {
  std::size_t right = 0, unavailable = 0;
  for (const CaseResult& row : comparison.cases) {
    if (!row.what.unusable_reason.empty())
      ++unavailable;
    else if (row.wrong.empty())
      ++right;
  }
  const std::size_t wrong = comparison.wrong_cases();
  std::string text = wrong == 0 ? fmt::format("All {} cases that ran agree with NumPy", right)
                                : fmt::format("WRONG: {} of {} cases", wrong, right + wrong);
  if (unavailable > 0) text += fmt::format("; {} could not run here", unavailable);
  return fmt::format("{}. {} rounds in {}.", text, comparison.options.rounds,
                     format_duration(comparison.wall_seconds));
}

std::string console_text(const Comparison& comparison) {
  std::string text;
  for (Section section : sections(comparison)) {
    text += fmt::format("{} ({})\n{}\n", section_title(comparison, section), base_line(comparison, section),
                        section_table(comparison, section).console());
  }
  for (const auto& [backend, isa] : executed_isas(comparison))
    text += fmt::format("{} executes {}\n", backend, isa);
  return text + "\n" + wrapped(how_to_read(comparison), 110) + "\n\n" + verdict(comparison) + "\n";
}

std::string markdown_text(const Comparison& comparison, const std::string& command) {
  std::string text = fmt::format("# mlpbench: backends compared\n\n**{}**\n\n", verdict(comparison));
  for (Section section : sections(comparison)) {
    text += fmt::format("## {}\n\n{}.\n\n{}\n", section_title(comparison, section),
                        base_line(comparison, section), section_table(comparison, section).markdown());
  }
  text += "## How to read this\n\n" + how_to_read(comparison) + "\n\n## Machine and build\n\n";
  for (const auto& [backend, isa] : executed_isas(comparison))
    text += fmt::format("- {} executes {}\n", backend, isa);
  text += bullet_list(machine_info()) + bullet_list(build_info());
  return text + fmt::format("\n## Repeat it\n\n```\n{}\n```\n", command);
}

nlohmann::ordered_json results_json(const Comparison& comparison, const std::string& command) {
  nlohmann::ordered_json json = {
      {"schema_version", kRecordSchemaVersion},
      {"command", command},
      {"machine", machine_info()},
      {"build", build_info()},
      {"method",
       {{"rounds", comparison.options.rounds},
        {"seconds_per_run", comparison.options.seconds_per_run},
        {"order_seed", comparison.options.order_seed},
        {"clock", "std::chrono::steady_clock, wall time of the epochs"},
        {"wall_seconds", comparison.wall_seconds}}},
      {"cases", nlohmann::ordered_json::array()},
  };
  for (const CaseResult& row : comparison.cases) {
    nlohmann::ordered_json entry = {{"name", row.what.name()}};
    if (!row.what.unusable_reason.empty()) {
      entry["unavailable"] = row.what.unusable_reason;
    } else {
      entry["wrong"] = row.wrong.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(row.wrong);
      if (row.deviation) {
        entry["deviation_from_numpy"] = {{"largest", row.deviation->largest},
                                         {"where", row.deviation->where},
                                         {"numbers", row.deviation->numbers},
                                         {"tolerance", reference_tolerance(row.what.dtype)}};
      }
      entry["timed_epochs"] = row.timed_epochs;
      entry["timed_trainings"] = row.timed_trainings;
      entry["epoch_seconds"] = row.epoch_seconds;
      if (const std::optional<Spread> speed = comparison.speed_of(row)) {
        entry["speed_against_naive"] = {
            {"median", speed->median}, {"lowest", speed->lowest}, {"highest", speed->highest}};
      }
      if (row.run) entry["record"] = make_record(comparison.problem_of(row), *row.run, false);
    }
    json["cases"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace mlpbench
