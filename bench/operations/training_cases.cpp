#include "bench/operations/training_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

namespace mlpbench {
namespace {

/// Adds (a - b)^2 over a matrix.
template <typename T>
void add_squares(MatrixView<const T> a, MatrixView<const T> b, double& sum) {
  for (std::size_t i = 0; i < a.rows; ++i) {
    for (std::size_t j = 0; j < a.cols; ++j) {
      const double distance = static_cast<double>(a(i, j)) - static_cast<double>(b(i, j));
      sum += distance * distance;
    }
  }
}

/// The Euclidean distance of layer l.
template <typename T>
double layer_distance(const Parameters<T>& a, const Parameters<T>& b, std::size_t l) {
  double sum = 0.0;
  add_squares<T>(a.W(l), b.W(l), sum);
  const std::span<const T> x = a.b(l), y = b.b(l);
  add_squares<T>({x.data(), 1, x.size(), x.size()}, {y.data(), 1, y.size(), y.size()}, sum);
  return std::sqrt(sum);
}

template <typename T>
std::string check_loss(double actual, double expected) {
  const double relative = std::abs(actual - expected) / std::abs(expected);
  if (relative <= reference_tolerance(kDTypeOf<T>)) return "";
  return fmt::format("loss: {}, expected {}", actual, expected);
}

}  // namespace

template <typename T>
StepProblem<T>::StepProblem(std::string called, const NetworkSpec& of, const Dataset& data,
                            const Parameters<double>& from, std::size_t batch)
    : name(std::move(called)),
      network(of),
      X(Matrix<T>::padded(of.inputs, batch)),
      Y(Matrix<T>::padded(of.outputs(), batch)),
      initial(of) {
  transpose_into(data.X.view(), X.view());
  transpose_into(data.Y.view(), Y.view());
  initial.assign(from);
}

template <typename T>
std::string check_step(const Parameters<T>& initial, const Parameters<T>& expected,
                       const Parameters<T>& actual) {
  for (std::size_t l = 0; l < initial.layers(); ++l) {
    const double step = layer_distance(expected, initial, l);
    const double relative = layer_distance(actual, expected, l) / step;
    if (relative <= kStepTolerance<T>) continue;
    return fmt::format("layer {}: {:.1e} of the step away from naive's, more than {:.0e}", l + 1, relative,
                       kStepTolerance<T>);
  }
  return "";
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
  return wrong.empty() ? check_loss<T>(actual.loss, expected->loss) : wrong;
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

template <typename T>
typename LargeEpochCase<T>::Trained LargeEpochCase<T>::train(const Backend<T>& backend,
                                                             const Dataset& data) const {
  Parameters<T> theta(in_->network);
  theta.assign(in_->initial);
  RandomState stream(1);
  const TrainingTrace trace =
      find_trainer("mini-batch")
          .train(TrainingRun<T>{backend, in_->network, data, in_->options, theta, stream});
  return {trace.seconds, trace.mean_loss_per_epoch.back(), std::move(theta)};
}

template <typename T>
std::string LargeEpochCase<T>::check() const {
  const std::size_t few = std::min(in_->data.samples(), 16 * in_->options.batch_size);
  std::vector<std::size_t> rows(few);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  const Dataset start = select_rows(in_->data, rows);
  const Trained expected = train(reference_backend<T>(), start), actual = train(backend_, start);
  Parameters<T> initial(in_->network);
  initial.assign(in_->initial);
  const std::string wrong = check_step(initial, expected.theta, actual.theta);
  return wrong.empty() ? check_loss<T>(actual.loss, expected.loss) : wrong;
}

template std::string check_step(const Parameters<float>&, const Parameters<float>&, const Parameters<float>&);
template std::string check_step(const Parameters<double>&, const Parameters<double>&,
                                const Parameters<double>&);
template struct StepProblem<float>;
template struct StepProblem<double>;
template class StepCase<float>;
template class StepCase<double>;
template class LargeEpochCase<float>;
template class LargeEpochCase<double>;

}  // namespace mlpbench
