#include "bench/operations/training_cases.h"

#include <fmt/format.h>

#include <cmath>

namespace mlpbench {
namespace {

std::string check_loss(DType dtype, double actual, double expected) {
  const double relative = std::abs(actual - expected) / std::abs(expected);
  if (relative <= reference_tolerance(dtype)) return "";
  return fmt::format("loss: {}, expected {}", actual, expected);
}

}  // namespace

template <typename T>
StepProblem<T>::StepProblem(const Workload& work)
    : name(fmt::format("{}/{}", work.name, work.settings.batch_size)),
      network(work.network()),
      X(Matrix<T>::padded(network.inputs, work.settings.batch_size)),
      Y(Matrix<T>::padded(network.outputs(), work.settings.batch_size)),
      initial(network) {
  const Problem& problem = work.problems->front();
  transpose_into(problem.train.X.view(), X.view());
  transpose_into(problem.train.Y, 0, Y.view());
  initial.assign(problem.initial);
}

template <typename T>
std::string StepCase<T>::check() {
  struct Stepped {
    double loss;
    Parameters<T> theta;
  };
  const auto one_step = [this](const Backend<T>& backend) {
    Workspace<T> workspace(backend, in_->network, in_->X.cols());
    Stepped result{0.0, in_->initial};
    result.loss = step(backend, result.theta, 1.0, workspace);
    return result;
  };
  const auto expected = made_once<Stepped>(in_->name, [&] { return one_step(reference_backend<T>()); });
  const Stepped actual = one_step(backend_);
  const std::string wrong = check_step(in_->initial, expected->theta, actual.theta);
  return wrong.empty() ? check_loss(kDTypeOf<T>, actual.loss, expected->loss) : wrong;
}

std::string ExperimentCase::check() {
  NaiveRuns naive;
  const CaseResult result = checked(*problems_, what_, naive);
  if (result.wrong.empty()) {
    *plan_ = plan_visit(0.01, checked_epoch_seconds(*result.run), result.run->settings.epochs);
  }
  return result.wrong;
}

double ExperimentCase::operator()() const {
  double seconds = 0.0;
  for (std::size_t n = 0; n < plan_->trainings; ++n) {
    seconds += epoch_seconds(*problems_, what_, plan_->epochs);
  }
  return seconds * static_cast<double>(plan_->epochs);
}

std::string WorkloadCase::check() const {
  const RunResult expected = train(part_, find_backend("naive"), {}, 1),
                  actual = train(part_, backend_, {}, 1);
  const std::string wrong = far_from(part_, expected, actual);
  return wrong.empty() ? check_loss(part_.dtype, actual.trace.mean_loss_per_epoch.back(),
                                    expected.trace.mean_loss_per_epoch.back())
                       : wrong;
}

template struct StepProblem<float>;
template struct StepProblem<double>;
template class StepCase<float>;
template class StepCase<double>;

}  // namespace mlpbench
