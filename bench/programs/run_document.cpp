#include <fmt/chrono.h>

#include <chrono>

#include "bench/programs/run.h"
#include "bench/results/speeds.h"
#include "experiments/cli/own_experiments.h"
#include "experiments/cli/program_main.h"
#include "experiments/cli/provenance.h"
#include "experiments/cli/record.h"
#include "support/digest.h"

namespace mlpbench {
namespace {

constexpr std::size_t kLossPoints = 200;

/// What was asked for, and how many cases of all that there are with these trainers and threads.
SelectionFacts selection_of(const Comparison& comparison, const RunOptions& options) {
  const Selection& selection = options.selection;
  Selection all;
  all.own = selection.own;
  if (!selection.own.empty() && !selection.experiments.empty()) {
    for (const Experiment& experiment : all_experiments()) all.experiments.push_back(experiment.name);
  }
  all.trainers = selection.trainers;
  all.threads = selection.threads;
  all.ranks = selection.ranks;
  all.peers = selection.peers;
  SelectionFacts facts{selection.experiments,
                       selection.backends,
                       selection.dtypes,
                       selection.trainers,
                       selection.threads,
                       selection.ranks,
                       selection.filter,
                       options.seeds,
                       options.studies,
                       options.quick,
                       {},
                       {},
                       options.config};
  if (facts.trainers.empty()) facts.trainers = {"own"};
  facts.cases_matching = comparison.cases.size();
  facts.cases_known = select_cases(all).size();
  return facts;
}

SuiteFacts suite_facts(const Selection& selection) {
  SuiteFacts suite;
  for (const Experiment& experiment : all_experiments()) suite.experiments.push_back(experiment.name);
  for (const auto& own : selection.own) suite.experiments.push_back(own->name);
  for (const TrainerEntry& trainer : all_trainers()) suite.trainers.emplace_back(trainer.name);
  for (const BackendEntry& backend : all_backends()) suite.backends.emplace_back(backend.name);
  for (const std::shared_ptr<Peer>& peer : selection.peers) suite.backends.emplace_back(peer->entry().name);
  return suite;
}

MethodFacts method_of(const Comparison& comparison, std::size_t seeds) {
  const MeasureOptions& options = comparison.options;
  return {options.rounds,
          options.budget_seconds,
          options.precision,
          options.seconds_per_run,
          options.order_seed,
          seeds,
          options.confidence,
          {},  // what speeds are: set_speeds()
          {},
          kUnknown,
          "std::chrono::steady_clock, wall time of the epochs",
          comparison.resumed,
          comparison.wall_seconds};
}

ParityFact parity_of(const Parity& parity) {
  if (parity.with.empty()) {
    ParityFact none;
    none.why_none = parity.why_none;
    return none;
  }
  const Deviation& deviation = parity.deviation;
  return {std::string(parity.with), deviation.largest, deviation.where,
          deviation.numbers,        parity.tolerance,  ""};
}

/// Unknown where no probe of the instruction set can run, and of several ranks.
PeakOfCase peak_of(const Comparison& comparison, const CaseResult& row) {
  const Isa isa = row.what.backend->isa();
  const std::size_t threads = threads_used(*row.run);
  const std::optional<double> flops = comparison.peaks.flops(isa, row.what.dtype, threads);
  if (!flops || row.what.ranks > 1) return {};
  return {std::string(to_string(isa)), threads, *flops};
}

/// Its losses at curve_points() only: all of them were three quarters of the file.
RecordFacts record_of(const Comparison& comparison, const CaseResult& row) {
  RecordFacts record = record_facts(comparison.problem_of(row), *row.run);
  if (row.what.peer != nullptr) record.subnormals.clear();  // a peer has its own mode
  record.build.emplace().backend_flags = row.run->backend->flags;
  LossCurve& curve = record.loss_curve.emplace();
  curve.epoch = curve_points(record.loss_per_epoch.size(), kLossPoints);
  for (const auto& [losses, points] :
       {std::pair{&record.loss_per_epoch, &curve.loss}, {&record.mean_loss_per_epoch, &curve.mean_loss}}) {
    if (losses->empty()) continue;
    for (const std::size_t epoch : curve.epoch) points->push_back(losses->at(epoch - 1));
    losses->clear();
  }
  return record;
}

/// Times and what follows from them. Ratios carry what they are of.
void add_times(const Comparison& comparison, const CaseResult& row, ReportCase& entry) {
  const VisitPlan plan = row.wrong.empty() ? row.plan : VisitPlan{0, 0};
  entry.timed_epochs = plan.epochs;
  entry.timed_trainings = plan.trainings;
  entry.epoch_seconds = row.seconds;
  entry.part_seconds = row.visits;
  entry.stopped = to_string(row.stop);
  if (!row.timed()) return;
  entry.seconds = EpochSeconds::of(row.seconds, comparison.epoch_interval_of(row));
  entry.noise_floor = comparison.noise_of(row);
}

ReportCase case_of(const Comparison& comparison, const CaseResult& row) {
  const Case& what = row.what;
  ReportCase entry;
  entry.name = what.name();
  entry.experiment = what.experiment->name;
  entry.backend = what.backend->name;
  entry.kind = what.peer == nullptr ? "backend" : "peer";
  entry.dtype = to_string(what.dtype);
  entry.trainer = what.trainer_name();
  entry.threads = what.threads;
  entry.ranks = what.ranks;
  entry.unavailable = what.unusable_reason;
  if (!entry.unavailable.empty()) return entry;
  entry.wrong = row.wrong;
  if (row.run) {
    const Problem& problem = comparison.problem_of(row);
    entry.parity = parity_of(row.parity);
    entry.samples_per_epoch = samples_per_epoch(problem, *row.run);
    entry.flop_per_epoch = flop_per_epoch(problem, *row.run);
    if (row.what.peer == nullptr && what.ranks == 1)
      entry.peak_bytes = row.run->peak_bytes;  // a peer has its own memory
    entry.peak_flops = peak_of(comparison, row);
    entry.recorded = record_of(comparison, row);
  }
  add_times(comparison, row, entry);
  return entry;
}

/// When a run that took so many seconds until now began.
std::string began(double seconds) {
  using std::chrono::system_clock;
  const auto before =
      std::chrono::duration_cast<system_clock::duration>(std::chrono::duration<double>(seconds));
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                     fmt::gmtime(system_clock::to_time_t(system_clock::now() - before)));
}

/// A line for each file of the user's data: its option and the hash of its content.
std::string data_hashes(const Selection& selection) {
  std::string lines;
  for (const auto& [option, values] : selection.own_options) {
    if (!OwnExperimentOptions::names_file(option)) continue;
    lines += fmt::format("--{} {}\n", option, sha256_of_file(values.back()));
  }
  return lines;
}

}  // namespace

nlohmann::ordered_json run_identity(const std::vector<Case>& cases, const RunOptions& options) {
  // Two builds of one commit differ in the program's own file.
  const BuildFacts build = build_facts();
  const MachineFacts machine = machine_facts();
  std::string names;
  for (const Case& what : cases)
    names += what.name() + (what.unusable_reason.empty() ? "\n" : " cannot run\n");
  return {{"journal", 1},
          {"build",
           fmt::format("{}, program {}", build.git_commit, sha256_of_file("/proc/self/exe").substr(0, 16))},
          {"machine", fmt::format("{}, {} cores", machine.cpu, machine.cores_allowed.value)},
          {"selection", options.config},
          {"data", data_hashes(options.selection)},
          {"cases", names}};
}

Document run_document(const Comparison& comparison, const RunOptions& options) {
  Document document;
  document.status = comparison.interrupted ? "interrupted" : "complete";
  document.command = options.command;
  document.date = began(comparison.wall_seconds);
  document.selection = selection_of(comparison, options);
  document.suite = suite_facts(options.selection);
  document.machine = machine_facts();
  document.measurement = measurement_facts();
  document.build = build_facts();
  document.build.libraries.emplace_back("Boost", MLPBENCH_BOOST_VERSION);
  document.method = method_of(comparison, options.seeds);
  for (const CaseResult& row : comparison.cases) document.cases.push_back(case_of(comparison, row));
  try {
    set_speeds("--base", comparison.options.base, document);
  } catch (const UserError& error) {  // its cases are wrong, or the run ended before them
    report("mlpbench", error.what());
    set_speeds("", "", document);
  }
  return document;
}

}  // namespace mlpbench
