// What bench_training times: epochs of the experiments and steps of networks, as cases of a Suite.
#pragma once

#include <optional>

#include "backends/operations/operands.h"
#include "bench/measure/check.h"
#include "core/training/batch.h"
#include "core/training/trainer.h"

namespace mlpbench {

/// A network with a batch or a data set of no meaning and a known answer: what a step costs does not depend
/// on the numbers, as long as they stay of their size.
template <typename T>
struct StepProblem {
  std::string name;
  NetworkSpec network;
  Matrix<T> X, Y;  ///< (inputs x batch), (outputs x batch)
  Parameters<T> initial;

  /// The first `batch` samples of `data`.
  StepProblem(std::string name, const NetworkSpec& network, const Dataset& data,
              const Parameters<double>& initial, std::size_t batch);
};

/// How far the parameters after a step may be from those that naive leaves, as a part of the length of the
/// step, for each layer. Rounding is far below it. What needs the room is a ReLU at an input of about 0,
/// which rounding may switch on or off for one sample of one unit; a mistake in a formula moves a whole
/// layer.
template <typename T>
constexpr double kStepTolerance = sizeof(T) == sizeof(float) ? 1e-2 : 1e-8;

/// An empty string, or the layer whose parameters went elsewhere: |actual - expected| / |expected - initial|,
/// Euclidean lengths over W and b of a layer, is more than kStepTolerance. NaN is elsewhere.
template <typename T>
std::string check_step(const Parameters<T>& initial, const Parameters<T>& expected,
                       const Parameters<T>& actual);

template <typename T>
class StepCase {
 public:
  StepCase(const Backend<T>& backend, std::shared_ptr<const StepProblem<T>> problem)
      : backend_(backend),
        in_(std::move(problem)),
        theta_(in_->initial),
        workspace_(backend, in_->network, in_->X.cols()) {}

  /// So small a rate that the network stays what it is for as many steps as the clock wants.
  void operator()() { step(backend_, theta_, 1e-7, workspace_); }

  /// One step of rate 1 from the initial parameters, and its loss, against naive's.
  std::string check();

 private:
  double step(const Backend<T>& backend, Parameters<T>& theta, double rate, Workspace<T>& workspace) const {
    return backend.step(in_->network, theta, in_->X.view(), in_->Y.view(), {sgd_rule<T>(rate)},
                        T{1} / static_cast<T>(in_->X.cols()), workspace);
  }

  const Backend<T>& backend_;
  std::shared_ptr<const StepProblem<T>> in_;
  Parameters<T> theta_;
  Workspace<T> workspace_;
};

/// An experiment, trained by its own trainer on its own data. check() runs it whole and compares it with
/// NumPy's values, which holds naive to the same numbers.
class ExperimentCase {
 public:
  ExperimentCase(std::shared_ptr<const Problems> problems, const Case& what, std::shared_ptr<VisitPlan> plan)
      : problems_(std::move(problems)), what_(what), plan_(std::move(plan)) {}

  std::string check();
  std::size_t epochs() const { return plan_->all_epochs(); }
  double operator()() const;

 private:
  std::shared_ptr<const Problems> problems_;  ///< one
  Case what_;
  std::shared_ptr<VisitPlan> plan_;  ///< by the check, shared by all calls of a row
};

/// A large data set and a network for it, trained with mini-batches.
struct LargeProblem {
  NetworkSpec network;
  Dataset data;
  Parameters<double> initial;
  TrainingOptions options;
};

/// One epoch of a LargeProblem a call.
template <typename T>
class LargeEpochCase {
 public:
  LargeEpochCase(const Backend<T>& backend, std::shared_ptr<const LargeProblem> problem)
      : backend_(backend), in_(std::move(problem)) {}

  std::size_t epochs() const { return 1; }
  double operator()() const { return train(backend_, in_->data).seconds; }

  /// An epoch of the first sixteen batches against naive's: the loss and the parameters.
  std::string check() const;

 private:
  struct Trained {
    double seconds, loss;
    Parameters<T> theta;
  };
  Trained train(const Backend<T>& backend, const Dataset& data) const;

  const Backend<T>& backend_;
  std::shared_ptr<const LargeProblem> in_;
};

}  // namespace mlpbench
