#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/probes/doctor.h"
#include "bench/report/facts.h"
#include "bench/report/groups.h"
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

std::size_t most_threads(const Document& document) {
  std::size_t most = 1;
  for (const ReportCase& row : document.cases) most = std::max(most, row.threads);
  for (const ScalingFact& row : document.scaling) most = std::max(most, row.threads);
  return most;
}

/// What the load has besides the run itself, which is part of it when it is read at the end; NaN: unknown.
double load_of_others(const Document& document) {
  const double load = document.machine.load;
  return std::isnan(load) ? load : std::max(0.0, load - static_cast<double>(most_threads(document)));
}

/// The document's machine as `mlpbench doctor` examines one. What it cannot know stays unknown.
SystemReport system_report_of(const Document& document) {
  const MachineFacts& machine = document.machine;
  const auto known = [](double value) { return std::isnan(value) ? std::nullopt : std::optional(value); };
  const auto stated = [](const std::string& text) { return text.empty() ? "unknown" : text; };
  SystemReport system;
  system.build_type = document.build.build_type;
  system.hardware.cpu = stated(machine.cpu);
  system.architecture = stated(machine.architecture);
  system.isa = stated(machine.isa);
  system.hardware.hypervisor = stated(machine.hypervisor);
  system.state.governor = stated(machine.governor);
  system.state.huge_pages = stated(machine.transparent_huge_pages);
  system.state.clock_source = stated(document.measurement.clock_source);
  system.state.turbo = machine.turbo;
  system.stolen = known(machine.stolen);
  system.state.allowed = machine.affinity;
  system.state.load = known(load_of_others(document));
  system.flushing = document.measurement.flushing;
  system.state.quota = known(machine.cgroup_quota.value);
  const double cores = machine.physical_cores, threads = machine.logical_cores;
  if (threads >= 1.0) system.hardware.threads = static_cast<std::size_t>(threads);
  if (cores == threads && cores >= 1.0) {
    system.hardware.cores = system.hardware.threads;
    system.hardware.one_thread_of_each_core = system.state.allowed;
  }
  return system;
}

void add_run_warnings(const Document& document, std::vector<std::string>& all) {
  const std::pair<bool, const char*> warnings[] = {
      {document.interrupted(), "interrupted: the run was ended early, cases and rounds are missing"},
      {document.method.resumed, "resumed: the rounds are of several processes at several times"},
      {document.selection.quick, "quick: few and short rounds, to see that it works rather than how fast"},
      {document.build.git_dirty.value_or(false),
       "uncommitted changes: the commit alone does not make these numbers again"}};
  for (const auto& [holds, warning] : warnings) {
    if (holds) all.emplace_back(warning);
  }
  double noise = 0.0;
  std::size_t few = 0;
  for (const ReportCase& row : document.cases) {
    if (!row.timed()) continue;
    if (row.noise_floor > noise) noise = row.noise_floor;
    few += !row.seconds.interval;
  }
  if (noise > 0.1) {
    all.push_back("noise: the same code differs from itself by up to " + percent_text(noise, 0));
  }
  if (few > 0) all.push_back("too few rounds for an interval: " + format_count(few, "case"));
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
  const double quota = machine.cgroup_quota.value, load = load_of_others(document);
  const auto cache = [](const auto& one) { return one.first + " " + bytes_text(one.second.bytes); };
  const auto library = [](const auto& one) { return one.first + " " + one.second; };
  return {
      fmt::format("{}; {}; {} of {} logical cores used; {}; {}; {} of memory; hypervisor: {}",
                  fact(machine.cpu), fact(machine.architecture), fact(machine.cores_allowed),
                  fact(machine.logical_cores), fact(machine.isa),
                  listed(machine.caches, cache, "caches unknown"), bytes_text(machine.memory_bytes),
                  fact(machine.hypervisor)),
      fmt::format("governor: {}; turbo: {}; load of others: {}; stolen: {}; quota: {}; huge pages: {}",
                  fact(machine.governor), fact(machine.turbo),
                  std::isnan(load) ? kNotKnown : fmt::format("{:.2f}", load), percent_text(machine.stolen, 1),
                  std::isinf(quota) ? "none" : fact(quota), fact(machine.transparent_huge_pages)),
      fmt::format("{}, {}; {}, {}", fact(machine.os), fact(machine.kernel), fact(build.compiler),
                  fact(build.build_type)),
      fmt::format("mlpbench {}, commit {}{}; {}", fact(build.mlpbench), commit_of(document),
                  build.git_dirty.value_or(false) ? " with changes" : "",
                  listed(build.libraries, library, "libraries unknown")),
  };
}

std::vector<std::string> warnings(const Document& document) {
  std::vector<std::string> all;
  add_run_warnings(document, all);
  for (const Finding& finding : examine(system_report_of(document))) {
    if (finding.kind != Finding::Kind::fix || (finding.what == "build" && document.build.build_type.empty()))
      continue;
    all.push_back(fmt::format("{}: {}. {}", finding.what, finding.found, finding.advice));
  }
  return all;
}

std::string unknowns(const Document& document) {
  const std::vector<Finding> findings = examine(system_report_of(document));
  const auto hidden = entries_where(findings, [](const Finding& finding) {
    return finding.kind == Finding::Kind::unknown && finding.what != "memory";
  });
  return listed(hidden, [](const Finding* finding) { return finding->what; });
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
