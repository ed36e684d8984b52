#include "bench/measure/launcher.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <system_error>

#include "bench/measure/comparison.h"
#include "support/child_process.h"
#include "support/error.h"
#include "support/program_folder.h"
#include "support/text.h"
#include "support/worker_process.h"

namespace mlpbench {
namespace {

using nlohmann::json;

/// Root must say so to Open MPI twice.
const std::vector<std::pair<std::string, std::string>> kAsRoot = {{"OMPI_ALLOW_RUN_AS_ROOT", "1"},
                                                                  {"OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"}};

/// The ranks watch one another (MLPBENCH_RANK_TIMEOUT); a training may take as long as it wants.
constexpr double kAnyTime = 1e7;

TrainingTrace trace_of_job(const json& answer, std::size_t epochs_before_first) {
  TrainingTrace trace;
  for (const auto& [key, losses] :
       {std::pair{"losses", &trace.loss_per_epoch}, std::pair{"mean_losses", &trace.mean_loss_per_epoch}}) {
    *losses = answer.at(key).get<std::vector<double>>();
    // The job has dropped those before the first, and so will who gets this trace.
    if (!losses->empty()) losses->insert(losses->begin(), epochs_before_first, 0.0);
  }
  trace.seconds = answer.at("seconds").get<double>();
  trace.samples_trained = answer.at("samples_trained").get<std::size_t>();
  trace.threads = answer.at("threads").get<std::size_t>();
  trace.ranks = answer.at("ranks").get<std::size_t>();
  trace.bytes_sent = answer.at("bytes_sent").get<std::uint64_t>();
  return trace;
}

}  // namespace

Launcher::Launcher(const Selection& selection) : mpirun_("mpirun"), hostfile_(selection.hostfile) {
  if (!is_installed(mpirun_)) {
    throw UserError("--ranks: no mpirun in the PATH (Debian: openmpi-bin or mpich); 1 needs none");
  }
  const std::string version = run_child({mpirun_, "--version"}, "").output;
  is_open_mpi_ = version.find("open-mpi.org") != std::string::npos;
  if (!is_open_mpi_ && version.find("HYDRA") == std::string::npos) {
    throw UserError("--ranks: mpirun is neither Open MPI's nor MPICH's: " +
                    printable(version.substr(0, version.find('\n')), 100));
  }
  const auto add = [this](const std::string& option, const std::vector<std::string>& values) {
    for (const std::string& value : values) selecting_.push_back(fmt::format("--{}={}", option, value));
  };
  for (const auto& [option, values] : selection.own_options) add(option, values);
  add("blas", selection.added.blas);
  add("backend-plugin", selection.added.plugins);
  if (selection.subnormals == Subnormals::keep) add("subnormals", {"keep"});
}

std::vector<std::string> Launcher::command(std::size_t ranks, const std::vector<std::string>& program) const {
  std::vector<std::string> words = {mpirun_};
  if (is_open_mpi_) words.insert(words.end(), {"--oversubscribe", "--bind-to", "none"});
  if (!hostfile_.empty()) words.insert(words.end(), {is_open_mpi_ ? "--hostfile" : "-f", hostfile_});
  words.insert(words.end(), {"-n", std::to_string(ranks)});
  words.insert(words.end(), program.begin(), program.end());
  return words;
}

RunResult Launcher::train(const Case& what, const Problem& problem, const Settings& settings,
                          const std::atomic<bool>* interrupt) const {
  Case alone = what;
  alone.ranks = 1;
  std::vector<std::string> program = {(program_folder() / "mlpbench").string(),
                                      std::string(kRankCommand),
                                      "--job-case=" + alone.name(),
                                      fmt::format("--job-epochs={}", settings.epochs),
                                      "--backend=" + std::string(what.backend->name),
                                      "--trainer=" + std::string(what.trainer_name()),
                                      "--dtype=" + std::string(to_string(what.dtype)),
                                      fmt::format("--threads={}", settings.threads)};
  const auto own = std::ranges::find(all_experiments(), what.experiment->name, &Experiment::name);
  if (own != all_experiments().end()) program.push_back("--experiment=" + what.experiment->name);
  program.insert(program.end(), selecting_.begin(), selecting_.end());
  const auto train = [&](Parameters<double>& parameters) {
    try {
      WorkerProcess job(command(what.ranks, program), kAsRoot);
      const json answer = json::parse(job.ask("", kAnyTime, interrupt));
      if (answer.contains("error")) throw UserError(answer.at("error").get<std::string>());
      if (answer.contains("wrong")) throw WrongResult(answer.at("wrong").get<std::string>());
      const auto values = answer.at("parameters").get<std::vector<double>>();
      if (values.size() != parameters.all().size()) throw std::domain_error("parameters of another network");
      std::copy(values.begin(), values.end(), parameters.all().begin());
      return trace_of_job(answer, problem.epochs_before_first);
    } catch (const WorkerError& error) {
      throw UserError(fmt::format("the job of {} ranks {}", what.ranks, error.what()));
    } catch (const std::system_error& error) {
      throw UserError(printable(error.what(), 200));
    } catch (const json::exception& error) {
      throw UserError(fmt::format("the job of {} ranks answered what is none: {}", what.ranks,
                                  printable(error.what(), 200)));
    }
  };
  RunResult run =
      run_elsewhere(*what.experiment, problem, settings, *what.backend, what.dtype, train, interrupt);
  run.ranks = what.ranks;
  return run;
}

std::string rank_answer(const RunResult& run) {
  const std::span<const double> parameters = run.parameters.all();
  const TrainingTrace& trace = run.trace;
  return json{{"seconds", trace.seconds},
              {"losses", trace.loss_per_epoch},
              {"mean_losses", trace.mean_loss_per_epoch},
              {"samples_trained", trace.samples_trained},
              {"threads", trace.threads},
              {"ranks", trace.ranks},
              {"bytes_sent", trace.bytes_sent},
              {"parameters", std::vector<double>(parameters.begin(), parameters.end())}}
      .dump();
}

}  // namespace mlpbench
