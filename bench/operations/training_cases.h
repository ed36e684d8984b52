// What bench_training times: epochs of the experiments and steps of networks, as cases of a Suite.
#pragma once

#include <optional>

#include "backends/operations/operands.h"
#include "bench/measure/workload.h"
#include "core/training/batch.h"

namespace mlpbench {

/// A network with a batch or a data set without meaning and a known answer. The cost of a step does not
/// depend on the numbers, as long as they keep their magnitude.
template <typename T>
struct StepProblem {
  /// The first batch of the data of `work`.
  explicit StepProblem(const Workload& work);

  std::string name;
  NetworkSpec network;
  Matrix<T> X, Y;  ///< (inputs x batch), (outputs x batch)
  Parameters<T> initial;
};

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

/// A training of data of no meaning, an epoch a call.
class WorkloadCase {
 public:
  /// check() is of `part`, the same training on less data.
  WorkloadCase(const BackendEntry& backend, Workload work, Workload part)
      : backend_(backend), work_(std::move(work)), part_(std::move(part)) {}

  std::size_t epochs() const { return 1; }
  double operator()() const { return train_seconds(train(work_, backend_, {}, 1)); }

  /// An epoch against naive's: the loss and the parameters.
  std::string check() const;

 private:
  const BackendEntry& backend_;
  Workload work_, part_;
};

}  // namespace mlpbench
