#include "core/training/epochs.h"

#include <sstream>

#include "support/error.h"

namespace mlpbench {

template <typename T>
Epochs<T>::Epochs(const TrainingRun<T>& run, TrainingTrace& trace, RunState of_trainer, bool whole)
    : run_(run),
      trace_(trace),
      of_trainer_(std::move(of_trainer)),
      whole_(whole),
      stretch_((run.options.epochs + 99) / 100) {
  const TrainingOptions& options = run.options;
  trace.loss_per_epoch.reserve(options.epochs);
  trace.mean_loss_per_epoch.reserve(options.epochs);
  if (options.target.is_set()) {
    of_target_ =
        std::make_unique<Evaluator<T>>(run.backend, run.network, *options.target.held_out, options.interrupt);
    trace.target.emplace();
  }
  if (options.validation.held_out != nullptr) {
    of_validation_ = std::make_unique<Evaluator<T>>(run.backend, run.network, *options.validation.held_out,
                                                    options.interrupt);
    trace.validation.emplace().loss_per_epoch.reserve(options.epochs);
    best_ = Parameters<T>(run.network);
  }
  if (options.ranks != nullptr) options.ranks->set_stopping(false);
  restore();
  start_ = Clock::now();
}

template <typename T>
void Epochs<T>::hear(std::span<std::byte> bytes) {
  if (run_.options.ranks != nullptr) run_.options.ranks->broadcast(bytes);
}

/// The state of a checkpoint, where there is one, on all ranks.
template <typename T>
void Epochs<T>::restore() {
  bool restored = false;
  if (const Checkpoints* const checkpoints = run_.options.checkpoints; checkpoints != nullptr && is_first())
    restored = checkpoints->restore([this](const StateVisitor& visit) { visit_state(visit); });
  hear(bytes_of(restored));
  if (!restored) return;
  if (run_.options.ranks != nullptr)
    visit_state([this](std::string_view, std::span<std::byte> bytes) { hear(bytes); });
  if (over()) restore_best();
}

template <typename T>
void Epochs<T>::stop_clock() {
  trace_.seconds += std::chrono::duration<double>(Clock::now() - start_).count();
}

template <typename T>
void Epochs<T>::end_interrupted() {
  if (trace_.interrupted) return;
  stop_clock();
  trace_.interrupted = true;
}

template <typename T>
void Epochs<T>::add(double loss, std::size_t samples) {
  if (!std::isfinite(loss)) diverged(loss);
  last_loss_ = loss;
  last_samples_ = samples;
  loss_ += loss;
  samples_ += samples;
  trace_.samples_trained += samples;
}

template <typename T>
void Epochs<T>::finish() {
  trace_.loss_per_epoch.push_back(last_loss_ / static_cast<double>(last_samples_));
  if (!whole_) trace_.mean_loss_per_epoch.push_back(loss_ / static_cast<double>(samples_));
  loss_ = 0.0;
  samples_ = 0;
  ++done_;
  const Checkpoints* const checkpoints = is_first() ? run_.options.checkpoints : nullptr;
  const bool reported = done_ % stretch_ == 0 || done_ == run_.options.epochs;
  const bool kept = checkpoints != nullptr && done_ % checkpoints->every == 0;
  if (!reported && !kept && !of_target_ && !of_validation_) return;
  stop_clock();
  if (!judge()) {  // nothing that follows knows what the evaluation would have said
    trace_.interrupted = true;
    return;
  }
  if (reported && run_.options.progress && is_first()) run_.options.progress(done_);
  if (kept || (checkpoints != nullptr && over()))
    checkpoints->save([this](const StateVisitor& visit) { visit_state(visit); });
  if (over()) restore_best();
  start_ = Clock::now();
}

template <typename T>
bool Epochs<T>::judge() {
  bool judged = true;
  if (is_first()) judged = (!of_target_ || evaluate_target()) && (!of_validation_ || validate());
  if (run_.options.ranks == nullptr || (!of_target_ && !of_validation_)) return judged;
  hear(bytes_of(judged));
  if (!judged) return false;
  if (of_target_) hear(bytes_of(*trace_.target));
  if (of_validation_) {
    ValidationReport& report = *trace_.validation;
    report.loss_per_epoch.resize(done_);
    hear(bytes_of(report.loss_per_epoch.back()));
    hear(bytes_of(report.best_epoch));
    hear(bytes_of(report.best_loss));
    hear(bytes_of(report.stopped));
    if (!is_first() && report.best_epoch == done_) best_.assign(run_.theta);
  }
  return true;
}

template <typename T>
bool Epochs<T>::evaluate_target() {
  const Target& target = run_.options.target;
  const Clock::time_point start = Clock::now();
  const Evaluation now = (*of_target_)(run_.theta, target.accuracy.has_value());
  evaluation_seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  if (std::isnan(now.loss) && interrupt_set()) return false;
  TargetReport& report = *trace_.target;
  report.epochs = done_;
  report.seconds = trace_.seconds;
  report.seconds_with_evaluation = trace_.seconds + evaluation_seconds_;
  report.loss = now.loss;
  if (target.accuracy) report.accuracy = now.accuracy;
  // Written so that NaN meets nothing.
  report.met =
      (!target.loss || now.loss <= *target.loss) && (!target.accuracy || now.accuracy >= *target.accuracy);
  return true;
}

/// Written so that NaN is never the best.
template <typename T>
bool Epochs<T>::validate() {
  const Validation& validation = run_.options.validation;
  ValidationReport& report = *trace_.validation;
  const double loss = (*of_validation_)(run_.theta, false).loss;
  if (std::isnan(loss) && interrupt_set()) return false;
  report.loss_per_epoch.push_back(loss);
  if (report.best_epoch == 0 || loss < report.best_loss - validation.min_delta) {
    report.best_epoch = done_;
    report.best_loss = loss;
    best_.assign(run_.theta);
  }
  report.stopped = validation.patience && done_ - report.best_epoch >= *validation.patience;
  return true;
}

template <typename T>
void Epochs<T>::restore_best() {
  if (of_validation_) run_.theta.assign(best_);
}

template <typename T>
void Epochs<T>::visit_state(const StateVisitor& visit) {
  const auto visit_losses = [&](std::string_view name, std::vector<double>& losses) {
    losses.resize(done_);  // which was restored first
    visit(name, std::as_writable_bytes(std::span(losses)));
  };
  visit("epochs", bytes_of(done_));
  visit("parameters", std::as_writable_bytes(run_.theta.all()));
  visit("stream", bytes_of(run_.stream));
  visit("seconds", bytes_of(trace_.seconds));
  visit("samples_trained", bytes_of(trace_.samples_trained));
  visit_losses("loss_per_epoch", trace_.loss_per_epoch);
  if (!whole_) visit_losses("mean_loss_per_epoch", trace_.mean_loss_per_epoch);
  if (trace_.target) {
    visit("target", bytes_of(*trace_.target));
    visit("evaluation_seconds", bytes_of(evaluation_seconds_));
  }
  if (trace_.validation) {
    visit_losses("validation_loss_per_epoch", trace_.validation->loss_per_epoch);
    visit("best_epoch", bytes_of(trace_.validation->best_epoch));
    visit("best_loss", bytes_of(trace_.validation->best_loss));
    visit("stopped", bytes_of(trace_.validation->stopped));
    visit("best_parameters", std::as_writable_bytes(best_.all()));
  }
  of_trainer_(visit);
}

template <typename T>
void Epochs<T>::diverged(double loss) const {
  std::ostringstream text;
  text << "training diverged: the loss became " << (std::isnan(loss) ? "NaN" : "infinite") << " in epoch "
       << done_ << " (learning rate " << run_.options.learning_rate << ")";
  throw WrongResult(text.str());
}

template class Epochs<float>;
template class Epochs<double>;

}  // namespace mlpbench
