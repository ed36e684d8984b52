#include "core/training/epochs.h"

#include <sstream>

#include "support/error.h"

namespace mlpbench {

template <typename T>
Epochs<T>::Epochs(const TrainingRun<T>& run, TrainingTrace& trace, bool whole)
    : run_(run), trace_(trace), whole_(whole), stretch_((run.options.epochs + 99) / 100) {
  trace.loss_per_epoch.reserve(run.options.epochs);
  trace.mean_loss_per_epoch.reserve(run.options.epochs);
  if (run.options.target.is_set()) {
    evaluator_ = std::make_unique<Evaluator<T>>(run.backend, run.network, *run.options.target.held_out,
                                                run.options.interrupt);
    trace.target.emplace();
  }
  start_ = Clock::now();
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
  const bool reported = done_ % stretch_ == 0 || done_ == run_.options.epochs;
  if (!reported && !evaluator_) return;
  stop_clock();
  if (evaluator_) evaluate();
  if (reported && run_.options.progress) run_.options.progress(done_);
  start_ = Clock::now();
}

template <typename T>
void Epochs<T>::evaluate() {
  const Target& target = run_.options.target;
  const Clock::time_point start = Clock::now();
  const Evaluation now = (*evaluator_)(run_.theta, target.accuracy.has_value());
  evaluation_seconds_ += std::chrono::duration<double>(Clock::now() - start).count();
  if (std::isnan(now.loss) && interrupt_requested()) return;
  TargetReport& report = *trace_.target;
  report.epochs = done_;
  report.seconds = trace_.seconds;
  report.seconds_with_evaluation = trace_.seconds + evaluation_seconds_;
  report.loss = now.loss;
  if (target.accuracy) report.accuracy = now.accuracy;
  // Written so that NaN meets nothing.
  report.met =
      (!target.loss || now.loss <= *target.loss) && (!target.accuracy || now.accuracy >= *target.accuracy);
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
