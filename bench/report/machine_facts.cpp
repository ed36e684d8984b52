#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "bench/probes/doctor.h"
#include "bench/report/facts.h"
#include "bench/report/words.h"
#include "support/format.h"
#include "support/json_fields.h"

namespace mlpbench {
namespace {

/// A value of any type in words; kNotKnown for none.
std::string value_text(const nlohmann::ordered_json& value) {
  if (value.is_null() || value == "") return kNotKnown;
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return value.dump();
}

template <typename V>
std::string fact(const V& value) {
  return value_text(json_of(value));
}

std::string bytes_text(double bytes) {
  if (!std::isfinite(bytes)) return kNotKnown;
  constexpr double kKibi = 1024.0;
  if (bytes < kKibi * kKibi) return fmt::format("{:.0f} KiB", bytes / kKibi);
  if (bytes < kKibi * kKibi * kKibi) return fmt::format("{:.3g} MiB", bytes / kKibi / kKibi);
  return fmt::format("{:.3g} GiB", bytes / kKibi / kKibi / kKibi);
}

/// "L1 data 32 KiB, L2 1 MiB"
std::string caches_text(const Named<CacheFacts>& caches) {
  std::string text;
  for (const auto& [name, cache] : caches) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, bytes_text(cache.bytes));
  }
  return text.empty() ? "caches unknown" : text;
}

std::optional<double> known(double value) { return std::isnan(value) ? std::nullopt : std::optional(value); }

std::size_t most_threads(const Document& document) {
  std::size_t most = 1;
  for (const ReportCase& row : document.cases) most = std::max(most, row.threads);
  for (const ScalingFact& row : document.scaling) most = std::max(most, row.threads);
  return most;
}

/// The document's machine as `mlpbench doctor` examines one. What it cannot know stays unknown.
SystemReport system_report_of(const Document& document) {
  const MachineFacts& machine = document.machine;
  const auto text_or_unknown = [](const std::string& text) {
    return text.empty() ? std::string("unknown") : text;
  };
  SystemReport system;
  system.build_type = document.build.build_type;
  system.hardware.hypervisor = text_or_unknown(machine.hypervisor);
  system.state.governor = text_or_unknown(machine.governor);
  system.state.huge_pages = text_or_unknown(machine.transparent_huge_pages);
  system.state.clock_source = text_or_unknown(document.measurement.clock_source);
  system.state.turbo = machine.turbo;
  system.stolen = known(machine.stolen);
  system.state.allowed = machine.affinity;
  // The run itself is part of the load that was read at its end.
  if (const auto load = known(machine.load)) {
    system.state.load = std::max(0.0, *load - static_cast<double>(most_threads(document)));
  }
  system.state.quota = known(machine.cgroup_quota.value);
  const double cores = machine.physical_cores, threads = machine.logical_cores;
  if (threads >= 1.0) system.hardware.threads = static_cast<std::size_t>(threads);
  if (cores == threads && cores >= 1.0) {
    system.hardware.cores = system.hardware.threads;
    system.hardware.one_thread_of_each_core = system.state.allowed;
  }
  return system;
}

double highest_noise(const Document& document) {
  double highest = 0.0;
  for (const ReportCase& row : document.cases) {
    if (row.timed() && row.noise_floor > highest) highest = row.noise_floor;
  }
  return highest;
}

void add_run_warnings(const Document& document, std::vector<std::string>& all) {
  if (document.interrupted())
    all.emplace_back("interrupted: the run was ended early, cases and rounds are missing");
  if (document.method.resumed)
    all.emplace_back("resumed: the rounds are of several processes at several times");
  if (document.selection.quick)
    all.emplace_back("quick: few and short rounds, to see that it works rather than how fast");
  if (document.build.git_dirty.value_or(false)) {
    all.emplace_back("uncommitted changes: the commit alone does not make these numbers again");
  }
  const double noise = highest_noise(document);
  if (noise > 0.1) {
    all.push_back(
        fmt::format("noise: the same code differs from itself by up to {}", percent_text(noise, 0)));
  }
  std::size_t few = 0;
  for (const ReportCase& row : document.cases) few += row.timed() && !row.seconds.interval;
  if (few > 0) all.push_back(fmt::format("too few rounds for an interval: {}", format_count(few, "case")));
}

void add_facts(const std::string& section, const std::string& prefix, const nlohmann::ordered_json& facts,
               Table& table) {
  for (const auto& [key, value] : facts.items()) {
    if (value.is_object()) {
      add_facts(section, prefix + key + " / ", value, table);
    } else if (key != "config") {
      table.add_row({section, prefix + key, value_text(value)});
    }
  }
}

}  // namespace

std::vector<std::string> machine_lines(const Document& document) {
  const MachineFacts& machine = document.machine;
  const BuildFacts& build = document.build;
  const double quota = machine.cgroup_quota.value;
  const double stolen = machine.stolen;
  std::string libraries;
  for (const auto& [name, version] : build.libraries) {
    libraries += fmt::format("{}{} {}", libraries.empty() ? "" : ", ", name, version);
  }
  const bool dirty = build.git_dirty.value_or(false);
  return {
      fmt::format("{}; {} of {} logical cores used; {}; {}; {} of memory; hypervisor: {}", fact(machine.cpu),
                  fact(machine.cores_allowed), fact(machine.logical_cores), fact(machine.isa),
                  caches_text(machine.caches), bytes_text(machine.memory_bytes), fact(machine.hypervisor)),
      fmt::format("governor: {}; turbo: {}; load: {}; stolen: {}; quota: {}; huge pages: {}",
                  fact(machine.governor), fact(machine.turbo), fact(machine.load), percent_text(stolen, 1),
                  std::isinf(quota) ? "none" : fact(quota), fact(machine.transparent_huge_pages)),
      fmt::format("{}, {}; {}, {}", fact(machine.os), fact(machine.kernel), fact(build.compiler),
                  fact(build.build_type)),
      fmt::format("mlpbench {}, commit {}{}; {}", fact(build.mlpbench), commit_of(document),
                  dirty ? " with changes" : "", libraries.empty() ? "libraries unknown" : libraries),
  };
}

std::vector<std::string> warnings(const Document& document) {
  std::vector<std::string> all;
  add_run_warnings(document, all);
  for (const Finding& finding : examine(system_report_of(document))) {
    if (finding.kind != Finding::Kind::mend || (finding.what == "build" && document.build.build_type.empty()))
      continue;
    all.push_back(fmt::format("{}: {}. {}", finding.what, finding.found, finding.advice));
  }
  return all;
}

std::string unknowns(const Document& document) {
  std::string text;
  for (const Finding& finding : examine(system_report_of(document))) {
    if (finding.kind != Finding::Kind::unknown || finding.what == "memory") continue;
    text += (text.empty() ? "" : ", ") + finding.what;
  }
  return text;
}

Table provenance_table(const Document& document) {
  Table table;
  for (const char* title : {"section", "fact", "value"}) table.add_left(title);
  add_facts("machine", "", json_of(document.machine), table);
  add_facts("measurement", "", json_of(document.measurement), table);
  add_facts("build", "", json_of(document.build), table);
  add_facts("method", "", json_of(document.method), table);
  add_facts("selection", "", json_of(document.selection), table);
  return table;
}

std::string reproduce_commands(const Document& document) {
  const std::string& commit = document.build.git_commit;
  const bool known = !commit.empty() && commit != "-" && commit != "unknown";
  return (known ? "git checkout " + commit + "\n" : "") +
         "cmake --preset release && cmake --build --preset release\n" +
         (document.command.empty() ? "" : "build/release/bin/" + document.command + "\n");
}

}  // namespace mlpbench
