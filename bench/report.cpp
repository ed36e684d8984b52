#include "bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "experiments/cli/backend_comparison.h"
#include "experiments/cli/format.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/table.h"

namespace mlpbench {
namespace {

double samples_per_second(const CaseResult& result) {
  const double epochs = static_cast<double>(result.run->trace.samples_trained) /
                        static_cast<double>(result.run->settings.epochs);
  return epochs / median(result.epoch_seconds);
}

/// "[30.1 us, 34.0 us]"
std::string interval_cell(const std::optional<Interval>& interval) {
  if (!interval) return "too few rounds";
  return fmt::format("[{}, {}]", format_seconds(interval->low), format_seconds(interval->high));
}

/// "8.31x [8.1, 8.5]", and "1x" for the base itself.
std::string speed_cell(const Comparison& comparison, const CaseResult& row) {
  const std::optional<PairedRatio> speed = comparison.speed_of(row);
  if (!speed) return comparison.base_of(row) == &row ? "1x" : "";
  if (!speed->interval) return fmt::format("{:.3g}x", speed->ratio);
  return fmt::format("{:.3g}x [{:.3g}, {:.3g}]", speed->ratio, speed->interval->low, speed->interval->high);
}

/// "faster", or why there is no word; empty for a row without a speed.
std::string separation_cell(const Comparison& comparison, const CaseResult& row) {
  const std::optional<PairedRatio> speed = comparison.speed_of(row);
  if (!speed) return "";
  if (speed->interval) return std::string(to_string(speed->separation()));
  return fmt::format("unknown: {} rounds needed", values_needed(comparison.confidence_of_one()));
}

/// "1.3 %"
std::string noise_cell(const Comparison& comparison, const CaseResult& row) {
  const double noise = comparison.noise_of(row);
  return std::isfinite(noise) ? fmt::format("{:.1f} %", 100.0 * noise) : "";
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
  table.add_column(fmt::format("{:g} % interval", 100.0 * comparison.options.confidence));
  table.add_column("samples/s");
  table.add_column("against naive");
  table.add_column("that is", Table::Align::left);
  table.add_column("noise");
  for (std::size_t i = section.first; i < section.last; ++i) {
    const CaseResult& row = comparison.cases[i];
    std::vector<std::string> cells = {std::string(row.what.backend->name),
                                      std::string(to_string(row.what.dtype))};
    if (!row.what.unusable_reason.empty()) {
      table.add_row(cells, "unavailable: " + row.what.unusable_reason);
    } else if (!row.wrong.empty()) {
      table.add_row(cells, "WRONG, not timed: " + row.wrong);
    } else {
      cells.insert(
          cells.end(),
          {fmt::format("{:.7f}", row.run->trace.loss_per_epoch.back()), quality_text(*row.run),
           fmt::format("{:.1e}", row.deviation->largest), format_seconds(median(row.epoch_seconds)),
           interval_cell(comparison.epoch_interval_of(row)), format_quantity(samples_per_second(row)),
           speed_cell(comparison, row), separation_cell(comparison, row), noise_cell(comparison, row)});
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
                        format_seconds(median(base->epoch_seconds)), to_string(base->what.dtype));
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
      "time/epoch is the median over the rounds, with the exact interval of its rank. against naive is "
      "naive's time divided by the row's, of the same round and the same precision: the median, and the "
      "interval of the sign test, made so wide that all {} of this run hold together with {:g} %. faster and "
      "slower: the interval excludes 1; not separated: it does not, which is not to say equal. noise is the "
      "smallest effect that the row's times can tell from nothing, found by timing the same code twice in "
      "every round. A case stops after {} rounds or once its speed is known to {:g} %. from NumPy is the "
      "largest distance of any loss, weight or output from the NumPy program's, relative where the value is "
      "above 1; {:.0e} is allowed in float64, {:.0e} in float32.",
      comparison.comparisons(), 100.0 * comparison.options.confidence, comparison.options.rounds,
      100.0 * comparison.options.precision, reference_tolerance(DType::float64),
      reference_tolerance(DType::float32));
}

/// Every timed case in more numbers than the tables have.
Table details_table(const Comparison& comparison) {
  Table table;
  table.add_column("case", Table::Align::left);
  for (const char* title : {"rounds", "lowest", "median", "95th percentile", "highest"})
    table.add_column(title);
  table.add_column("stopped", Table::Align::left);
  for (const CaseResult& row : comparison.cases) {
    if (!row.timed()) continue;
    const Summary summary = summarize(row.epoch_seconds);
    table.add_row({row.what.name(), std::to_string(summary.count), format_seconds(summary.lowest),
                   format_seconds(summary.median), format_seconds(summary.p95),
                   format_seconds(summary.highest), std::string(to_string(row.stop))});
  }
  return table;
}

/// How often each reason ended a case: "40 precise enough, 8 all rounds done".
std::string stops(const Comparison& comparison) {
  std::string text;
  for (const Stop stop : {Stop::precise, Stop::rounds, Stop::budget}) {
    const auto count = std::count_if(comparison.cases.begin(), comparison.cases.end(),
                                     [&](const CaseResult& row) { return row.timed() && row.stop == stop; });
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(stop));
  }
  return text.empty() ? "nothing timed" : text;
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

std::string bullet_list(const nlohmann::ordered_json& facts, const std::string& prefix = "") {
  std::string text;
  for (const auto& [key, value] : facts.items()) {
    const std::string name = prefix + key;
    if (value.is_object()) {
      text += bullet_list(value, name + "/");
      continue;
    }
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
  return fmt::format("{}. Timed in {}: {}.", text, format_duration(comparison.wall_seconds),
                     stops(comparison));
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
  text += "## How to read this\n\n" + how_to_read(comparison) +
          "\n\n<details><summary>Every case: rounds, extremes, why it stopped</summary>\n\n" +
          details_table(comparison).markdown() + "\n</details>\n\n## Machine and build\n\n";
  for (const auto& [backend, isa] : executed_isas(comparison))
    text += fmt::format("- {} executes {}\n", backend, isa);
  text += bullet_list(machine_info()) + bullet_list(build_info());
  return text + fmt::format("\n## Repeat it\n\n```\n{}\n```\n", command);
}

}  // namespace mlpbench
