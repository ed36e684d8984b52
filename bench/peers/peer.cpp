#include "bench/peers/peer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <system_error>

#include "support/error.h"
#include "support/text.h"

namespace mlpbench {
namespace {

using nlohmann::json;

constexpr int kProtocol = 1;

/// Workers that end one after the other without a training in between; each may take its whole time to hang.
constexpr int kMostFailures = 3;

/// Read by the libraries when they are loaded. All computes on one thread.
const std::vector<std::pair<std::string, std::string>> kOneThread = {
    {"OMP_NUM_THREADS", "1"},  {"OPENBLAS_NUM_THREADS", "1"}, {"MKL_NUM_THREADS", "1"},
    {"BLIS_NUM_THREADS", "1"}, {"NUMEXPR_NUM_THREADS", "1"},  {"VECLIB_MAXIMUM_THREADS", "1"}};

std::string misfit(const char* op, const std::exception& error) {
  return fmt::format("the worker's answer is not that of docs/peers.md (request: {}): {}", op,
                     printable(error.what(), 200));
}

/// A loss in each place of `key`. WrongResult when one is null, which stands for no number.
std::vector<double> losses_of(const json& answer, const char* key) {
  std::vector<double> losses;
  for (const json& loss : answer.at(key)) {
    if (loss.is_null()) {
      throw WrongResult(fmt::format("training diverged: the loss is no number in epoch {}", losses.size()));
    }
    losses.push_back(loss.get<double>());
  }
  return losses;
}

/// std::domain_error says what the answer to `train` has that it must not have.
TrainingTrace trace_of(const json& answer, std::size_t epochs, bool in_batches) {
  TrainingTrace trace;
  trace.loss_per_epoch = losses_of(answer, "losses");
  if (in_batches) trace.mean_loss_per_epoch = losses_of(answer, "mean_losses");
  trace.seconds = answer.at("seconds").get<double>();
  if (trace.loss_per_epoch.size() != epochs || (in_batches && trace.mean_loss_per_epoch.size() != epochs)) {
    throw std::domain_error(fmt::format("{} losses of {} epochs", trace.loss_per_epoch.size(), epochs));
  }
  if (!(trace.seconds > 0.0 && std::isfinite(trace.seconds))) {
    throw std::domain_error(fmt::format("{} seconds", trace.seconds));
  }
  return trace;
}

}  // namespace

Peer::Peer(PeerCommand command) : command_(std::move(command)) {
  entry_.name = command_.name;
  entry_.about = about_;
  entry_.library = [this] { return report_; };
  entry_.float32 = find_backend("naive").float32;
  entry_.float64 = find_backend("naive").float64;
}

void Peer::end(const std::string& why) {
  worker_.reset();
  prepared_.clear();
  ended_ = ++failures_ < kMostFailures
               ? why
               : fmt::format("not started again after {} failures: {}", failures_, why);
  throw UserError(why);
}

json Peer::ask(const json& request, const std::atomic<bool>* interrupt) {
  if (!worker_) throw UserError(ended_);
  const std::string op = request.at("op");
  const auto say = [&](const std::string& what) {
    return fmt::format("the worker {} (request: {})", what, op);
  };
  std::string line;
  try {
    line = worker_->ask(request.dump(), command_.seconds, interrupt);
  } catch (const WorkerError& error) {
    end(say(error.what()));
  }
  json answer = json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object()) end(say("answered '" + printable(line) + "'"));
  if (answer.contains("error")) {
    const json& error = answer.at("error");
    throw UserError(printable(error.is_string() ? error.get<std::string>() : error.dump(), 300));
  }
  return answer;
}

void Peer::greet(const std::vector<std::string>& command) {
  try {
    worker_ = std::make_unique<WorkerProcess>(command, kOneThread);
  } catch (const std::system_error& error) {
    throw UserError(printable(error.what(), 200));
  }
  const json answer = ask({{"op", "hello"}, {"protocol", kProtocol}});
  try {
    if (answer.at("protocol") != kProtocol) {
      throw std::domain_error("it speaks protocol " + answer.at("protocol").dump());
    }
    report_.version = printable(answer.at("version").get<std::string>(), 100);
    report_.path = printable(answer.value("path", command.front()), 300);
    report_.threads = answer.at("threads").get<int>();
    report_.isa = best_isa();  // nobody says what it executes: the roof is the CPU's
    dtypes_ = answer.at("dtypes").get<std::vector<std::string>>();
    about_ = printable(answer.value("about", about_), 100);
    const std::string compared = answer.at("compared");
    if (compared != "losses" && compared != "accuracy") throw std::domain_error("compared: " + compared);
    why_only_accuracy_ = compared == "losses" ? "" : answer.value("why", "it draws its own initial weights");
  } catch (const std::exception& error) {
    end(misfit("hello", error));
  }
  entry_.about = about_;
  if (report_.threads != 1) {
    end(fmt::format("{} computes on {} threads, not on one", report_.version, report_.threads));
  }
}

void Peer::start() {
  if (worker_ || failures_ >= kMostFailures) return;
  const int failures = failures_;
  std::string first_reason;
  for (const std::vector<std::string>& command : command_.commands) {
    try {
      greet(command);
      failures_ = failures;  // those of commands before are none of its own
      return;
    } catch (const UserError& error) {
      worker_.reset();
      if (first_reason.empty()) first_reason = error.what();
    }
  }
  failures_ = kMostFailures;
  ended_ = first_reason;
}

std::string Peer::unusable_reason(DType dtype) {
  start();
  if (!worker_) return ended_;
  const bool has = std::find(dtypes_.begin(), dtypes_.end(), to_string(dtype)) != dtypes_.end();
  return has ? "" : fmt::format("{} has no {}", report_.version, to_string(dtype));
}

void Peer::prepare(const std::string& name, const Experiment& experiment, const Problem& problem,
                   const Settings& settings, DType dtype, const std::atomic<bool>* interrupt) {
  const std::size_t epochs =
      std::max(settings.epochs, experiment.defaults.epochs) + problem.epochs_before_first;
  const Prepared now{&problem, epochs, settings.trainer};
  if (prepared_[name] == now) return;
  prepared_.erase(name);
  ask(handover_.prepare(name, problem, settings, dtype, epochs), interrupt);
  prepared_[name] = now;
}

RunResult Peer::train(const Experiment& experiment, const Problem& problem, const Settings& settings,
                      DType dtype, const std::atomic<bool>* interrupt) {
  const std::string reason = unusable_reason(dtype);
  if (!reason.empty()) throw UserError(reason);
  const auto train = [&](Parameters<double>& parameters) {
    const std::string name = fmt::format("{}/{}", experiment.name, to_string(dtype));
    prepare(name, experiment, problem, settings, dtype, interrupt);
    const std::size_t epochs = settings.epochs + problem.epochs_before_first;
    const json answer = ask({{"op", "train"}, {"case", name}, {"epochs", epochs}}, interrupt);
    TrainingTrace trace;
    try {
      trace = trace_of(answer, epochs, find_trainer(settings.trainer).uses_batches);
    } catch (const WrongResult&) {
      throw;
    } catch (const std::exception& error) {
      end(misfit("train", error));
    }
    trace.samples_trained = epochs * trained_samples(problem, settings);
    ask({{"op", "parameters"}, {"case", name}, {"file", handover_.parameters_file()}}, interrupt);
    parameters = handover_.parameters(problem.network);
    failures_ = 0;
    return trace;
  };
  return run_elsewhere(experiment, problem, settings, entry_, dtype, train, interrupt);
}

}  // namespace mlpbench
